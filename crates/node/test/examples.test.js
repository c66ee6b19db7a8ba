/** The examples of MDN's page, unchanged, with a stand-in for the page. */

import { execFile } from "node:child_process";
import { it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { assert } from "./helpers/sources.js";

const program = fileURLToPath(new URL("../../../examples/node-mdn/run.js", import.meta.url));

it("the examples of the page run", async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--no-warnings", program]);
  const lines = stdout.trimEnd().split("\n").sort();
  const expected = ["<li>message: hello</li>", "<li>message: two", "a message", "a notice", "an update"];
  assert.deepEqual(lines, [...expected, "lines</li>"]);
  assert.equal(stderr, "");
});
