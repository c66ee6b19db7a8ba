/** The packed package in an empty project: ESM, CommonJS and TypeScript. */

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import { assert } from "./helpers/sources.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const tsc = path.join(root, "test/node_modules/typescript/bin/tsc");
let project;

const write = (name, text) => writeFileSync(path.join(project, name), text);
const run = (command, ...parameters) =>
  execFileSync(command, parameters, { cwd: project, encoding: "utf8", stdio: "pipe" });
const node = (...parameters) => run(process.execPath, ...parameters);

const USE = `
  const source = new EventSource("http://127.0.0.1:9/");
  source.close();
  console.log(source instanceof EventTarget, source.readyState === EventSource.CLOSED);
`;

const TYPED = `
  const source: EventSource = new EventSource(new URL("http://127.0.0.1:9/"), { headers: { a: "b" } });
  source.onmessage = (event) => console.log(event.data.length, event.lastEventId);
  source.onerror = (event) => console.log(event.status?.toFixed(), event.cause?.headers?.get("a"));
  source.addEventListener("tick", (event) => console.log(event.data.length));
  source.addEventListener("open", { handleEvent: (event) => console.log(event.type) });
  const state: 0 | 1 | 2 = source.readyState;
  const hooks: EventSourceOptions = {
    terminalEvent: ({ data }) => data === "[DONE]",
    onEnd: ({ status, events }) => (status === 401 ? "reconnect" : events > 0 ? { reconnectAfter: 5 } : undefined),
    async beforeAttempt(attempt) {
      attempt.headers.set("a", attempt.previousStatus?.toFixed() ?? "b");
      attempt.url = new URL("http://127.0.0.1:9/");
    },
    proxy: null,
  };
  // @ts-expect-error It decides nothing.
  hooks.onEnd = () => "perhaps";
  const parsed = EventSource.fromReadableStream(new ReadableStream<Uint8Array>());
  async function all() {
    for await (const event of parsed) console.log(event.origin, state === EventSource.OPEN);
  }
  all().catch(console.error).finally(() => source.close());
`;

before(() => {
  project = mkdtempSync(path.join(tmpdir(), "wellspring-"));
  const options = { cwd: root, encoding: "utf8", stdio: "pipe" };
  execFileSync(process.execPath, ["scripts/pack.js", "--sources"], options);
  // As a build of the packed sources leaves it.
  const built = path.join(root, "rust/crates/node/target");
  mkdirSync(built);
  writeFileSync(path.join(built, "left-over"), "");
  const packed = ["pack", "--ignore-scripts", "--json", "--pack-destination", project];
  const [{ filename }] = JSON.parse(execFileSync("npm", packed, options));
  write("package.json", '{ "private": true }');
  run("npm", "install", "--no-audit", "--no-fund", "--offline", path.join(project, filename));
});

after(() => rmSync(project, { recursive: true, force: true }));

describe("the package", () => {
  const installed = (name) => path.join(project, "node_modules/wellspring-eventsource", name);

  it("has no dependencies, the binary and the sources, and no tests", () => {
    const manifest = JSON.parse(readFileSync(installed("package.json"), "utf8"));
    assert.equal(manifest.dependencies, undefined);
    for (const name of ["rust/Cargo.toml", "rust/crates/node/Cargo.lock", "README.md"]) {
      assert.ok(existsSync(installed(name)), name);
    }
    assert.ok(existsSync(installed(`native/${process.platform}-${process.arch}.node`)));
    for (const name of ["test", "bench", "rust/crates/node/target"]) {
      assert.ok(!existsSync(installed(name)), name);
    }
  });

  it("is imported", () => {
    write("a.mjs", `import { EventSource } from "wellspring-eventsource"; ${USE}`);
    assert.equal(node("a.mjs"), "true true\n");
    write("b.mjs", `import "wellspring-eventsource/polyfill"; ${USE}`);
    assert.equal(node("b.mjs"), "true true\n");
  });

  it("is required, without a warning", () => {
    write("a.cjs", `const { EventSource } = require("wellspring-eventsource"); ${USE}`);
    assert.equal(node("--throw-deprecation", "--trace-warnings", "a.cjs"), "true true\n");
    write("b.cjs", `require("wellspring-eventsource/polyfill"); ${USE}`);
    assert.equal(node("b.cjs"), "true true\n");
  });

  it("has types, for ESM and CommonJS", { skip: !existsSync(tsc) && "npm ci in test/" }, () => {
    write("a.mts", `import { EventSource, type EventSourceOptions } from "wellspring-eventsource"; ${TYPED}`);
    write("d.mts", `import { EventSource, type EventSourceOptions, type Signal } from "wellspring-eventsource"; ${TYPED} export type A = Signal;`);
    write("b.cts", `import { EventSource, type EventSourceOptions } from "wellspring-eventsource"; ${TYPED} export {};`);
    write("c.cts", `import wellspring = require("wellspring-eventsource"); new wellspring.EventSource("x").close();`);
    const types = path.join(root, "test/node_modules/@types");
    const settings = { strict: true, noEmit: true, module: "nodenext", target: "es2022", skipLibCheck: false };
    const compilerOptions = { ...settings, lib: ["es2023", "esnext.disposable"], typeRoots: [types], types: ["node"] };
    write("tsconfig.json", JSON.stringify({ compilerOptions, files: ["a.mts", "b.cts", "c.cts", "d.mts"] }));
    try {
      node(tsc, "-p", ".");
    } catch (error) {
      assert.fail(error.stdout);
    }
  });

  it("says how to build it where its binary does not run", () => {
    const native = installed("native");
    renameSync(native, `${native}-away`);
    write("c.mjs", 'import "wellspring-eventsource";');
    assert.throws(() => node("c.mjs"), /npm explore wellspring-eventsource -- npm run build/);
    renameSync(`${native}-away`, native);
  });

  const once = !process.version.startsWith("v24.") && "once is enough";
  it("is built from its own sources, by one command", { skip: once }, () => {
    const native = installed("native");
    rmSync(native, { recursive: true });
    const env = { ...process.env, CARGO_TARGET_DIR: process.env.CARGO_TARGET_DIR ?? path.join(root, "target") };
    const options = { cwd: installed("."), env, encoding: "utf8", stdio: "pipe" };
    execFileSync("npm", ["run", "build"], options);
    write("e.mjs", `import { EventSource } from "wellspring-eventsource"; ${USE}`);
    assert.equal(node("e.mjs"), "true true\n");
  });
});
