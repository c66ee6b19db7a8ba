/** What tests need around a source. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import { EventSource } from "../../index.js";

export { EventSource, assert, once, sleep };

/** A source that is closed after the test. */
export function open(t, url, options) {
  const source = new EventSource(url, options);
  t.after(() => source.close());
  return source;
}

/** The next event of this type. */
export async function next(source, type) {
  const [event] = await once(source, type);
  return event;
}

/** Waits until it holds; fails when it does not within five seconds. */
export async function until(holds, what) {
  for (let waited = 0; waited < 5000; waited += 5) {
    if (await holds()) return;
    await sleep(5);
  }
  assert.fail(`never: ${what ?? holds}`);
}

/** Collects uncaught exceptions until the test is over, in place of the test runner. */
export function uncaught(t) {
  const errors = [];
  const listener = (error) => errors.push(error);
  const others = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", listener);
  t.after(() => {
    process.off("uncaughtException", listener);
    for (const other of others) process.on("uncaughtException", other);
  });
  return errors;
}
