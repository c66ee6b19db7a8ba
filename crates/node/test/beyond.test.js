/** What the standard does not have. */

import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";

import { ending, refusing, serve, stream } from "./helpers/server.js";
import { EventSource, assert, next, open, sleep, until } from "./helpers/sources.js";

const NOWHERE = "http://127.0.0.1:9/";

describe("options", () => {
  it("headers and lastEventId go out with the request", async (t) => {
    const server = await serve(t, "data: x\n\n");
    const headers = new Headers([["x-mine", "1"], ["authorization", "Bearer é"]]);
    const source = open(t, server.url, { headers, lastEventId: "42" });
    assert.equal(source.lastEventId, "42");
    const event = await next(source, "message");
    assert.equal(event.lastEventId, "42");
    const sent = server.requests[0].headers;
    assert.deepEqual([sent["x-mine"], sent["last-event-id"]], ["1", "42"]);
    assert.equal(sent.authorization, "Bearer é");
    assert.equal(sent.accept, "text/event-stream");
  });

  it("method and body go out with the request", async (t) => {
    const bodies = [];
    const server = await serve(t, async (response, request) => {
      bodies.push(Buffer.concat(await request.toArray()).toString());
      stream("data: x\n\n")(response);
    });
    for (const body of ["é", new URLSearchParams("a=b c"), Buffer.from("bytes")]) {
      await next(open(t, server.url, { method: "POST", body }), "message");
    }
    assert.deepEqual(bodies, ["é", "a=b+c", "bytes"]);
    assert.deepEqual(server.requests.map(({ method }) => method), ["POST", "POST", "POST"]);
  });

  it("what cannot be meant is a TypeError", () => {
    const bad = [
      { headers: { "no good": "x" } },
      { headers: { a: "b\nc" } },
      { idleTimeout: "5" },
      { idleTimeout: -1 },
      { idleTimeout: Number.NaN },
      { backoff: { factor: 0.5 } },
      { limits: { line: 0 } },
      { signal: {} },
      { onSignal: "f" },
      { lastEventId: Symbol("s") },
      { preset: "unheard of" },
      { method: "PO ST" },
      { body: 5 },
    ];
    for (const options of bad) {
      assert.throws(() => new EventSource(NOWHERE, options), TypeError, Object.keys(options)[0]);
    }
  });

  it("an aborted signal closes the source, without an event", async (t) => {
    const server = await serve(t, stream(""));
    const abort = new AbortController();
    const source = open(t, server.url, { signal: abort.signal });
    source.onerror = () => assert.fail("an error");
    await next(source, "open");
    abort.abort();
    assert.equal(source.readyState, EventSource.CLOSED);
    await until(async () => (await server.connections()) === 0);
    assert.equal(open(t, server.url, { signal: abort.signal }).readyState, EventSource.CLOSED);
    assert.equal(server.requests.length, 1);
  });

  it("reconnectionTime and backoff say how long is waited", async (t) => {
    const server = await serve(t, ending(""));
    const delays = [];
    const quick = { reconnectionTime: 20, minReconnectionTime: 10 };
    const options = { ...quick, onSignal: (signal) => delays.push(signal.delay) };
    const source = open(t, server.url, options);
    assert.equal(source.reconnectionTime, 20);
    await until(() => delays.filter(Boolean).length === 2);
    source.close();
    assert.deepEqual(delays.filter(Boolean), [20, 20]);
    await server.stop();
    const refused = [];
    const patience = { reconnectionTime: 10, minReconnectionTime: 10, backoff: { factor: 3, jitter: false, cap: 50 } };
    open(t, server.url, { ...patience, onSignal: (signal) => refused.push(signal.delay) });
    await until(() => refused.length === 4);
    assert.deepEqual(refused.slice(0, 4), [10, 30, 50, 50]);
  });

  it("no reconnection time is below the floor", async (t) => {
    const server = await serve(t, ending(""));
    const delays = [];
    const source = open(t, server.url, { reconnectionTime: 0, onSignal: (signal) => delays.push(signal.delay) });
    assert.equal(source.reconnectionTime, 100);
    await until(() => delays.filter(Boolean).length === 2);
    assert.deepEqual(delays.filter(Boolean), [100, 100]);
  });

  it("a silent server is left after idleTimeout", async (t) => {
    const server = await serve(t, stream(""), "data: x\n\n");
    const signals = [];
    const options = { idleTimeout: 100, reconnectionTime: 10 };
    const source = open(t, server.url, { ...options, onSignal: (signal) => signals.push(signal) });
    await next(source, "message");
    assert.deepEqual(signals.map(({ type, cause }) => [type, cause]), [
      ["open", undefined],
      ["reconnecting", "idle"],
      ["open", undefined],
    ]);
  });

  it("what is longer than a limit fails the connection", async (t) => {
    const server = await serve(t, `data: ${"x".repeat(2000)}\n\n`);
    const source = open(t, server.url, { limits: { line: 1000 } });
    const event = await next(source, "error");
    assert.equal(source.readyState, EventSource.CLOSED);
    assert.match(event.message, /1000/);
  });
});

describe("onSignal", () => {
  it("names a content coding that is none", async (t) => {
    const server = await serve(t, stream("data: x\n\n", { "content-encoding": "none" }));
    const signals = [];
    const source = open(t, server.url, { onSignal: (signal) => signals.push(signal) });
    assert.equal((await next(source, "message")).data, "x");
    assert.deepEqual(signals.map(({ type, unknownCoding }) => [type, unknownCoding]), [["open", "none"]]);
  });

  it("tells retrying from dead, with cause, status and delay", async (t) => {
    const server = await serve(t, ending("retry: 150\n\n: hello\n\n"), refusing(503));
    const signals = [];
    const onSignal = (signal) => signals.push(signal);
    const source = open(t, server.url, { comments: true, onSignal });
    await until(() => source.readyState === EventSource.CLOSED);
    const types = signals.map((signal) => signal.type);
    assert.deepEqual(types, ["open", "comment", "reconnecting", "failed"]);
    const [opened, comment, lost, failed] = signals;
    assert.equal(opened.status, 200);
    assert.equal(opened.headers.get("content-type"), "text/event-stream");
    assert.equal(comment.message, " hello");
    assert.deepEqual([lost.cause, lost.delay, lost.attempt], ["end-of-body", 150, 1]);
    assert.equal(failed.status, 503);
  });

  it("sees the state that the event will see, and may close", async (t) => {
    const server = await serve(t, "data: x\n\n");
    let state;
    const source = open(t, server.url, {
      onSignal: () => {
        state = source.readyState;
        source.close();
      },
    });
    source.onopen = () => assert.fail("open after close");
    await until(() => source.readyState === EventSource.CLOSED);
    await turn();
    assert.equal(state, EventSource.OPEN);
  });
});

describe("iterating", () => {
  it("gives every message, whatever its type, and the next one when asked", async (t) => {
    const server = await serve(t, "data: 1\n\nevent: tick\ndata: 2\n\ndata: 3\n\n");
    const source = open(t, server.url);
    const seen = [];
    for await (const event of source) {
      seen.push([event.type, event.data]);
      await sleep(20);
      assert.equal(source.lastEventId, "");
      if (event.data === "3") break;
    }
    assert.deepEqual(seen, [["message", "1"], ["tick", "2"], ["message", "3"]]);
    assert.equal(source.readyState, EventSource.CLOSED);
  });

  it("dispatches no further message while one has not been asked for", async (t) => {
    const server = await serve(t, "data: 1\n\ndata: 2\n\ndata: 3\n\n");
    const source = open(t, server.url);
    const heard = [];
    source.onmessage = (event) => heard.push(event.data);
    const iterator = source[Symbol.asyncIterator]();
    await until(() => heard.length === 1);
    await sleep(50);
    assert.deepEqual(heard, ["1"]);
    assert.equal((await iterator.next()).value.data, "1");
    assert.equal((await iterator.next()).value.data, "2");
    await sleep(20);
    assert.deepEqual(heard, ["1", "2", "3"].slice(0, heard.length));
    await iterator.return();
    assert.equal(source.readyState, EventSource.CLOSED);
  });

  it("ends when the source is closed, and throws when it fails", async (t) => {
    const server = await serve(t, stream(""), refusing(401));
    const source = open(t, server.url);
    source.onopen = () => source.close();
    for await (const event of source) assert.fail(event.data);
    for await (const event of source) assert.fail(event.data);
    const failing = open(t, server.url);
    const failure = async () => {
      for await (const event of failing) assert.fail(event.data);
    };
    await assert.rejects(failure, { name: "EventSourceError", status: 401 });
  });

  it("asyncDispose closes", async (t) => {
    const server = await serve(t, stream(""));
    const source = open(t, server.url);
    await source[Symbol.asyncDispose]();
    assert.equal(source.readyState, EventSource.CLOSED);
  });
});

describe("closing", () => {
  it("wins over everything queued, in any handler", async (t) => {
    for (const type of ["open", "message", "error"]) {
      const server = await serve(t, ending("data: 1\n\ndata: 2\n\n"));
      const source = open(t, server.url);
      const seen = [];
      for (const each of ["open", "message", "error"]) {
        source.addEventListener(each, () => {
          seen.push(each);
          if (each === type) source.close();
        });
      }
      await until(() => source.readyState === EventSource.CLOSED);
      await sleep(150);
      assert.equal(seen.at(-1), type);
      assert.equal(seen.filter((each) => each === type).length, 1);
      assert.equal(server.requests.length, 1);
    }
  });

  it("is idempotent, fires nothing and ends the connection", async (t) => {
    const server = await serve(t, stream("data: 1\n\n"));
    const source = open(t, server.url);
    source.onerror = () => assert.fail("an error");
    await next(source, "message");
    assert.equal(source.close(), undefined);
    source.close();
    assert.equal(source.readyState, EventSource.CLOSED);
    await until(async () => (await server.connections()) === 0);
  });
});

describe("backpressure", () => {
  it("reaches the socket when a handler is slow", async (t) => {
    let sent = 0;
    const block = "data: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n\n".repeat(1000);
    const server = await serve(t, (response) => {
      stream("")(response);
      const pump = () => {
        do sent += block.length;
        while (response.write(block));
      };
      response.on("drain", pump);
      pump();
    });
    const source = open(t, server.url);
    const iterator = source[Symbol.asyncIterator]();
    await iterator.next();
    await sleep(300);
    const settled = sent;
    await sleep(300);
    assert.equal(sent, settled, "the server went on sending");
    for (let n = 0; n < 1000; n++) await iterator.next();
    await iterator.return();
  });
});
