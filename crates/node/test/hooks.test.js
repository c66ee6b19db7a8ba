/** Where the program decides for itself: `terminalEvent`, `onEnd`, `beforeAttempt`. */

import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";

import { ending, refusing, serve, stream } from "./helpers/server.js";
import { EventSource, assert, open, sleep, uncaught, until } from "./helpers/sources.js";

const NOWHERE = "http://127.0.0.1:9/";
const QUICK = { reconnectionTime: 10, minReconnectionTime: 10, backoff: { jitter: false, factor: 1 } };
const isDone = ({ data }) => data === "[DONE]";

/** What a source has told, in order. */
function watch(t, url, options) {
  const seen = [];
  const source = open(t, url, { ...QUICK, ...options, onSignal: ({ type }) => seen.push(type) });
  source.onmessage = ({ data }) => seen.push(data);
  const ended = () => until(() => source.readyState === EventSource.CLOSED, `${seen}`);
  return { source, seen, ended };
}

describe("terminalEvent", () => {
  const body = "data: a\n\ndata: [DONE]\n\ndata: more\n\n";

  it("ends the source, though the body goes on", async (t) => {
    const server = await serve(t, stream(body));
    const { source, seen, ended } = watch(t, server.url, { preset: "finite", terminalEvent: isDone });
    let error;
    source.onerror = (event) => (error = event);
    await ended();
    assert.deepEqual(seen, ["open", "a", "[DONE]", "ended"]);
    assert.deepEqual([error.message, error.cause], ["the stream is complete", undefined]);
    await until(async () => (await server.connections()) === 0);
    assert.equal(server.requests.length, 1);
  });

  it("ends it also where the body has come to its end, and under any policy", async (t) => {
    for (const preset of ["standard", "resilient", "finite"]) {
      const server = await serve(t, ending(body));
      const { seen, ended } = watch(t, server.url, { preset, terminalEvent: isDone });
      await ended();
      assert.deepEqual(seen, ["open", "a", "[DONE]", "ended"], preset);
      await sleep(30);
      assert.equal(server.requests.length, 1);
    }
  });

  it("is missed where the stream ends without it", async (t) => {
    const server = await serve(t, ending("data: a\n\n"));
    const { source, seen, ended } = watch(t, server.url, { preset: "finite", terminalEvent: isDone });
    let error;
    source.onerror = (event) => (error = event);
    await ended();
    assert.deepEqual(seen, ["open", "a", "failed"]);
    assert.match(error.message, /truncated/);
    assert.equal(error.cause.code, "end-of-body");
  });

  it("completes a loop", async (t) => {
    const server = await serve(t, stream(body));
    const seen = [];
    for await (const { data } of open(t, server.url, { terminalEvent: isDone })) {
      seen.push(data);
      await sleep(10);
    }
    assert.deepEqual(seen, ["a", "[DONE]"]);
  });

  it("that throws is uncaught, and no message is lost", async (t) => {
    const server = await serve(t, stream("data: a\n\ndata: b\n\n"));
    const errors = uncaught(t);
    const terminalEvent = ({ data }) => {
      throw new Error(data);
    };
    const { seen } = watch(t, server.url, { terminalEvent });
    await until(() => seen.length === 3 && errors.length === 2);
    assert.deepEqual(seen, ["open", "a", "b"]);
    assert.deepEqual(errors.map(({ message }) => message), ["a", "b"]);
  });
});

describe("onEnd", () => {
  it("is told how it ended, behind the messages before it", async (t) => {
    const refused = refusing(503, { "x-why": "busy" }, "later");
    const server = await serve(t, ending("data: a\n\ndata: b\n\n"), refused, refusing(204));
    const ends = [];
    const { seen, ended } = watch(t, server.url, {
      onEnd(end) {
        ends.push({ ...end, headers: end.headers?.get("x-why"), after: seen.join() });
        return end.status === 204 ? undefined : "reconnect";
      },
    });
    await ended();
    assert.deepEqual(seen, ["open", "a", "b", "reconnecting", "reconnecting", "failed"]);
    const [first, second, third] = ends;
    const expected = { cause: "end-of-body", message: "the body ended", headers: undefined };
    assert.deepEqual(first, { ...expected, events: 2, terminalEvent: false, attempts: 0, after: "open,a,b" });
    const told = { cause: "status", status: 503, body: "later", headers: "busy" };
    const { message, after, ...rest } = second;
    assert.deepEqual(rest, { ...told, events: 0, terminalEvent: false, attempts: 1 });
    assert.match(message, /503/);
    assert.equal(third.status, 204);
  });

  it("decides, at once or later", async (t) => {
    const decisions = {
      stop: "ended",
      fail: "failed",
      default: "ended",
    };
    for (const [decision, last] of Object.entries(decisions)) {
      const server = await serve(t, ending("data: a\n\n"));
      const onEnd = async () => {
        await sleep(20);
        return decision;
      };
      const { seen, ended } = watch(t, server.url, { preset: "finite", onEnd });
      await ended();
      assert.deepEqual(seen, ["open", "a", last]);
      assert.equal(server.requests.length, 1);
    }
  });

  it("may say how long to wait", async (t) => {
    const server = await serve(t, ending("data: a\n\n"), stream("data: b\n\n"));
    const delays = [];
    const source = open(t, server.url, {
      ...QUICK,
      onEnd: () => ({ reconnectAfter: 77 }),
      onSignal: ({ delay }) => delays.push(delay),
    });
    await until(() => delays.length === 3);
    source.close();
    assert.deepEqual(delays, [undefined, 77, undefined]);
  });

  it("may go on after the terminal event", async (t) => {
    const server = await serve(t, stream("id: 1\ndata: [DONE]\n\ndata: dropped\n\n"), stream("data: b\n\n"));
    const ends = [];
    const { seen } = watch(t, server.url, {
      terminalEvent: isDone,
      onEnd: ({ terminalEvent, events }) => {
        ends.push([terminalEvent, events > 0]);
        return "reconnect";
      },
    });
    await until(() => seen.includes("b"));
    assert.deepEqual(seen, ["open", "[DONE]", "reconnecting", "open", "b"]);
    assert.deepEqual(ends, [[true, true]]);
    assert.equal(server.requests[1].headers["last-event-id"], "1");
  });

  it("that throws, or means nothing, is uncaught; the policy decides", async (t) => {
    const answers = [
      () => {
        throw new Error("mine");
      },
      () => Promise.reject(new Error("mine")),
      () => "perhaps",
      () => ({ reconnectAfter: "soon" }),
    ];
    const errors = uncaught(t);
    for (const onEnd of answers) {
      const server = await serve(t, ending("data: a\n\n"));
      const { seen, ended } = watch(t, server.url, { preset: "finite", onEnd });
      await ended();
      assert.deepEqual(seen, ["open", "a", "ended"]);
    }
    await until(() => errors.length === answers.length);
    assert.deepEqual(errors.map(({ name }) => name), ["Error", "Error", "TypeError", "TypeError"]);
  });

  it("is not waited for when the source is closed", async (t) => {
    const server = await serve(t, ending("data: a\n\n"));
    let decide;
    const onEnd = () => new Promise((resolve) => (decide = resolve));
    const { source, seen } = watch(t, server.url, { onEnd });
    await until(() => decide !== undefined);
    source.close();
    decide("reconnect");
    await sleep(30);
    assert.deepEqual(seen, ["open", "a"]);
    assert.equal(server.requests.length, 1);
  });
});

describe("beforeAttempt", () => {
  it("changes each attempt, and only that", async (t) => {
    const bodies = [];
    const answer = (then) => async (response, request) => {
      bodies.push(Buffer.concat(await request.toArray()).toString());
      then(response);
    };
    const server = await serve(t, answer(ending("id: 7\ndata: a\n\n")), answer(stream("data: b\n\n")));
    const attempts = [];
    const { seen } = watch(t, server.url, {
      method: "POST",
      body: "x",
      headers: { "x-kept": "é" },
      repeat: "always",
      async beforeAttempt(attempt) {
        await sleep(10);
        const { number, cause, previousStatus, url, method, lastEventId, headers, body } = attempt;
        attempts.push([number, cause, previousStatus, url, method, lastEventId, headers.get("x-kept")]);
        attempt.headers.set("authorization", `Bearer ${attempts.length}`);
        attempt.url = `/attempt/${attempts.length}`;
        attempt.body = `${Buffer.from(body)}y`;
        if (attempts.length === 1) attempt.lastEventId = "6";
      },
    });
    await until(() => seen.includes("b"));
    assert.deepEqual(attempts, [
      [1, undefined, undefined, server.url, "POST", "", "é"],
      [1, "end-of-body", 200, server.url, "POST", "7", "é"],
    ]);
    const sent = server.requests.map(({ url, headers }) => [url, headers.authorization, headers["last-event-id"]]);
    assert.deepEqual(sent, [["/attempt/1", "Bearer 1", "6"], ["/attempt/2", "Bearer 2", "7"]]);
    assert.deepEqual(server.requests.map(({ headers }) => headers["x-kept"]), ["é", "é"]);
    assert.deepEqual(bodies, ["xy", "xy"]);
  });

  it("that throws sends nothing, and the attempt has failed", async (t) => {
    const server = await serve(t, stream("data: a\n\n"));
    let calls = 0;
    const messages = [];
    const causes = [];
    const thrown = new Error("no token yet");
    const source = open(t, server.url, {
      ...QUICK,
      beforeAttempt() {
        if (++calls === 1) throw thrown;
        if (calls === 2) return Promise.reject(new Error("nor now"));
      },
    });
    source.onerror = ({ message, cause }) => {
      messages.push([message, source.readyState, server.requests.length]);
      causes.push(cause.cause);
    };
    await until(() => server.requests.length === 1);
    assert.equal(causes[0], thrown);
    assert.equal(calls, 3);
    assert.match(messages[0][0], /no token yet/);
    assert.match(messages[1][0], /nor now/);
    assert.deepEqual(messages.map(([, ...rest]) => rest), [[0, 0], [0, 0]]);
  });

  it("that makes no legal attempt has failed too", async (t) => {
    const server = await serve(t, stream("data: a\n\n"));
    const changes = [
      (attempt) => (attempt.url = "http://in valid/"),
      (attempt) => (attempt.method = "PO ST"),
      (attempt) => (attempt.body = 5),
      (attempt) => (attempt.headers = { "no good": "x" }),
      (attempt) => (attempt.lastEventId = Symbol("s")),
    ];
    for (const change of changes) {
      const backoff = { maxAttempts: 1, jitter: false };
      const source = open(t, server.url, { reconnectionTime: 10, backoff, beforeAttempt: change });
      await until(() => source.readyState === EventSource.CLOSED, String(change));
    }
    assert.equal(server.requests.length, 0);
  });

  it("closing while it takes its time is heard", async (t) => {
    const server = await serve(t, stream("data: a\n\n"));
    let go;
    const source = open(t, server.url, { beforeAttempt: () => new Promise((resolve) => (go = resolve)) });
    source.onerror = () => assert.fail("an error");
    await until(() => go !== undefined);
    source.close();
    go();
    await sleep(30);
    await turn();
    assert.equal(server.requests.length, 0);
  });

  it("is judged anew when the attempt is given up meanwhile", async (t) => {
    const server = await serve(t, stream("data: a\n\n"));
    const waiting = [];
    const beforeAttempt = ({ number }) => new Promise((resolve) => waiting.push([number, resolve]));
    const source = open(t, server.url, { ...QUICK, idleTimeout: 50, beforeAttempt });
    await until(() => waiting.length === 2);
    // Too late for the first one.
    waiting[0][1]();
    await sleep(30);
    assert.equal(server.requests.length, 0);
    await until(() => {
      waiting.at(-1)[1]();
      return server.requests.length > 0;
    });
    source.close();
  });
});

describe("hooks", () => {
  it("that are no functions are TypeErrors", () => {
    for (const name of ["terminalEvent", "onEnd", "beforeAttempt"]) {
      const expected = { name: "TypeError", message: `${name} must be a function` };
      assert.throws(() => new EventSource(NOWHERE, { [name]: "f" }), expected);
    }
  });
});
