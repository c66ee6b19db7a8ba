/** Several contexts in a process: sources made, used and listened to by code of another one. */

import { createRequire } from "node:module";
import { describe, it } from "node:test";
import vm from "node:vm";

import { readOptions } from "../lib/options.js";
import { serve, stream } from "./helpers/server.js";
import { EventSource, assert, until } from "./helpers/sources.js";

describe("another context", () => {
  it("makes sources of its own objects, and hears them", async (t) => {
    const bodies = [];
    const server = await serve(t, async (response, request) => {
      bodies.push(Buffer.concat(await request.toArray()).toString());
      stream("id: 7\nevent: tick\ndata: x\n\ndata: y\n\n")(response);
    });
    const context = vm.createContext({ EventSource, url: server.url });
    const made = vm.runInContext(
      `const heard = [];
       const source = new EventSource({ toString: () => url }, {
         method: "POST",
         body: new Uint8Array([98, 121]).buffer,
         headers: [["x-mine", "1"]],
         retriedStatuses: new Set([503]),
       });
       source.onmessage = function (event) { heard.push(event.data, this === source); };
       source.addEventListener("tick", { handleEvent: (event) => heard.push(event.type, event.lastEventId) });
       ({ heard, source })`,
      context,
    );
    t.after(() => made.source.close());
    await until(() => made.heard.length === 4);
    assert.deepEqual([...made.heard], ["tick", "7", "y", true]);
    assert.deepEqual(bodies, ["by"]);
    assert.equal(server.requests[0].headers["x-mine"], "1");
    assert.ok(made.source instanceof EventTarget);
  });

  it("iterates, and its errors end nobody else's sources", async (t) => {
    const server = await serve(t, stream("data: 1\n\ndata: 2\n\n"));
    const context = vm.createContext({ EventSource, url: server.url });
    const all = vm.runInContext(
      `(async () => {
         const seen = [];
         for await (const event of new EventSource(url)) {
           seen.push(event.data);
           if (event.data === "2") return seen.join();
         }
       })()`,
      context,
    );
    assert.equal(await all, "1,2");
    assert.throws(() => vm.runInContext("new EventSource(url, 5)", context), TypeError);
  });

  it("may have a binding of its own", async (t) => {
    const server = await serve(t, stream("data: x\n\n"));
    const require = createRequire(import.meta.url);
    const file = require.resolve(`../native/${process.platform}-${process.arch}.node`);
    const first = require(file);
    delete require.cache[file];
    const second = require(file);
    for (const { Bridge, NativeSource } of [first, second]) {
      const told = new Promise((resolve) => {
        const bridge = new Bridge(resolve);
        const source = new NativeSource(bridge, 5, { url: server.url, ...readOptions({}).native });
        t.after(() => source.close());
      });
      const timer = setTimeout(() => {}, 5000);
      assert.equal(await told, 5);
      clearTimeout(timer);
    }
  });
});
