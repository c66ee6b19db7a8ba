/** In: the URL of a server without end, and a number of events. Out: the memory that so many more of them took. */

import { EventSource } from "../../../index.js";

const [, , url, count] = process.argv;
const wanted = Number(count);
const source = new EventSource(url);
let seen = 0;
let before;

function memory() {
  globalThis.gc();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, used: heapUsed + external };
}

source.onmessage = () => {
  seen++;
  if (seen === wanted) {
    before = memory();
  } else if (seen === 2 * wanted) {
    const after = memory();
    console.log(JSON.stringify({ resident: after.rss - before.rss, used: after.used - before.used }));
    source.close();
  }
};
