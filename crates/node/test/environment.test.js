/** With a location, and without. */

import { describe, it } from "node:test";

import { serve } from "./helpers/server.js";
import { EventSource, assert, next, open } from "./helpers/sources.js";

function withLocation(t, href) {
  globalThis.location = { href };
  t.after(() => delete globalThis.location);
}

describe("the environment", () => {
  it("location is the base of relative URLs, as it is at construction", async (t) => {
    const server = await serve(t, "data: x\n\n");
    withLocation(t, `${server.origin}/a/page.html#top`);
    assert.equal(open(t, "b?c").url, `${server.origin}/a/b?c`);
    assert.equal(open(t, "").url, `${server.origin}/a/page.html`);
    const source = open(t, "/stream");
    globalThis.location.href = "http://127.0.0.1:9/";
    await next(source, "message");
    assert.equal(server.requests.at(-1).url, "/stream");
    assert.equal(open(t, "x").url, "http://127.0.0.1:9/x");
  });

  it("a location that is no URL is none", (t) => {
    for (const href of ["nowhere", undefined, 5]) {
      withLocation(t, href);
      assert.throws(() => new EventSource("relative"), { name: "SyntaxError" });
    }
  });
});
