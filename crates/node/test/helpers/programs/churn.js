import { EventSource } from "../../../index.js";

const [, , url, sources, rounds] = process.argv;

async function round() {
  const opened = Array.from({ length: Number(sources) }, () => new EventSource(url));
  await Promise.all(opened.map((source) => new Promise((resolve) => (source.onmessage = resolve))));
  for (const source of opened) source.close();
}

async function settle() {
  for (let n = 0; n < 5; n++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return process.memoryUsage().rss;
}

// Until V8 has made its room for young objects as large as it wants it.
for (let n = 0; n < 10; n++) await round();
const before = await settle();
for (let n = 0; n < Number(rounds); n++) await round();
const growth = (await settle()) - before;
const handles = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
console.log(JSON.stringify({ growth, handles }));
