/** Who is kept alive, and who is not (HTML Standard 9.2.9). */

import { once } from "node:events";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { Worker } from "node:worker_threads";

import { program, run } from "./helpers/process.js";
import { serve, stream } from "./helpers/server.js";
import { assert, sleep, until } from "./helpers/sources.js";

describe("a process", () => {
  it("stays while a source is open, and goes when it is closed", async (t) => {
    const server = await serve(t, "data: x\n\n");
    const { code, output } = await run("closes-later", [server.url]);
    assert.deepEqual([code, output], [0, "x\nclosed\n"]);
  });

  it("does not stay for a source that is unreferenced, until it is referenced again", async (t) => {
    const server = await serve(t, "data: x\n\n");
    const { code, output } = await run("unref", [server.url]);
    assert.deepEqual([code, output], [0, "ref: x\n"]);
  });

  it("exits cleanly with sources open, and under load", async (t) => {
    const server = await serve(t, (response) => {
      stream("")(response);
      const pump = () => {
        while (response.write("data: x\n\n".repeat(1000)));
      };
      response.on("drain", pump);
      pump();
    });
    for (let round = 0; round < 3; round++) {
      const { code, signal, output } = await run("exits", [server.url]);
      assert.deepEqual([code, signal, output], [7, null, ""]);
    }
  });

  it("does not stay for a source that nobody holds", async (t) => {
    const server = await serve(t, stream(""));
    const { code, output } = await run("collected", [server.url]);
    assert.deepEqual([code, output], [0, "collected\n"]);
    await until(async () => (await server.connections()) === 0);
  });

  it("keeps a source that nobody holds but somebody listens to", async (t) => {
    const server = await serve(t, (response) => {
      stream("")(response);
      setTimeout(() => response.write(": late\ndata: x\n\n"), 500);
    });
    for (const how of ["listener", "handler", "iterator", "signal"]) {
      const { code, output } = await run("listened", [server.url, how]);
      assert.deepEqual([code, output], [0, "heard\n"], how);
    }
  });
});

describe("memory", () => {
  it("of a batch is given back, though a message of it is kept", async (t) => {
    const big = `data: ${"x".repeat(60_000)}\n\ndata: a small message, to be kept\n\n`;
    const server = await serve(t, big.repeat(200));
    const { code, output } = await run("keeps-small", [server.url, "200"]);
    assert.equal(code, 0, output);
    assert.ok(Number(output) < 8 * 2 ** 20, `${output} bytes`);
  });
});

describe("workers", () => {
  it("each has an environment of its own", async (t) => {
    const server = await serve(t, "data: x\n\n");
    const workers = Array.from({ length: 4 }, () => new Worker(program("worker"), { workerData: server.url }));
    const messages = await Promise.all(workers.map((worker) => once(worker, "message")));
    assert.deepEqual(messages.map(([message]) => message), ["x", "x", "x", "x"]);
    const codes = await Promise.all(workers.map((worker) => worker.terminate()));
    assert.equal(codes.length, 4);
    await until(async () => (await server.connections()) === 0);
  });

  it("may end by themselves", async (t) => {
    const server = await serve(t, "data: x\n\n");
    const worker = new Worker(program("worker"), { workerData: server.url, argv: ["close"] });
    const [code] = await once(worker, "exit");
    assert.equal(code, 0);
    await turn();
    await sleep(10);
  });
});
