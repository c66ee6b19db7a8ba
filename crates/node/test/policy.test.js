/** Presets, and what differs from them. */

import net from "node:net";
import { describe, it } from "node:test";

import { ending, refusing, serve, stream } from "./helpers/server.js";
import { EventSource, assert, next, once, open, until } from "./helpers/sources.js";

const NOWHERE = "http://127.0.0.1:9/";

/** A source, and the signals that it has given. */
function watch(t, url, options) {
  const signals = [];
  const source = open(t, url, { ...options, onSignal: (signal) => signals.push(signal) });
  const types = () => signals.map(({ type }) => type);
  return { source, signals, types };
}

const isClosed = (source) => () => source.readyState === EventSource.CLOSED;

describe("presets", () => {
  it("standard fails on a status, resilient tries again", async (t) => {
    const server = await serve(t, refusing(503), refusing(503), "data: x\n\n");
    const dead = watch(t, server.url, { preset: "standard" });
    await until(isClosed(dead.source));
    const { source, signals } = watch(t, server.url, { preset: "resilient", reconnectionTime: 10, backoff: { spread: 0 } });
    const [lost, message] = await Promise.all([next(source, "error"), next(source, "message")]);
    assert.equal(message.data, "x");
    assert.deepEqual([lost.status, lost.cause.code], [503, "status"]);
    assert.deepEqual([signals[0].type, signals[0].status, signals[0].cause], ["reconnecting", 503, "status"]);
    assert.ok(signals[0].delay >= 10);
  });

  it("finite ends with the body: one error, no further request", async (t) => {
    const server = await serve(t, ending("data: 1\n\ndata: 2\n\n"));
    const { source, types } = watch(t, server.url, { preset: "finite" });
    const errors = [];
    source.onerror = (event) => errors.push([event.message, event.cause, source.readyState]);
    const seen = [];
    for await (const event of source) seen.push(event.data);
    assert.deepEqual(seen, ["1", "2"]);
    assert.deepEqual(errors, [["the stream is complete", undefined, EventSource.CLOSED]]);
    assert.deepEqual(types(), ["open", "ended"]);
    assert.equal(server.requests.length, 1);
  });

  it("a POST that is not repeated says so, and how it would be", async (t) => {
    const server = await serve(t, ending("data: 1\n\n"));
    const { source, signals } = watch(t, server.url, { method: "POST" });
    await until(isClosed(source));
    const { type, message } = signals.at(-1);
    assert.equal(type, "ended");
    assert.match(message, /not repeated.*`repeat`/);
  });

  it("browser has six connections to an origin, and the seventh waits", async (t) => {
    const server = await serve(t, stream("data: x\n\n"));
    const six = Array.from({ length: 6 }, () => open(t, server.url, { preset: "browser" }));
    await Promise.all(six.map((source) => next(source, "message")));
    const { source, signals } = watch(t, server.url, { preset: "browser" });
    await until(() => signals.some(({ type, place }) => type === "queued" && place === 1));
    assert.equal(server.requests.length, 6);
    const message = next(source, "message");
    six[0].close();
    await message;
  });
});

describe("policies", () => {
  it("retriedStatuses, repeat and endOfBody", async (t) => {
    const server = await serve(t, refusing(418), ending("data: 1\n\n"), stream("data: 2\n\n"));
    const tolerant = watch(t, server.url, { retriedStatuses: [418], reconnectionTime: 10 });
    await until(() => server.requests.length === 3);
    tolerant.source.close();
    const post = await serve(t, ending("data: 1\n\n"));
    const once = watch(t, post.url, { method: "POST", body: "x" });
    await until(isClosed(once.source));
    assert.deepEqual(once.types(), ["open", "ended"]);
    const again = watch(t, post.url, { method: "POST", body: "x", repeat: "always", reconnectionTime: 10 });
    await until(() => again.types().filter((type) => type === "open").length === 2);
    const whole = watch(t, post.url, { endOfBody: "end" });
    await until(isClosed(whole.source));
    assert.deepEqual(whole.types(), ["open", "ended"]);
  });

  it("reconnectionUrl says where to go again", async (t) => {
    for (const [reconnectionUrl, expected] of [["last", ["/a", "/b", "/b"]], ["original", ["/a", "/b", "/a"]]]) {
      const server = await serve(t, (response, request) => {
        if (request.url === "/a") response.writeHead(307, { location: "/b" }).end();
        else ending("data: x\n\n")(response);
      });
      const source = open(t, `${server.origin}/a`, { reconnectionUrl, reconnectionTime: 10 });
      await until(() => server.requests.length >= 3);
      source.close();
      assert.deepEqual(server.requests.slice(0, 3).map(({ url }) => url), expected);
    }
  });

  it("incompleteEvent dispatches what a body leaves unfinished, or drops it", async (t) => {
    const cases = { dispatch: [["a", "b"], "ended"], discard: [["a"], "ended"], fail: [["a"], "failed"] };
    for (const [incompleteEvent, [expected, last]] of Object.entries(cases)) {
      const server = await serve(t, ending("data: a\n\ndata: b\n"));
      const { source, types } = watch(t, server.url, { preset: "finite", incompleteEvent });
      const seen = [];
      source.onmessage = ({ data }) => seen.push(data);
      await until(isClosed(source));
      assert.deepEqual([seen, types().at(-1)], [expected, last], incompleteEvent);
    }
  });

  it("backoff.afterEmpty waits longer after each empty body", async (t) => {
    const server = await serve(t, ending(""));
    const backoff = { afterEmpty: true, jitter: false };
    const { source, signals } = watch(t, server.url, { reconnectionTime: 10, minReconnectionTime: 0, backoff });
    await until(() => signals.filter(({ type }) => type === "reconnecting").length >= 4);
    source.close();
    const delays = signals.filter(({ type }) => type === "reconnecting").map(({ delay }) => delay);
    assert.ok(delays[3] >= 4 * delays[0], delays.join());
  });

  it("onLimit skips what is too long, and says so", async (t) => {
    const server = await serve(t, `data: ${"x".repeat(2000)}\n\ndata: fits\n\n`);
    const { source, signals } = watch(t, server.url, { limits: { line: 1000 }, onLimit: "skip" });
    assert.equal((await next(source, "message")).data, "fits");
    assert.match(signals.find(({ type }) => type === "skipped").message, /1000/);
  });

  it("an id over its limit fails the source, or is skipped with its event", async (t) => {
    const body = `id: 1\ndata: a\n\nid: ${"x".repeat(20)}\ndata: b\n\ndata: c\n\n`;
    const failing = open(t, (await serve(t, body)).url, { limits: { id: 10 } });
    const { message } = await next(failing, "error");
    assert.match(message, /an id exceeds the limit of 10 bytes/);
    const { source } = watch(t, (await serve(t, body)).url, { limits: { id: 10 }, onLimit: "skip" });
    const seen = [];
    for await (const { data, lastEventId } of source) {
      seen.push([data, lastEventId]);
      if (seen.length === 2) break;
    }
    assert.deepEqual(seen, [["a", "1"], ["c", "1"]]);
  });

  it("backoff.maxAttempts gives up", async (t) => {
    const server = await serve(t, stream(""));
    await server.stop();
    const { source, types } = watch(t, server.url, { reconnectionTime: 10, backoff: { maxAttempts: 2, jitter: false } });
    await until(isClosed(source));
    assert.equal(types().at(-1), "failed");
    assert.ok(types().length <= 3, types().join());
  });

  it("connectTimeout ends an attempt that comes to nothing", async (t) => {
    // It accepts, and says nothing of TLS.
    const silent = net.createServer((socket) => socket.on("error", () => {}).resume());
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    t.after(() => silent.close());
    const url = `https://127.0.0.1:${silent.address().port}/`;
    const { source, signals } = watch(t, url, { connectTimeout: 50, reconnectionTime: 10_000 });
    const event = await next(source, "error");
    assert.equal(source.readyState, EventSource.CONNECTING);
    assert.equal(signals[0].cause, "network-error");
    assert.match(event.message, /50\s?ms/);
    source.close();
  });

  it("null takes a preset's timeout back", async (t) => {
    const server = await serve(t, "data: x\n\n");
    const off = { idleTimeout: null, connectTimeout: null, http1Connections: null };
    await next(open(t, server.url, { preset: "finite", ...off, backoff: { maxAttempts: null, maxElapsed: null } }), "message");
  });

  it("what cannot be meant is a TypeError that names it", () => {
    const bad = {
      preset: "unheard of",
      endOfBody: "stop",
      reconnectionUrl: "first",
      repeat: true,
      incompleteEvent: "keep",
      onLimit: "ignore",
      connectTimeout: "1 s",
      http1Connections: 0,
      retriedStatuses: [99],
    };
    for (const [name, value] of Object.entries(bad)) {
      assert.throws(() => new EventSource(NOWHERE, { [name]: value }), { name: "TypeError", message: new RegExp(name) });
    }
    for (const value of [5, {}, "503"]) {
      assert.throws(() => new EventSource(NOWHERE, { retriedStatuses: value }), TypeError);
    }
    const backoff = { factor: 0.5, cap: -1, resetAfter: "1", spread: -1, maxAttempts: 0, maxElapsed: -1 };
    for (const [name, value] of Object.entries(backoff)) {
      const expected = { name: "TypeError", message: new RegExp(`backoff\\.${name}`) };
      assert.throws(() => new EventSource(NOWHERE, { backoff: { [name]: value } }), expected);
    }
  });
});
