/**
 * What must not grow. `WELLSPRING_CHURN` says how often 1,000 sources are opened and closed, 100 for a
 * soak, and memory is then watched over 10,000 times as many events.
 */

import { describe, it } from "node:test";

import { run } from "./helpers/process.js";
import { serve, stream } from "./helpers/server.js";
import { assert, until } from "./helpers/sources.js";

const SOAK = process.env.WELLSPRING_CHURN;
const MEBIBYTE = 2 ** 20;
const SOURCES = SOAK === undefined ? 100 : 1000;
const ROUNDS = Number(SOAK ?? 10);
const EVENTS = SOAK === undefined ? 50_000 : 10_000 * ROUNDS;
/** Each round takes at most as long. */
const TIMEOUT = 60_000 + ROUNDS * SOURCES * 30;

const mebibytes = (bytes) => `${(bytes / MEBIBYTE).toFixed(1)} MiB`;

describe("nothing grows", () => {
  it("when sources are opened and closed", { timeout: TIMEOUT }, async (t) => {
    const server = await serve(t, stream("data: x\n\n"));
    const { code, output } = await run("churn", [server.url, SOURCES, ROUNDS], TIMEOUT);
    assert.equal(code, 0, output);
    const { memory, handles, descriptors } = JSON.parse(output);
    const what = `${SOURCES} sources opened and closed ${ROUNDS} times on Node ${process.version}`;
    console.log(`figures: ${what}: memory ${mebibytes(memory)}, handles ${handles}, descriptors ${descriptors}`);
    assert.ok(handles <= 0, `${handles} handles`);
    assert.ok(descriptors <= 0, `${descriptors} descriptors`);
    assert.ok(memory < 24 * MEBIBYTE, `${memory} bytes`);
    await until(async () => (await server.connections()) === 0);
  });

  it("when events go by", { timeout: TIMEOUT }, async (t) => {
    const block = `data: ${"x".repeat(112)}\n\n`.repeat(500);
    const server = await serve(t, (response) => {
      stream("")(response);
      const pump = () => {
        while (response.write(block));
      };
      response.on("drain", pump);
      pump();
    });
    const { code, output } = await run("flat", [server.url, EVENTS], TIMEOUT);
    assert.equal(code, 0, output);
    const { resident, used } = JSON.parse(output);
    const what = `${EVENTS} events after as many on Node ${process.version}`;
    console.log(`figures: ${what}: memory ${mebibytes(resident)}, of JavaScript ${mebibytes(used)}`);
    assert.ok(used < 2 * MEBIBYTE, `${used} bytes of JavaScript`);
    // V8's young generation takes its room when it likes.
    assert.ok(resident < 32 * MEBIBYTE, `${resident} bytes`);
  });
});
