import { EventSource } from "../../../index.js";

const [, , url, count] = process.argv;
const kept = [];
const source = new EventSource(url);
globalThis.gc();
const before = process.memoryUsage();
source.onmessage = ({ data }) => {
  if (data.length > 100) return;
  kept.push(data);
  if (kept.length === Number(count)) {
    source.close();
    globalThis.gc();
    const after = process.memoryUsage();
    const used = ({ heapUsed, external }) => heapUsed + external;
    console.log(used(after) - used(before));
  }
};
