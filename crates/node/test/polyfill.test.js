/** The polyfill entry, and CommonJS. */

import { createRequire } from "node:module";
import { it } from "node:test";

import { EventSource, assert } from "./helpers/sources.js";

it("the polyfill sets the global", async () => {
  await import("../polyfill.js");
  assert.equal(globalThis.EventSource, EventSource);
  const { enumerable, configurable, writable } = Object.getOwnPropertyDescriptor(globalThis, "EventSource");
  assert.deepEqual([enumerable, configurable, writable], [false, true, true]);
});

it("require gives the same class as import", () => {
  const require = createRequire(import.meta.url);
  assert.equal(require("../index.cjs").EventSource, EventSource);
});
