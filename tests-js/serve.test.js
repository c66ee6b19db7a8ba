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

const SIZES = { desktop: { width: 1200, height: 900 }, phone: { width: 390, height: 844 } };

/** Runs in the page: what it shows. */
function look() {
  const text = (id) => document.getElementById(id).textContent;
  const data = [...document.querySelectorAll("#messages .data")].map((item) => item.textContent);
  const log = [...document.querySelectorAll("#log li")].map((item) => item.textContent);
  return { state: text("state"), url: text("url"), count: Number(text("count")), data: data.reverse(), log };
}

/** Runs in the page: its field for the token. */
function asks() {
  const field = document.getElementById("token");
  return {
    isShown: field.checkVisibility(),
    focus: document.activeElement.id,
    label: field.labels[0].textContent,
    help: document.getElementById(field.getAttribute("aria-describedby")).textContent,
    invalid: field.getAttribute("aria-invalid"),
    state: document.getElementById("state-text").textContent,
  };
}

/** Firefox reports these like errors of the page; here they are wanted. */
const REFUSED = /can’t establish a connection|Cross-Origin Request Blocked/;

async function withServe(name, options, run, looks) {
  const server = await startServe(...options);
  const browser = await launch(name, looks);
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
  describe(`serve in ${name}`, { timeout: 180_000 }, () => {
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

    it("asks for the token, and takes it from the field or from the address", async () => {
      await withServe(name, ["--token", "s3+cret"], async (page, server) => {
        const refused = [];
        page.on("response", (response) => response.status() === 401 && refused.push(response.url()));
        server.write("a\nb\n");
        await page.goto(server.url);
        await until(page, asks, (seen) => seen.isShown && seen.state === "needs a token");
        // The field has the focus, a name, and a text that says what it is for.
        const field = await page.evaluate(asks);
        assert.deepEqual([field.focus, field.label, field.invalid], ["token", "Token", "false"]);
        assert.match(field.help, /started with/);
        assert.ok((await page.evaluate(look)).log.some((line) => line.includes("status 401")));

        await page.keyboard.type("wrong");
        await page.keyboard.press("Enter");
        const wrong = await until(page, asks, (seen) => seen.invalid === "true");
        assert.equal(wrong.state, "wrong token");
        await page.keyboard.type("s3+cret");
        await page.keyboard.press("Enter");
        const seen = await until(page, look, (seen) => seen.count === 2);
        assert.deepEqual(seen.data, ["a", "b"]);
        assert.ok(!seen.url.includes("cret"), seen.url);
        assert.equal((await page.evaluate(asks)).isShown, false);
        assert.ok(!page.url().includes("cret"), page.url());

        // As the program prints it: behind "#", which is sent to no server.
        await page.goto("about:blank");
        refused.length = 0;
        await page.goto(`${server.url}#token=s3%2Bcret`);
        await until(page, look, (seen) => seen.count === 2);
        assert.deepEqual(refused, []);
        // Another one without loading the page again.
        await page.evaluate(() => (location.hash = "#token=other"));
        await until(page, asks, (seen) => seen.isShown);
      });
    });

    it("asks for the token in a way worth looking at", async () => {
      await mkdir(SCREENSHOTS, { recursive: true });
      for (const scheme of ["light", "dark"]) {
        await withServe(name, ["--token", "s3cret"], async (page, server) => {
          for (const [size, viewport] of Object.entries(SIZES)) {
            await page.setViewport(viewport);
            await page.goto(server.url);
            await until(page, asks, (seen) => seen.isShown);
            const overflow = await page.evaluate(
              () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
            );
            assert.ok(overflow <= 0, `${size}: ${overflow} pixels too wide`);
            await page.screenshot({ path: `${SCREENSHOTS}${name}-${scheme}-${size}-token.png` });
          }
        }, { scheme });
      }
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

describe("a page whose name points at this machine", { timeout: 60_000 }, () => {
  it("reads nothing of serve, unless it is named", async () => {
    const flags = ["--host-resolver-rules=MAP *.example 127.0.0.1"];
    const browser = await launch("chrome", { flags });
    const server = await startServe("--allow-host", "good.example");
    server.write("secret\n");
    const port = new URL(server.url).port;
    try {
      const page = await browser.newPage();
      const refused = await page.goto(`http://evil.example:${port}/`);
      assert.equal(refused.status(), 421);
      assert.match(await refused.text(), /--allow-host evil\.example/);
      assert.equal(await page.evaluate(first, 1, "/events"), "error");
      await page.goto(`http://good.example:${port}/`);
      const seen = await until(page, look, ({ count }) => count === 1);
      assert.deepEqual(seen.data, ["secret"]);
    } finally {
      await browser.close();
      await server.kill();
    }
  });
});
