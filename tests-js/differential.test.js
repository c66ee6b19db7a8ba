// Generated event streams, read by the browsers and by our client: type, data and last event ID of each event, in order,
// must be the same. 100 streams, or as many as WELLSPRING_STREAMS says. Gecko departs from the standard in two ways, Blink in
// one (docs/deviations.md says how, and which clause decides): Gecko gets streams without NUL, and is held to its own idea
// of the last event ID after a block without data; Blink is held to its own idea of a line end right after the BOM.
//
// A browser dispatches to listeners only: the page listens for the types of the generator and those that our client saw.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { describe, it, before, after } from "node:test";
import { BROWSERS, launch } from "./lib/browsers.js";

const PROGRAM = process.env.GENERATED_STREAMS ?? "../target/debug/generated-streams";
const STREAMS = Number(process.env.WELLSPRING_STREAMS ?? 100);
const TYPES = ["message", "notice", "update", "error", "open", "a b", "é", "x:y"];
/** How many streams a page reads in one go. */
const BATCH = 200;
const GECKO = ["firefox"];

/** Runs in the page: what its EventSource makes of these streams, six at a time of each of four hosts. */
async function read(jobs) {
  const traces = new Array(jobs.length);
  const one = ([url, types]) =>
    new Promise((resolve) => {
      const events = [];
      const source = new EventSource(url);
      for (const type of types) {
        source.addEventListener(type, (event) => {
          if (event instanceof MessageEvent) {
            events.push([event.type, event.data, event.lastEventId]);
          }
        });
      }
      source.addEventListener("error", (event) => {
        if (!(event instanceof MessageEvent)) {
          source.close();
          resolve(events);
        }
      });
    });
  let next = 0;
  const worker = async () => {
    while (next < jobs.length) {
      const index = next++;
      traces[index] = await one(jobs[index]);
    }
  };
  await Promise.all(Array.from({ length: 24 }, worker));
  return traces;
}

describe("generated streams", { timeout: 3_600_000 }, () => {
  let child;
  let port;
  const ours = [];

  before(async () => {
    child = spawn(PROGRAM, ["--streams", String(STREAMS)], { stdio: ["pipe", "pipe", "inherit"] });
    for await (const line of createInterface({ input: child.stdout })) {
      if (!port) port = line;
      else if (ours.push(JSON.parse(line)) === STREAMS) break;
    }
    assert.equal(ours.length, STREAMS);
  });

  after(() => child.kill());

  for (const name of BROWSERS) {
    it(`mean the same to ${name}`, async () => {
      const browser = await launch(name);
      const plain = GECKO.includes(name);
      const different = [];
      let events = 0;
      try {
        const page = await browser.newPage();
        await page.goto(`http://127.0.0.1:${port}/`);
        for (let from = 0; from < STREAMS; from += BATCH) {
          const expected = ours.slice(from, from + BATCH).map(([blink, gecko]) => (plain ? gecko : blink));
          const jobs = expected.map((trace, index) => {
            const types = [...new Set([...TYPES, ...trace.map(([type]) => type)])];
            const path = plain ? `plain/${from + index + 1}` : `${from + index + 1}`;
            return [`http://127.0.0.${1 + (index % 4)}:${port}/${path}`, types];
          });
          const theirs = await page.evaluate(read, jobs);
          theirs.forEach((trace, index) => {
            events += trace.length;
            const [one, other] = [JSON.stringify(trace), JSON.stringify(expected[index])];
            if (one !== other) different.push(`stream ${from + index + 1}: ${one} instead of ${other}`);
          });
        }
      } finally {
        await browser.close();
      }
      console.log(`figures: ${name}: ${STREAMS} streams with ${events} events, ${different.length} different beside its ${plain ? "two departures" : "departure"}`);
      assert.deepEqual(different.slice(0, 5), []);
    });
  }
});
