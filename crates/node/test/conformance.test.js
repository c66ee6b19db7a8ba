/** What the pages of the package say: the tests that `CONFORMANCE.md` names, and the README's tables. */

import { existsSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";

import { assert } from "./helpers/sources.js";

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
const rows = (page) => page.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| clause"));
/** What stands in backquotes. */
const quoted = (text) => text.split("`").filter((_, n) => n % 2 === 1);

/** Whether it is a test: `file.test.js: name`, or `src/file.rs::name`. */
function isTest(site) {
  const [, file, name] = /^(\S+\.test\.js): (.+)$/.exec(site) ?? [];
  if (file !== undefined) {
    return existsSync(new URL(file, import.meta.url)) && read(`test/${file}`).includes(`it("${name}", `);
  }
  const [path, test] = site.split("::");
  return existsSync(new URL(`../${path}`, import.meta.url)) && read(path).includes(`#[test]\nfn ${test}()`);
}

describe("CONFORMANCE.md", () => {
  const clauses = rows(read("CONFORMANCE.md")).map((row) => {
    const [, clause, tests] = row.split(" | ").length === 2 ? ["", ...row.split(" | ")] : [];
    return { clause, tests: quoted(tests ?? "") };
  });

  it("names tests that there are", () => {
    assert.ok(clauses.length > 60, `${clauses.length} clauses`);
    const missing = clauses.filter(({ tests }) => tests.length === 0 || !tests.every(isTest));
    assert.deepEqual(missing, []);
  });

  it("would be found out", () => {
    assert.ok(isTest("conformance.test.js: would be found out"));
    assert.ok(isTest("src/policy/tests.rs::times_are_clamped"));
    for (const site of ["conformance.test.js: nothing", "none.test.js: a", "src/policy/tests.rs::none", "none.rs::a"]) {
      assert.ok(!isTest(site), site);
    }
  });
});

describe("the pages", () => {
  const readme = read("README.md");

  /** The members of an interface in the types. */
  function members(name) {
    const [, body] = new RegExp(`^export interface ${name} \\{\\n([^]*?)^\\}`, "m").exec(read("index.d.cts"));
    return [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??:/gm)].map(([, member]) => member);
  }

  it("the README has every option", () => {
    const table = quoted(rows(readme).join("\n")).join(" ");
    const options = [...members("EventSourceOptions"), ...members("Backoff"), ...members("Limits")];
    assert.ok(options.length > 30, `${options.length} options`);
    const known = new Set(table.match(/\w+/g));
    assert.deepEqual(options.filter((name) => name !== "withCredentials" && !known.has(name)), []);
  });

  it("the README has a way from each of the others", () => {
    const [heading] = rows(readme).filter((row) => row.startsWith("| | "));
    assert.deepEqual(heading.split(" | ").slice(1, -1).map((cell) => cell.replaceAll("`", "")), [
      "undici",
      "npm eventsource",
      "@microsoft/fetch-event-source",
    ]);
  });
});
