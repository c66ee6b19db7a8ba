/**
 * Events a second and CPU seconds per million, against undici and npm `eventsource`, in one run. Ends with 1
 * when a bar is missed.
 *
 * node bench.js [--events N] [--rounds N] [--json]
 */

import { fork } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    events: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "3" },
    json: { type: "boolean", default: false },
  },
});
const events = Number(values.events);
const rounds = Number(values.rounds);
const here = (file) => new URL(file, import.meta.url);
const NAMES = ["floor", "wellspring", "eventsource", "undici"];
/** So many times fewer CPU seconds than the better peer. */
const TIMES = 3;
/** Memory that grows by less is flat: V8's young generation takes its room when it likes. */
const FLAT = 32 * 2 ** 20;
/** On an older Node the latest undici does not load, and the floor alone takes a third of what peers take. */
const HAS_LATEST_PEERS = Number.parseInt(process.versions.node, 10) >= 22;

async function measure(name, url) {
  const options = { execArgv: ["--expose-gc", "--no-warnings"] };
  const child = fork(here("client.js"), [name, url, String(events)], options);
  const [result] = await Promise.race([
    once(child, "message"),
    once(child, "exit").then(([code]) => {
      throw new Error(`${name} ended with ${code}`);
    }),
  ]);
  const perMillion = 1e6 / events;
  return {
    name,
    rate: events / result.wall,
    cpu: (result.user + result.system) * perMillion,
    user: result.user * perMillion,
    growth: result.after - result.before,
  };
}

/** The round with the median of CPU seconds. */
function median(results) {
  return results.toSorted((a, b) => a.cpu - b.cpu)[results.length >> 1];
}

function version(name) {
  if (name === "floor" || name === "wellspring") return process.version;
  const folder = name === "undici" && !HAS_LATEST_PEERS ? "undici-7" : name;
  return createRequire(import.meta.url)(`./node_modules/${folder}/package.json`).version;
}

function print(title, rows) {
  console.log(`\n${title}\n`);
  console.log("| client | version | events/s | CPU s per million | of it user | memory grew |");
  console.log("|---|---|---|---|---|---|");
  for (const { name, rate, cpu, user, growth } of rows) {
    const megabytes = (growth / 2 ** 20).toFixed(1);
    const cells = [name, version(name), Math.round(rate), cpu.toFixed(2), user.toFixed(2), `${megabytes} MiB`];
    console.log(`| ${cells.join(" | ")} |`);
  }
  console.log(`\n${timesFewer(rows).toFixed(1)} times fewer CPU seconds than the better peer.`);
}

const ours = (rows) => rows.find((row) => row.name === "wellspring");

function timesFewer(rows) {
  const peers = rows.filter((row) => row.name === "eventsource" || row.name === "undici");
  return Math.min(...peers.map((row) => row.cpu)) / ours(rows).cpu;
}

/** The bars, each with whether it is held. */
function judge({ plain, ids }) {
  const grew = Math.max(ours(plain).growth, ours(ids).growth);
  const bars = [[`memory is flat: it grew by less than ${FLAT / 2 ** 20} MiB`, grew < FLAT]];
  if (HAS_LATEST_PEERS) {
    const most = `at least ${TIMES} times fewer CPU seconds than the better peer, data alone`;
    bars.unshift([most, timesFewer(plain) >= TIMES]);
  }
  return bars;
}

const server = fork(here("server.js"));
const [port] = await once(server, "message");
const all = {};
for (const path of ["plain", "ids"]) {
  const results = Object.fromEntries(NAMES.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of NAMES) {
      results[name].push(await measure(name, `http://127.0.0.1:${port}/${path}`));
    }
  }
  all[path] = NAMES.map((name) => median(results[name]));
}
server.disconnect();
if (values.json) {
  console.log(JSON.stringify(all));
} else {
  print(`${events} events of 120 bytes, each data alone`, all.plain);
  print(`${events} events of 120 bytes, each with an id of its own`, all.ids);
  console.log();
  for (const [bar, held] of judge(all)) console.log(`- ${held ? "held" : "MISSED"}: ${bar}`);
}
process.exitCode = judge(all).every(([, held]) => held) ? 0 : 1;
