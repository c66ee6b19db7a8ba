/** The messages as events (DOM Standard 2.2, HTML Standard 9.3.2): all that an `Event` has. */

import { describe, it } from "node:test";
import { inspect } from "node:util";

import { run } from "./helpers/process.js";
import { serve } from "./helpers/server.js";
import { assert, next, open, until } from "./helpers/sources.js";

async function message(t) {
  const server = await serve(t, "id: 7\nevent: tick\ndata: a\n\n");
  const source = open(t, server.url);
  return { source, event: await next(source, "tick"), server };
}

describe("a message", () => {
  it("has what an Event has, as one that cannot be canceled", async (t) => {
    const { event } = await message(t);
    const model = new MessageEvent("tick", { data: "a" });
    for (const name of ["bubbles", "cancelable", "composed", "defaultPrevented", "returnValue", "cancelBubble", "eventPhase"]) {
      assert.equal(event[name], model[name], name);
    }
    event.preventDefault();
    event.returnValue = false;
    assert.deepEqual([event.defaultPrevented, event.returnValue], [false, true]);
    assert.deepEqual([event.composedPath(), event.currentTarget], [[], null]);
  });

  it("was made a moment ago, on the clock of performance.now", async (t) => {
    const before = performance.now();
    const { event } = await message(t);
    assert.ok(before <= event.timeStamp && event.timeStamp <= performance.now(), String(event.timeStamp));
  });

  it("is at its target while it is dispatched", async (t) => {
    const server = await serve(t, "data: a\n\n");
    const source = open(t, server.url);
    const seen = [];
    source.onmessage = (event) => seen.push(event.target, event.currentTarget, event.srcElement, event.composedPath()[0]);
    await until(() => seen.length === 4);
    assert.ok(seen.every((each) => each === source));
  });

  it("stops where a listener says so", async (t) => {
    const server = await serve(t, "data: a\n\ndata: b\n\n");
    const source = open(t, server.url);
    const seen = [];
    source.addEventListener("message", (event) => {
      seen.push(event.data, event.cancelBubble);
      event.stopPropagation();
      seen.push(event.cancelBubble);
      if (event.data === "a") event.stopImmediatePropagation();
    });
    source.addEventListener("message", (event) => seen.push(`second ${event.data}`));
    await until(() => seen.length === 7);
    assert.deepEqual(seen, ["a", false, true, "b", false, true, "second b"]);
  });

  it("may be dispatched again, elsewhere", async (t) => {
    const { event } = await message(t);
    const target = new EventTarget();
    const seen = [];
    target.addEventListener("tick", (each) => seen.push(each === event, each.target === target, each.data));
    assert.equal(target.dispatchEvent(event), true);
    assert.deepEqual(seen, [true, true, "a"]);
    event.initEvent("tock", true, true);
    assert.deepEqual([event.type, event.bubbles, event.cancelable, event.isTrusted], ["tock", true, true, false]);
    target.addEventListener("tock", (each) => each.preventDefault());
    assert.equal(target.dispatchEvent(event), false);
    assert.equal(event.defaultPrevented, true);
    assert.throws(() => event.initEvent(), TypeError);
  });

  it("is dispatched by hand as any event is", async (t) => {
    const { source, event } = await message(t);
    const seen = [];
    source.addEventListener("tick", (each) => {
      seen.push(each.isTrusted, each.eventPhase);
      assert.throws(() => source.dispatchEvent(each), { code: "ERR_EVENT_RECURSION" });
      each.stopPropagation();
      each.stopImmediatePropagation();
    });
    source.addEventListener("tick", () => seen.push("not stopped"));
    assert.equal(event.isTrusted, true);
    source.dispatchEvent(event);
    source.dispatchEvent(event);
    assert.deepEqual(seen, [false, Event.AT_TARGET, false, Event.AT_TARGET]);
    assert.deepEqual([event.isTrusted, event.eventPhase], [false, Event.NONE]);
  });

  it("has its attributes on the prototype, and none of its own", async (t) => {
    const { event } = await message(t);
    assert.deepEqual(Object.keys(event), []);
    const names = [];
    for (const name in event) names.push(name);
    for (const name of ["data", "origin", "lastEventId", "source", "ports", "isTrusted", "type", "timeStamp"]) {
      assert.ok(names.includes(name), name);
    }
  });

  it("is shown by the console with what it says", async (t) => {
    const { event, server } = await message(t);
    const shown = inspect(event);
    for (const part of ["MessageEvent {", "type: 'tick'", "data: 'a'", `origin: '${server.origin}'`, "lastEventId: '7'"]) {
      assert.ok(shown.includes(part), shown);
    }
    assert.equal(inspect({ event }, { depth: 0 }), "{ event: MessageEvent }");
  });

  it("is one also where Node hides how it keeps its own", async (t) => {
    const server = await serve(t, "event: tick\ndata: a\n\n");
    const { code, output } = await run("no-symbols", [server.url]);
    assert.deepEqual([code, output], [0, "tick,a,true,false,true,true\n"]);
  });
});
