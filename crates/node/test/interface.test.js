/** The interface, to the letter of WebIDL (HTML Standard 9.2.2). */

import { describe, it } from "node:test";

import { serve } from "./helpers/server.js";
import { EventSource, assert, open } from "./helpers/sources.js";

/** Nobody listens there; the constructor does not mind. */
const NOWHERE = "http://127.0.0.1:9/";

const prototype = EventSource.prototype;
const own = (target, name) => Object.getOwnPropertyDescriptor(target, name);

describe("the interface object", () => {
  it("has the name, the length and the place of an interface", () => {
    assert.equal(EventSource.name, "EventSource");
    assert.equal(EventSource.length, 1);
    assert.equal(Object.getPrototypeOf(EventSource), EventTarget);
    assert.equal(Object.getPrototypeOf(prototype), EventTarget.prototype);
    assert.equal(prototype.constructor, EventSource);
    assert.equal(own(EventSource, "prototype").writable, false);
  });

  it("has a class string", (t) => {
    const expected = { value: "EventSource", writable: false, enumerable: false, configurable: true };
    assert.deepEqual(own(prototype, Symbol.toStringTag), expected);
    assert.equal(String(open(t, NOWHERE)), "[object EventSource]");
  });

  it("has the constants, and so has the prototype", () => {
    for (const target of [EventSource, prototype]) {
      for (const [name, value] of [["CONNECTING", 0], ["OPEN", 1], ["CLOSED", 2]]) {
        const expected = { value, writable: false, enumerable: true, configurable: false };
        assert.deepEqual(own(target, name), expected);
      }
    }
  });

  it("has enumerable attributes on the prototype", () => {
    for (const name of ["url", "withCredentials", "readyState"]) {
      const { get, set, enumerable, configurable } = own(prototype, name);
      assert.deepEqual([typeof get, set, enumerable, configurable], ["function", undefined, true, true]);
      assert.equal(get.name, `get ${name}`);
    }
    for (const name of ["onopen", "onmessage", "onerror"]) {
      const { get, set, enumerable } = own(prototype, name);
      assert.deepEqual([get.name, set.name, enumerable], [`get ${name}`, `set ${name}`, true]);
      assert.equal(set.length, 1);
    }
    const close = own(prototype, "close");
    assert.deepEqual([close.enumerable, close.writable, close.value.length], [true, true, 0]);
  });

  it("shows nothing else to who enumerates", () => {
    const letter = ["CLOSED", "CONNECTING", "OPEN", "close", "onerror", "onmessage", "onopen"];
    letter.push("readyState", "url", "withCredentials");
    assert.deepEqual(Object.keys(prototype).sort(), letter);
    assert.deepEqual(Object.keys(EventSource).sort(), ["CLOSED", "CONNECTING", "OPEN"]);
  });

  it("checks the brand", (t) => {
    const impostor = Object.create(prototype);
    for (const name of ["url", "withCredentials", "readyState", "onopen", "onmessage", "onerror"]) {
      const { get } = own(prototype, name);
      assert.throws(() => get.call(impostor), TypeError, name);
      assert.throws(() => get.call({}), TypeError, name);
    }
    assert.throws(() => own(prototype, "onopen").set.call({}, null), TypeError);
    assert.throws(() => prototype.close.call({}), TypeError);
    const source = open(t, NOWHERE);
    assert.equal(own(prototype, "url").get.call(source), NOWHERE);
    assert.deepEqual(Object.keys(source), []);
  });
});

describe("the constructor", () => {
  it("needs new and an argument", () => {
    assert.throws(() => EventSource(NOWHERE), TypeError);
    assert.throws(() => new EventSource(), TypeError);
  });

  it("converts its argument to a string of scalar values", (t) => {
    const base = "http://127.0.0.1:9/";
    assert.equal(open(t, new URL(base)).url, base);
    assert.equal(open(t, { toString: () => base }).url, base);
    assert.equal(open(t, `${base}?\ud800`).url, `${base}?%EF%BF%BD`);
    assert.throws(() => new EventSource(Symbol("no")), TypeError);
    const error = new RangeError("mine");
    const thrower = {
      toString() {
        throw error;
      },
    };
    assert.throws(() => new EventSource(thrower), (thrown) => thrown === error);
  });

  it("throws a SyntaxError DOMException for what does not parse", () => {
    for (const bad of ["http://this is invalid/", "", null, undefined, 42, {}, "relative/path"]) {
      const isSyntaxError = (error) =>
        error instanceof DOMException && error.name === "SyntaxError" && error.code === 12;
      assert.throws(() => new EventSource(bad), isSyntaxError, String(bad));
    }
  });

  it("does not refuse a scheme that is not http", async (t) => {
    const source = open(t, "mailto:somebody@example.com");
    assert.equal(source.readyState, EventSource.CONNECTING);
    await new Promise((resolve) => source.addEventListener("error", resolve));
    assert.equal(source.readyState, EventSource.CLOSED);
  });

  it("takes withCredentials from the dictionary", (t) => {
    const withCredentials = (init) => open(t, NOWHERE, init).withCredentials;
    for (const no of [undefined, null, {}, { withCredentials: 0 }, { withCredentials: undefined }]) {
      assert.equal(withCredentials(no), false);
    }
    for (const yes of [{ withCredentials: true }, { withCredentials: "yes" }, { withCredentials: {} }]) {
      assert.equal(withCredentials(yes), true);
    }
    assert.throws(() => new EventSource(NOWHERE, 1), TypeError);
    assert.throws(() => new EventSource(NOWHERE, "options"), TypeError);
  });

  it("gives the serialization of the URL", async (t) => {
    const source = open(t, "HTTP://User:Pass@127.0.0.1:80/a/../b c?d#e");
    assert.equal(source.url, "http://User:Pass@127.0.0.1/b%20c?d#e");
    const server = await serve(t, "data: x\n\n");
    const other = open(t, server.url);
    assert.throws(() => {
      other.url = "http://example.com/";
    }, TypeError);
    assert.equal(other.url, server.url);
  });

  it("begins CONNECTING, and tells nobody before the next task", async (t) => {
    const server = await serve(t, "data: x\n\n");
    const source = open(t, server.url);
    assert.equal(source.readyState, EventSource.CONNECTING);
    await new Promise((resolve) => source.addEventListener("open", resolve));
    assert.equal(source.readyState, EventSource.OPEN);
  });
});

describe("a subclass", () => {
  it("is an EventSource", () => {
    class Mine extends EventSource {}
    const source = new Mine(NOWHERE);
    assert.ok(source instanceof EventSource && source instanceof EventTarget);
    source.close();
    assert.equal(source.readyState, 2);
  });
});
