// `wellspring serve` in real browsers: its page, and a page of another origin.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { BROWSERS, launch } from "./lib/browsers.js";
import { startServe } from "./lib/program.js";
import { serve } from "./lib/server.js";
import { until } from "./lib/until.js";

const SCREENSHOTS = new URL("screenshots/", import.meta.url).pathname;

/** Runs in the page: what it shows. */
function look() {
  const text = (id) => document.getElementById(id).textContent;
  const data = [...document.querySelectorAll("#messages .data")].map((item) => item.textContent);
  return { state: text("state"), url: text("url"), count: Number(text("count")), data: data.reverse() };
}

/** Firefox reports these like errors of the page; here they are wanted. */
const REFUSED = /can’t establish a connection|Cross-Origin Request Blocked/;

async function withServe(name, options, run) {
  const server = await startServe(...options);
  const browser = await launch(name);
  try {
    const page = await browser.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    await run(page, server);
    assert.deepEqual(errors.filter((error) => !REFUSED.test(error)), []);
  } finally {
    await browser.close();
    await server.kill();
  }
}

/** Runs in a page: the data of the first events of a stream, or that it fails. */
function first(count, url) {
  return new Promise((resolve) => {
    const data = [];
    const source = new EventSource(url);
    const done = (result) => {
      source.close();
      resolve(result);
    };
    source.onerror = () => done("error");
    source.onmessage = (event) => data.push(event.data) === count && done(data);
  });
}

/** Runs in a page: the status of a fetch that the browser asks about before. */
async function fetched(url, headers) {
  const response = await fetch(url, { headers });
  await response.body.cancel();
  return response.status;
}

for (const name of BROWSERS) {
  describe(`serve in ${name}`, { timeout: 60_000 }, () => {
    it("shows two lines as two events, and what comes later", async () => {
      await withServe(name, [], async (page, server) => {
        server.write("a\nb\n");
        await page.goto(server.url);
        const two = await until(page, look, (seen) => seen.count === 2);
        assert.deepEqual(two.data, ["a", "b"]);
        assert.equal(two.state, "OPEN");
        server.write("c < & \u2028 d\n");
        server.end();
        const three = await until(page, look, (seen) => seen.count === 3);
        assert.deepEqual(three.data, ["a", "b", "c < & \u2028 d"]);

        await page.click("#close");
        await until(page, look, (seen) => seen.state === "CLOSED");
        await page.click("#reopen");
        await until(page, look, (seen) => seen.state === "OPEN");
        await sleep(300);
        assert.equal((await page.evaluate(look)).count, 3, "the history is not sent again");
        await mkdir(SCREENSHOTS, { recursive: true });
        await page.setViewport({ width: 1200, height: 900 });
        await page.screenshot({ path: `${SCREENSHOTS}${name}-serve.png` });
      });
    });

    it("shows named events to who asks for them, over TLS and with a token", async () => {
      const options = ["--format", "json", "--token", "s3cret", "--tls-self-signed"];
      await withServe(name, options, async (page, server) => {
        server.write('{"data":"x"}\n{"event":"notice","data":"y"}\n{"event":"error","data":"z"}\n');
        server.write('{"event":"other","data":"unseen"}\n{"data":"end"}\n');
        await page.goto(`${server.url}?token=s3cret&event=notice&event=error`);
        const seen = await until(page, look, (seen) => seen.data.includes("end"));
        assert.deepEqual(seen.data, ["x", "y", "z", "end"]);
        assert.ok(!seen.url.includes("s3cret"), seen.url);
        await page.goto(server.url);
        assert.deepEqual((await until(page, look, (seen) => seen.state === "CLOSED")).data, []);
      });
    });

    it("lets a page of another origin read if it is named", async () => {
      const other = await serve((request, response) => {
        response.writeHead(200, { "content-type": "text/html" });
        response.end("<!doctype html><title>elsewhere</title>");
      });
      try {
        await withServe(name, ["--cors", other.url], async (page, server) => {
          server.write("a\nb\n");
          await page.goto(other.url);
          assert.deepEqual(await page.evaluate(first, 2, `${server.url}events`), ["a", "b"]);
          const headers = { "cache-control": "no-cache", "x-requested-with": "XMLHttpRequest" };
          assert.equal(await page.evaluate(fetched, `${server.url}events`, headers), 200);
        });
        await withServe(name, ["--cors", "https://a.example"], async (page, server) => {
          server.write("a\n");
          await page.goto(other.url);
          assert.equal(await page.evaluate(first, 1, `${server.url}events`), "error");
        });
      } finally {
        await other.close();
      }
    });
  });
}
