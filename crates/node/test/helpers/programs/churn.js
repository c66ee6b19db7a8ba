/** In: a URL, how many sources, how often. Out: what has grown while they were opened and closed. */

import { existsSync, readdirSync } from "node:fs";

import { EventSource } from "../../../index.js";

const [, , url, sources, rounds] = process.argv;
const DESCRIPTORS = "/proc/self/fd";

async function round() {
  const opened = Array.from({ length: Number(sources) }, () => new EventSource(url));
  await Promise.all(opened.map((source) => new Promise((resolve) => (source.onmessage = resolve))));
  for (const source of opened) source.close();
  await new Promise((resolve) => setImmediate(resolve));
  // Else what grows is what V8 has not yet cared to collect, up to some hundred MiB.
  globalThis.gc();
}

function counts() {
  const descriptors = existsSync(DESCRIPTORS) ? readdirSync(DESCRIPTORS).length : 0;
  return { memory: process.memoryUsage().rss, handles: process.getActiveResourcesInfo().length, descriptors };
}

async function settle() {
  for (let n = 0; n < 10; n++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return counts();
}

// Until V8 and the allocator have made room as they want it.
const warmUp = Math.max(5, Math.ceil(1000 / Number(sources)));
for (let n = 0; n < warmUp; n++) await round();
const before = await settle();
for (let n = 0; n < Number(rounds); n++) await round();
const after = await settle();
console.log(JSON.stringify(Object.fromEntries(Object.keys(before).map((name) => [name, after[name] - before[name]]))));
