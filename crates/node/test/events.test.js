/** What is dispatched, and when (HTML Standard 9.2.3 to 9.2.6). */

import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";

import { ending, refusing, serve, stream } from "./helpers/server.js";
import { EventSource, assert, next, open, until } from "./helpers/sources.js";

const messages = (count) => Array.from({ length: count }, (_, n) => `data: ${n}\n\n`).join("");

describe("events", () => {
  it("open is a plain trusted Event", async (t) => {
    const server = await serve(t, "data: x\n\n");
    const event = await next(open(t, server.url), "open");
    assert.equal(Object.getPrototypeOf(event), Event.prototype);
    assert.deepEqual([event.isTrusted, event.bubbles, event.cancelable], [true, false, false]);
    assert.ok(!("data" in event));
  });

  it("a message is a trusted MessageEvent", async (t) => {
    const server = await serve(t, "id: 7\ndata: a\ndata: b\n\n");
    const source = open(t, server.url);
    const event = await next(source, "message");
    assert.ok(event instanceof MessageEvent && event instanceof Event);
    assert.equal(event.constructor, MessageEvent);
    assert.equal(String(event), String(new MessageEvent("x")));
    const { data, origin, lastEventId, ports, isTrusted, bubbles, cancelable, type } = event;
    assert.deepEqual([data, origin, lastEventId, type], ["a\nb", server.origin, "7", "message"]);
    assert.deepEqual([event.source, ports, isTrusted], [null, [], true]);
    assert.deepEqual([bubbles, cancelable, event.target], [false, false, source]);
  });

  it("capture listeners are called in the order of all listeners", async (t) => {
    const server = await serve(t, "data: x\n\n");
    const source = open(t, server.url);
    const seen = [];
    source.addEventListener("message", () => seen.push("bubble"));
    source.addEventListener("message", () => seen.push("capture"), true);
    await next(source, "message");
    assert.deepEqual(seen, ["bubble", "capture"]);
  });

  it("open dispatched by hand does as Node's events do", async (t) => {
    const server = await serve(t, "data: x\n\n");
    const source = open(t, server.url);
    const event = await next(source, "open");
    let count = 0;
    source.addEventListener("open", (again) => {
      count += 1;
      again.stopImmediatePropagation();
    });
    source.dispatchEvent(event);
    source.dispatchEvent(event);
    assert.deepEqual([count, event.isTrusted], [1, true]);
  });

  it("go to the listeners of the type that the server named", async (t) => {
    const server = await serve(t, "event: tick\ndata: é\n\nevent: open\ndata: mine\n\ndata: 2\n\n");
    const source = open(t, server.url);
    const seen = [];
    for (const type of ["tick", "open", "message"]) {
      source.addEventListener(type, (event) => seen.push([event.type, event.data]));
    }
    await next(source, "message");
    assert.deepEqual(seen, [["open", undefined], ["tick", "é"], ["open", "mine"], ["message", "2"]]);
  });

  it("carry any text, whatever its size", async (t) => {
    const texts = ["", "x".repeat(300_000), "ü".repeat(100_000), "🌊", "\0", "a\u2028b"];
    const blocks = texts.map((text, n) => `id: ${n}é\nevent: t${n % 2}\ndata: ${text}\n\n`);
    const server = await serve(t, blocks.join(""));
    const source = open(t, server.url);
    const seen = [];
    for (const type of ["t0", "t1"]) source.addEventListener(type, (event) => seen.push(event));
    await until(() => seen.length === texts.length);
    assert.deepEqual(seen.map((event) => event.data), texts);
    assert.deepEqual(seen.map((event) => event.lastEventId), texts.map((_, n) => `${n}é`));
  });

  it("have their types even when there are more than anybody remembers", async (t) => {
    const types = Array.from({ length: 200 }, (_, n) => `type-${n}`);
    const server = await serve(t, types.map((type) => `event: ${type}\nid: ${type}\ndata: x\n\n`).join(""));
    const source = open(t, server.url);
    const seen = [];
    for (const type of types) source.addEventListener(type, (event) => seen.push(event));
    await until(() => seen.length === types.length);
    assert.deepEqual(seen.map((event) => event.type), types);
    assert.deepEqual(seen.map((event) => event.lastEventId), types);
  });

  it("say the origin of the final URL", async (t) => {
    const target = await serve(t, "data: x\n\n");
    const server = await serve(t, refusing(307, { location: target.url }));
    const source = open(t, server.url);
    assert.equal((await next(source, "message")).origin, target.origin);
    assert.equal(source.url, server.url);
  });

  it("say it as URLs serialize it: in punycode, without the default port", async (t) => {
    const proxy = await serve(t, "data: x\n\n");
    const origins = {
      "http://B\u00fccher.invalid:80/a": "http://xn--bcher-kva.invalid",
      "http://me:secret@wellspring.invalid:8080/": "http://wellspring.invalid:8080",
    };
    for (const [url, origin] of Object.entries(origins)) {
      const event = await next(open(t, url, { proxy: proxy.origin }), "message");
      assert.equal(event.origin, origin);
    }
  });
});

describe("the connection", () => {
  it("is reestablished after the end of the body, with the last event ID", async (t) => {
    const server = await serve(t, ending("retry: 100\nid: é\ndata: 1\n\n"), "data: 2\n\n");
    const source = open(t, server.url);
    const states = [];
    for (const type of ["open", "error", "message"]) {
      source.addEventListener(type, (event) => states.push([event.type, source.readyState]));
    }
    await until(() => states.length === 5);
    const names = ["open", "message", "error", "open", "message"];
    assert.deepEqual(states, names.map((name, n) => [name, n === 2 ? 0 : 1]));
    assert.equal(server.requests[0].headers["last-event-id"], undefined);
    assert.equal(server.requests[1].headers["last-event-id"], Buffer.from("é").toString("latin1"));
    assert.equal(source.reconnectionTime, 100);
  });

  it("fails for a status that is not 200, and says so", async (t) => {
    const server = await serve(t, refusing(404, { "x-why": "gone" }, "nothing here"));
    const event = await next(open(t, server.url), "error");
    assert.equal(Object.getPrototypeOf(event), Event.prototype);
    assert.deepEqual(Object.keys(event), []);
    assert.equal(event.target.readyState, EventSource.CLOSED);
    assert.equal(event.isTrusted, true);
    assert.equal(event.status, 404);
    assert.match(event.message, /404/);
    assert.ok(event.cause instanceof Error);
    assert.equal(event.cause.headers.get("x-why"), "gone");
    assert.equal(event.cause.body, "nothing here");
    assert.equal(server.requests.length, 1);
  });

  it("fails for another MIME type and for 204", async (t) => {
    for (const answer of [refusing(200, { "content-type": "text/html" }), refusing(204)]) {
      const server = await serve(t, answer);
      const source = open(t, server.url);
      await next(source, "error");
      assert.equal(source.readyState, EventSource.CLOSED);
    }
  });

  it("is tried again when nobody answers", async (t) => {
    const server = await serve(t, "data: x\n\n");
    await server.stop();
    const source = open(t, server.url);
    const event = await next(source, "error");
    assert.equal(source.readyState, EventSource.CONNECTING);
    assert.match(event.message, /refused/i);
    assert.equal(Object.getPrototypeOf(event), Event.prototype);
    assert.deepEqual([event.isTrusted, event.bubbles, event.cancelable, event.data], [true, false, false, undefined]);
  });

  it("waits for a slow error handler before it is reestablished", async (t) => {
    const server = await serve(t, ending("retry: 100\n\n"));
    const source = open(t, server.url);
    await new Promise((resolve) => {
      source.onerror = () => {
        const end = Date.now() + 400;
        while (Date.now() < end);
        assert.equal(server.requests.length, 1);
        source.close();
        resolve();
      };
    });
    await turn();
    assert.equal(server.requests.length, 1);
  });
});

describe("tasks", () => {
  it("each message has its own: promise jobs run in between", async (t) => {
    const server = await serve(t, messages(50));
    const source = open(t, server.url);
    const seen = [];
    source.onmessage = async (event) => {
      seen.push(`m${event.data}`);
      await null;
      await null;
      await new Promise((resolve) => process.nextTick(resolve));
      seen.push(`p${event.data}`);
    };
    await until(() => seen.length === 100);
    assert.deepEqual(seen, Array.from({ length: 50 }, (_, n) => [`m${n}`, `p${n}`]).flat());
  });

  it("closing after an await is in time", async (t) => {
    const server = await serve(t, messages(50));
    const source = open(t, server.url);
    const seen = [];
    source.onmessage = async (event) => {
      seen.push(event.data);
      await null;
      await null;
      if (event.data === "4") source.close();
    };
    await until(() => source.readyState === EventSource.CLOSED);
    await turn();
    assert.deepEqual(seen, ["0", "1", "2", "3", "4"]);
  });

  it("timers run between batches", async (t) => {
    const server = await serve(t, (response) => {
      stream("")(response);
      const pump = () => {
        while (response.write(messages(1000)));
      };
      response.on("drain", pump);
      pump();
    });
    const source = open(t, server.url);
    let count = 0;
    source.onmessage = () => count++;
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    t.after(() => clearInterval(timer));
    await until(() => count > 20_000);
    assert.ok(ticks > 5, `${ticks} ticks`);
  });

  it("a handler that throws is uncaught, and the rest comes all the same", async (t) => {
    const server = await serve(t, messages(5));
    const source = open(t, server.url);
    const order = [];
    const uncaught = (error) => order.push(error.message);
    const others = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    process.on("uncaughtException", uncaught);
    t.after(() => {
      process.off("uncaughtException", uncaught);
      for (const other of others) process.on("uncaughtException", other);
    });
    source.onmessage = (event) => {
      order.push(event.data);
      if (event.data !== "3") throw new Error(`e${event.data}`);
    };
    await until(() => order.length === 9);
    assert.deepEqual(order, ["0", "e0", "1", "e1", "2", "e2", "3", "4", "e4"]);
  });

  it("a rejected handler is an unhandled rejection", async (t) => {
    const server = await serve(t, messages(2));
    const source = open(t, server.url);
    const seen = [];
    const others = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    const unhandled = (error) => seen.push(error.message);
    process.on("unhandledRejection", unhandled);
    t.after(() => {
      process.off("unhandledRejection", unhandled);
      for (const other of others) process.on("unhandledRejection", other);
    });
    source.onmessage = async (event) => {
      throw new Error(event.data);
    };
    await until(() => seen.length === 2);
    assert.deepEqual(seen, ["0", "1"]);
  });
});
