/**
 * One client in a process of its own. In: its name, the URL and a number of events. Out: the time and
 * the CPU seconds that they took after a warm-up, and the memory before and after.
 */

const WARM_UP = 200_000;
const [, , name, url, count] = process.argv;
const wanted = Number(count);

/** The latest does not load on Node 20. */
const UNDICI = Number.parseInt(process.versions.node, 10) < 22 ? "undici-7" : "undici";

const CLIENTS = {
  wellspring: () => import("../index.js"),
  undici: () => import(UNDICI),
  eventsource: () => import("eventsource"),
};

function memory() {
  globalThis.gc?.();
  return process.memoryUsage().rss;
}

function report(start, cpu, rss) {
  const { user, system } = process.cpuUsage(cpu);
  const wall = Number(process.hrtime.bigint() - start) / 1e9;
  process.send({ wall, user: user / 1e6, system: system / 1e6, before: rss, after: memory() });
  process.exit();
}

/** The least that any client has to do: make the event and dispatch it. */
function floor() {
  const target = new EventTarget();
  let length = 0;
  target.addEventListener("message", (event) => {
    length += event.data.length;
  });
  const data = "x".repeat(100);
  const go = (times) => {
    for (let n = 0; n < times; n++) target.dispatchEvent(new MessageEvent("message", { data }));
  };
  go(WARM_UP);
  const rss = memory();
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  go(wanted);
  report(start, cpu, rss);
}

async function client() {
  const { EventSource } = await CLIENTS[name]();
  const source = new EventSource(url);
  let seen = 0;
  let length = 0;
  let rss, cpu, start;
  source.onmessage = (event) => {
    length += event.data.length;
    if (++seen === WARM_UP) {
      rss = memory();
      cpu = process.cpuUsage();
      start = process.hrtime.bigint();
    } else if (seen === WARM_UP + wanted) {
      report(start, cpu, rss);
    }
  };
  source.onerror = (event) => {
    throw new Error(`${name}: ${event.message}`);
  };
}

if (name === "floor") floor();
else await client();
