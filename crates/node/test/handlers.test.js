/** `onopen`, `onmessage`, `onerror`: event handler attributes (HTML Standard 8.1.8.1). */

import { describe, it } from "node:test";

import { serve } from "./helpers/server.js";
import { assert, next, open } from "./helpers/sources.js";

const NOWHERE = "http://127.0.0.1:9/";

function dispatch(source) {
  source.dispatchEvent(new MessageEvent("message", { data: "x" }));
}

describe("an event handler attribute", () => {
  it("is null at first, and for what is no object", (t) => {
    const source = open(t, NOWHERE);
    assert.equal(source.onmessage, null);
    const handler = () => {};
    for (const nothing of [undefined, null, 1, "alert()", true, Symbol("s")]) {
      source.onmessage = handler;
      assert.equal(source.onmessage, handler);
      source.onmessage = nothing;
      assert.equal(source.onmessage, null);
    }
  });

  it("keeps an object that cannot be called, and does not call it", (t) => {
    const source = open(t, NOWHERE);
    const object = { handleEvent: () => assert.fail("called") };
    source.onmessage = object;
    assert.equal(source.onmessage, object);
    dispatch(source);
  });

  it("keeps its place among the listeners until it is set to null", (t) => {
    const source = open(t, NOWHERE);
    const order = [];
    source.onmessage = () => order.push("first");
    source.addEventListener("message", () => order.push("listener"));
    source.onmessage = () => order.push("second");
    dispatch(source);
    source.onmessage = null;
    source.onmessage = () => order.push("third");
    dispatch(source);
    assert.deepEqual(order, ["second", "listener", "listener", "third"]);
  });

  it("is called with the source as this, and the event", async (t) => {
    const server = await serve(t, "data: x\n\n");
    const source = open(t, server.url);
    const call = await new Promise((resolve) => {
      source.onmessage = function handler(...parameters) {
        resolve([this, parameters.length, parameters[0].type]);
      };
    });
    assert.deepEqual(call.slice(1), [1, "message"]);
    assert.equal(call[0], source);
  });

  it("is called for a message of the type message only", async (t) => {
    const server = await serve(t, "event: tick\ndata: 1\n\nevent: message\ndata: 2\n\n");
    const source = open(t, server.url);
    assert.equal((await next(source, "message")).data, "2");
  });

  it("prevents the default by returning false", (t) => {
    const source = open(t, NOWHERE);
    source.onmessage = () => false;
    const event = new Event("message", { cancelable: true });
    source.dispatchEvent(event);
    assert.equal(event.defaultPrevented, true);
  });

  it("set while an event is dispatched is not called for it, removed is not either", (t) => {
    const source = open(t, NOWHERE);
    const order = [];
    source.addEventListener("message", () => {
      order.push("listener");
      source.onmessage = null;
    });
    source.onmessage = () => order.push("handler");
    dispatch(source);
    assert.deepEqual(order, ["listener"]);
  });
});
