/** `EventSource.fromReadableStream` (whatwg/html#12272). */

import { describe, it } from "node:test";

import { EventSource, assert, next, until } from "./helpers/sources.js";

const bytes = (text) => new TextEncoder().encode(text);

function streamOf(...texts) {
  return new ReadableStream({
    start(controller) {
      for (const text of texts) controller.enqueue(bytes(text));
      controller.close();
    },
  });
}

function record(source) {
  const seen = [];
  for (const type of ["open", "message", "tick", "error"]) {
    source.addEventListener(type, (event) => seen.push([type, event.data, source.readyState]));
  }
  return seen;
}

const closed = (source) => until(() => source.readyState === EventSource.CLOSED, "closed");

describe("a source of a stream", () => {
  it("lets timers run while a stream has nothing but comments, all of them at hand", async () => {
    let chunks = 0;
    let timers = 0;
    const ticking = setInterval(() => timers++, 1);
    const comments = new ReadableStream({
      pull(controller) {
        controller.enqueue(bytes(":\n"));
        if (++chunks === 50_000) controller.close();
      },
    });
    const source = EventSource.fromReadableStream(comments);
    await closed(source);
    clearInterval(ticking);
    assert.equal(chunks, 50_000);
    assert.ok(timers > 10, `${timers} timers ran`);
  });

  it("is CONNECTING, opens, dispatches, and closes with one error", async () => {
    const source = EventSource.fromReadableStream(streamOf("da", "", "ta: a\n\nevent: tick\nda", "ta: é\n\ndata: z"));
    assert.ok(source instanceof EventSource);
    assert.deepEqual([source.readyState, source.url, source.withCredentials], [0, "about:event-stream", false]);
    const seen = record(source);
    await closed(source);
    await new Promise(setImmediate);
    assert.deepEqual(seen, [["open", undefined, 1], ["message", "a", 1], ["tick", "é", 1], ["error", undefined, 2]]);
  });

  it("has the origin null", async () => {
    const source = EventSource.fromReadableStream(streamOf("id: 7\ndata: a\n\n"));
    const event = await next(source, "message");
    assert.deepEqual([event.origin, event.lastEventId, event.isTrusted], ["null", "7", true]);
  });

  it("refuses what is no stream, and a locked one", () => {
    const locked = streamOf("");
    locked.getReader();
    for (const bad of [locked, undefined, {}, "data: x\n\n", bytes("data: x\n\n")]) {
      assert.throws(() => EventSource.fromReadableStream(bad), TypeError);
    }
  });

  it("locks the stream", () => {
    const stream = streamOf("");
    EventSource.fromReadableStream(stream);
    assert.equal(stream.locked, true);
  });

  it("an empty stream and a broken one give one error each", async () => {
    const broken = new ReadableStream({
      pull(controller) {
        controller.error(new Error("cut"));
      },
    });
    const text = new ReadableStream({
      start(controller) {
        controller.enqueue("data: not bytes\n\n");
      },
    });
    for (const [stream, message] of [[streamOf(), /ended/], [broken, /cut/], [text, /not bytes/]]) {
      const source = EventSource.fromReadableStream(stream);
      const seen = record(source);
      const event = await next(source, "error");
      assert.match(event.message, message);
      await new Promise(setImmediate);
      assert.deepEqual(seen, [["open", undefined, 1], ["error", undefined, 2]]);
    }
  });

  it("knows id and retry as soon as a pipe has settled, across bodies", async () => {
    const { readable, writable } = new TransformStream();
    const source = EventSource.fromReadableStream(readable);
    const seen = record(source);
    assert.deepEqual([source.lastEventId, source.reconnectionTime], ["", 3000]);
    await streamOf("id: 1\nretry: 50\ndata: a\n\n").pipeTo(writable, { preventClose: true });
    assert.deepEqual([source.lastEventId, source.reconnectionTime], ["1", 50]);
    await streamOf("data: b\n\n", "id: 2\n\n").pipeTo(writable, { preventClose: true });
    assert.deepEqual([source.lastEventId, source.reconnectionTime], ["2", 50]);
    await writable.close();
    await closed(source);
    assert.deepEqual(seen.filter(([type]) => type === "message").map(([, data]) => data), ["a", "b"]);
  });

  it("reset drops what is not complete, and keeps the id", async () => {
    const { readable, writable } = new TransformStream();
    const source = EventSource.fromReadableStream(readable);
    const seen = record(source);
    await streamOf("id: 1\n\ndata: half").pipeTo(writable, { preventClose: true });
    source.reset();
    await streamOf("\ufeffdata: whole\n\n").pipeTo(writable);
    await closed(source);
    assert.deepEqual(seen[1], ["message", "whole", 1]);
    assert.equal(source.lastEventId, "1");
  });

  it("close cancels the stream", async () => {
    let cancelled = false;
    const stream = new ReadableStream({
      cancel() {
        cancelled = true;
      },
    });
    const source = EventSource.fromReadableStream(stream);
    await next(source, "open");
    source.close();
    await until(() => cancelled);
    assert.equal(source.readyState, EventSource.CLOSED);
  });

  it("can be iterated to its end", async () => {
    const source = EventSource.fromReadableStream(streamOf("data: 1\n\ndata: 2\n\n", "data: 3\n\n"));
    const seen = [];
    for await (const event of source) seen.push(event.data);
    assert.deepEqual(seen, ["1", "2", "3"]);
  });
});
