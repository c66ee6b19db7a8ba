/** The same tests in a worker, which has an environment of its own. */

import { once } from "node:events";
import { readdirSync } from "node:fs";
import { describe, it } from "node:test";
import { Worker, isMainThread } from "node:worker_threads";

import { assert } from "./helpers/sources.js";

/** These start processes of their own or are about workers. */
const NOT_HERE = ["worker.test.js", "package.test.js", "lifetime.test.js", "soak.test.js", "examples.test.js", "tasks.test.js", "tls.test.js"];
const files = readdirSync(new URL(".", import.meta.url)).filter((name) => name.endsWith(".test.js"));

async function runInWorker(file) {
  // Else it would report to the runner of this process, in the runner's own format.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const worker = new Worker(new URL(file, import.meta.url), { env, stdout: true, stderr: true });
  let output = "";
  worker.stdout.on("data", (chunk) => (output += chunk));
  worker.stderr.on("data", (chunk) => (output += chunk));
  const [code] = await once(worker, "exit");
  return { code, output };
}

describe("in a worker", { skip: !isMainThread }, () => {
  for (const file of files.filter((name) => !NOT_HERE.includes(name))) {
    it(file, async () => {
      const { code, output } = await runInWorker(file);
      assert.equal(code, 0, output);
      assert.match(output, /(# fail|ℹ fail) 0/);
      assert.match(output, /(# pass|ℹ pass) [1-9]/);
    });
  }
});
