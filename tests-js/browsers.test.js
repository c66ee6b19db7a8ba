// What the browsers themselves do with an event stream: if this fails, no test of our own page can
// be believed. A Node server writes the stream, the page's EventSource reads it.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BROWSERS, launch } from "./lib/browsers.js";
import { serve } from "./lib/server.js";

const STREAM = "retry: 60000\n\ndata: hello\n\nid: 7\nevent: notice\ndata: a\ndata: b\n\n";

/** Runs in the page: everything an EventSource reports until it has to reconnect. */
function collect(path) {
  return new Promise((resolve) => {
    const seen = [];
    const source = new EventSource(path);
    const note = (event) => seen.push([event.type, event.data, event.lastEventId]);
    source.onopen = () => seen.push(["open"]);
    source.onmessage = note;
    source.addEventListener("notice", note);
    source.onerror = () => {
      seen.push(["error", source.readyState]);
      source.close();
      resolve(seen);
    };
  });
}

function handle(request, response) {
  if (request.url === "/stream") {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(STREAM);
    return;
  }
  response.writeHead(200, { "content-type": "text/html" });
  response.end("<!doctype html><title>a page</title>");
}

for (const name of BROWSERS) {
  describe(name, { timeout: 60_000 }, () => {
    it("reads an event stream as the standard says", async () => {
      const server = await serve(handle);
      const browser = await launch(name);
      try {
        const page = await browser.newPage();
        await page.goto(`${server.url}/`);
        assert.deepEqual(await page.evaluate(collect, "/stream"), [
          ["open"],
          ["message", "hello", ""],
          ["notice", "a\nb", "7"],
          ["error", 0],
        ]);
      } finally {
        await browser.close();
        await server.close();
      }
    });
  });
}
