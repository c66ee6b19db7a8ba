/**
 * Runs the tests on each Node that is here: this one, and those that `npm ci` in `test/` has brought.
 * In: nothing, or the files to run. Out: the verdict of each; any failure fails all.
 */

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import path from "node:path";

const root = fileURLToPath(new URL("..", import.meta.url));
const modules = path.join(root, "test/node_modules");
const others = existsSync(modules) ? readdirSync(modules).filter((name) => /^node-\d+$/.test(name)) : [];
const nodes = [process.execPath, ...others.map((name) => path.join(modules, name, "bin/node"))];
const tests = readdirSync(path.join(root, "test")).filter((name) => name.endsWith(".test.js"));
const named = process.argv.slice(2);
const files = named.length > 0 ? named : tests.map((name) => path.join("test", name));

/** @returns {string} */
function versionOf(node) {
  return spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim();
}

if (process.env.CI === "true" && others.length < 3) {
  console.error("Node 20, 22 and 24 have to be in test/node_modules: npm ci in test/");
  process.exit(1);
}

const seen = new Set();
let failed = false;
for (const node of nodes) {
  const version = versionOf(node);
  if (seen.has(version)) continue;
  seen.add(version);
  console.log(`# Node ${version}`);
  const { status } = spawnSync(node, ["--test", "--test-reporter=tap", ...files], { cwd: root, stdio: "inherit" });
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
