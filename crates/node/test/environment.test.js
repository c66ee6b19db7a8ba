/** With a location, and without. */

import { describe, it } from "node:test";
import { Worker } from "node:worker_threads";

import { program } from "./helpers/process.js";
import { serve, stream } from "./helpers/server.js";
import { EventSource, assert, next, once, open } from "./helpers/sources.js";

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

  it("location is the origin: another one has to allow it", async (t) => {
    const allowing = (origin) => stream("data: x\n\n", { "access-control-allow-origin": origin });
    const server = await serve(t, allowing("http://page.example"), allowing("http://other.example"));
    withLocation(t, "http://page.example/a");
    await next(open(t, server.url), "message");
    assert.equal(server.requests[0].headers.origin, "http://page.example");
    const source = open(t, server.url);
    const error = await next(source, "error");
    assert.equal(source.readyState, EventSource.CLOSED);
    assert.match(error.message, /Access-Control-Allow-Origin is "http:\/\/other\.example"/);
    assert.equal(server.requests.length, 2);
  });

  it("a page of a file has an opaque origin", async (t) => {
    const server = await serve(t, stream("data: x\n\n", { "access-control-allow-origin": "null" }));
    withLocation(t, "file:///home/page.html");
    await next(open(t, server.url), "message");
    assert.equal(server.requests[0].headers.origin, "null");
  });

  it("without a location there is no origin, and no CORS and no cookies", async (t) => {
    const answer = stream("data: x\n\n", { "set-cookie": "a=1; Path=/" });
    const server = await serve(t, answer);
    for (const withCredentials of [false, true]) {
      await next(open(t, server.url, { withCredentials }), "message");
    }
    for (const { headers } of server.requests) {
      assert.equal(headers.origin, undefined);
      assert.equal(headers.cookie, undefined);
    }
  });

  it("cookies are the environment's, and go where credentials go", async (t) => {
    const at = (page) => ({
      "access-control-allow-origin": page,
      "access-control-allow-credentials": "true",
      "set-cookie": "of-environment=1; Path=/",
    });
    const other = "http://127.0.0.1:9";
    const server = await serve(t, stream("data: x\n\n", at(other)));
    withLocation(t, `${server.origin}/page`);
    await next(open(t, server.url), "message");
    await next(open(t, server.url), "message");
    assert.equal(server.requests[1].headers.cookie, "of-environment=1");
    globalThis.location.href = `${other}/page`;
    await next(open(t, server.url), "message");
    assert.equal(server.requests[2].headers.cookie, undefined);
    await next(open(t, server.url, { withCredentials: true }), "message");
    assert.equal(server.requests[3].headers.cookie, "of-environment=1");
  });

  it("cookies are not another environment's", async (t) => {
    const cookie = { "set-cookie": "of-this-environment=1; Path=/" };
    const server = await serve(t, stream("data: x\n\n", cookie), stream("data: x\n\n"));
    withLocation(t, `${server.origin}/page`);
    for (let n = 0; n < 2; n++) await next(open(t, server.url), "message");
    const worker = new Worker(program("with-location"), { workerData: server.url });
    await once(worker, "exit");
    const sent = server.requests.map(({ headers }) => /of-this-environment=1/.test(headers.cookie));
    assert.deepEqual(sent, [false, true, false]);
  });

  it("what needs a preflight is a TypeError unless it is allowed without", async (t) => {
    const server = await serve(t, stream("data: x\n\n", { "access-control-allow-origin": "*" }));
    withLocation(t, "http://page.example/");
    const headers = { authorization: "Bearer t" };
    assert.throws(() => new EventSource(server.url, { headers }), {
      name: "TypeError",
      message: /the header 'authorization' needs a preflight/,
    });
    const source = open(t, server.url, { headers, allowWithoutPreflight: true });
    await next(source, "message");
    assert.equal(server.requests[0].headers.authorization, "Bearer t");
  });
});
