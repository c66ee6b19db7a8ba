// What a browser lets pages do, row by row of the table that our client is held to: which fetches open,
// what each hop hears of the page's origin, which cookies go along. If this fails and the client's
// test passes, the table is wrong and so is the client.
//
// Next: ../crates/client/tests/it/cors.rs, the same for the client.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { launch } from "./lib/browsers.js";
import { serve } from "./lib/server.js";

const TABLE = JSON.parse(
  readFileSync(new URL("../crates/testkit/src/cors.json", import.meta.url), "utf8"),
);
const COOKIES = ["l=1; SameSite=Lax; Path=/", "n=1; SameSite=None; Secure; Path=/"];

/** Runs in the page, or in a frame of it that has no origin: how the fetch ends. */
function ask(url, withCredentials) {
  return new Promise((resolve) => {
    const source = new EventSource(url, { withCredentials });
    const end = (how) => {
      source.close();
      resolve(how);
    };
    source.onmessage = () => end("opens");
    source.onerror = () => end(source.readyState === 2 ? "fails" : "is tried again");
  });
}

/** Runs in the page: the same from a sandboxed frame. */
function askOpaque(code, url, withCredentials) {
  return new Promise((resolve) => {
    const frame = document.createElement("iframe");
    frame.sandbox = "allow-scripts";
    const words = JSON.stringify([url, withCredentials]).slice(1, -1);
    frame.srcdoc = `<script>(${code})(${words}).then((how) => parent.postMessage(how, "*"))</script>`;
    addEventListener("message", (event) => {
      frame.remove();
      resolve(event.data);
    }, { once: true });
    document.body.append(frame);
  });
}

/** A profile in which other sites may have cookies, as the standard has it. */
function makeProfile() {
  const profile = mkdtempSync(join(tmpdir(), "profile-"));
  mkdirSync(join(profile, "Default"));
  const preferences = { profile: { cookie_controls_mode: 0, block_third_party_cookies: false } };
  writeFileSync(join(profile, "Default", "Preferences"), JSON.stringify(preferences));
  return profile;
}

describe("the table of fetches, in Chromium", { timeout: 120_000 }, () => {
  const servers = [];
  const origins = {};
  const profile = makeProfile();
  let answers = [];
  let heard = [];
  let browser;
  let page;

  function handle(request, response) {
    const index = Number(request.url.slice(1) || -1);
    if (!(index in answers)) {
      response.writeHead(200, { "content-type": "text/html", "set-cookie": COOKIES });
      response.end("<!doctype html><title>a page</title><body>");
      return;
    }
    const { origin = "-", cookie = "" } = request.headers;
    heard.push({ origin, cookie: cookie.replace(/[^ln]/g, "") });
    const [status, headers, body] = answers[index];
    response.writeHead(status, headers);
    response.end(body);
  }

  before(async () => {
    for (const name of ["page", "other", "far"]) {
      const server = await serve(handle);
      servers.push(server);
      origins[name] = name === "far" ? server.url.replace("127.0.0.1", "localhost") : server.url;
    }
    browser = await launch("chrome", { profile });
    page = await browser.newPage();
    await page.goto(`${origins.far}/`);
    await page.goto(`${origins.page}/`);
  });

  after(async () => {
    await browser?.close();
    rmSync(profile, { recursive: true, force: true });
    for (const server of servers) {
      await server.close();
    }
  });

  const url = ({ at, userinfo }, index) =>
    `${userinfo ? origins[at].replace("://", "://user:pass@") : origins[at]}/${index}`;

  function answer(hop, index, hops) {
    const next = hops[index + 1];
    const headers = hop.headers.flatMap(([name, value]) => {
      const own = value.replace("$page", origins.page);
      return [name, own.replace("$PAGE", origins.page.toUpperCase())];
    });
    return next
      ? [302, [...headers, "location", url(next, index + 1)], ""]
      : [200, [...headers, "content-type", "text/event-stream"], "data: a\n\n"];
  }

  for (const row of TABLE) {
    it(row.name, async () => {
      heard = [];
      answers = row.hops.map(answer);
      const start = url(row.hops[0], 0);
      const how =
        row.page === "opaque"
          ? await page.evaluate(askOpaque, ask.toString(), start, row.withCredentials)
          : await page.evaluate(ask, start, row.withCredentials);
      const said = heard.map(({ origin }) => (origin === origins.page ? "page" : origin));
      const cookies = heard.map(({ cookie }) => cookie);
      assert.deepEqual(
        { how, said, cookies },
        { how: row.opens ? "opens" : "fails", said: row.origins, cookies: row.chromium ?? row.cookies },
      );
    });
  }
});
