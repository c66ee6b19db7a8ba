// How the demo's server answers, beside the page and the stream themselves.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startDemo } from "./lib/program.js";

describe("the demo's server", { timeout: 30_000 }, () => {
  let demo;
  before(async () => (demo = await startDemo()));
  after(() => demo.kill());

  it("serves every file with its type, and lets nothing from elsewhere in", async () => {
    const types = { "": "html", "page.css": "css", "page.js": "javascript", "resumption.js": "javascript" };
    for (const [path, type] of Object.entries(types)) {
      const response = await fetch(demo.url + path);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get("content-type"), `text/${type}; charset=utf-8`);
      assert.match(response.headers.get("content-security-policy"), /default-src 'none'/);
      assert.ok((await response.text()).length > 100);
    }
  });

  it("says 404, 405 and 400 where that is the answer", async () => {
    assert.equal((await fetch(`${demo.url}nothing`)).status, 404);
    const posted = await fetch(demo.url, { method: "POST", body: "x" });
    assert.equal(posted.status, 405);
    assert.equal(posted.headers.get("allow"), "GET, HEAD");
    assert.equal((await fetch(`${demo.url}api/v1/sse?lastEventId=%FF`)).status, 400);
  });

  it("has heads without bodies", async () => {
    for (const path of ["", "api/v1/sse"]) {
      const response = await fetch(demo.url + path, { method: "HEAD" });
      assert.equal(response.status, 200);
      assert.equal(await response.text(), "");
    }
  });

  it("listens on loopback only", () => {
    assert.equal(new URL(demo.url).hostname, "127.0.0.1");
  });
});
