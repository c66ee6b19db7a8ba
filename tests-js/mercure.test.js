// The hub as web pages use it: `EventSource` in both dialects, private updates by cookie, and the element
// that Symfony's pages have for it. No page of ours takes part.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { BROWSERS, launch } from "./lib/browsers.js";
import { startKeyedHub } from "./lib/program.js";
import { freePort, serve } from "./lib/server.js";
import { LEGACY_KEYS, legacyToken, makeIssuer } from "./lib/tokens.js";
import { until } from "./lib/until.js";

const TOPIC = "https://example.com/books/1";
const OTHER = "https://example.com/books/2";

/** Where each dialect looks for a token, and how it asks for a topic. */
const DIALECTS = {
  "0.x": { cookie: "mercureAuthorization", query: `topic=${encodeURIComponent(TOPIC)}` },
  "1.0": { cookie: "mercure_access_token", query: `match=${encodeURIComponent(TOPIC)}` },
};

/** Files of packages that a page imports, by the path it has here. */
const MODULES = {
  "/turbo.js": "@hotwired/turbo/dist/turbo.es2017-esm.js",
  "/element.js": "@symfony/ux-turbo/dist/mercure_stream_source_element.js",
};

let pages;
let issuer;
let hub;
let browser;

/** Answers `/?cookie=NAME&token=T` with a page that has this cookie, and everything else with a module. */
async function answer(request, response) {
  const url = new URL(request.url, "http://pages");
  if (Object.hasOwn(MODULES, url.pathname)) {
    response.setHeader("Content-Type", "text/javascript");
    response.end(await readFile(new URL(`node_modules/${MODULES[url.pathname]}`, import.meta.url)));
    return;
  }
  response.setHeader("Content-Type", "text/html; charset=utf-8");
  const name = url.searchParams.get("cookie");
  if (name !== null) {
    response.setHeader("Set-Cookie", `${name}=${url.searchParams.get("token")}; Path=/.well-known/mercure; HttpOnly`);
  }
  response.end(`<!doctype html><title>Books</title><script type="importmap">
    {"imports":{"@hotwired/turbo":"/turbo.js"}}</script><ul id="books"></ul>`);
}

before(async () => {
  pages = await serve((request, response) => answer(request, response).catch((error) => response.destroy(error)));
  issuer = await makeIssuer();
  const words = [...LEGACY_KEYS, ...issuer.words, "--anonymous", "--cors", pages.url];
  hub = await startKeyedHub(await freePort(), words);
});

after(async () => {
  await hub?.kill();
  await issuer?.close();
  await pages?.close();
});

async function publish(fields) {
  const response = await fetch(hub.url, {
    method: "POST",
    headers: { Authorization: `Bearer ${legacyToken({ publish: ["*"] })}` },
    body: new URLSearchParams(fields),
  });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return text;
}

function tokenFor(dialect, topic) {
  return dialect === "0.x"
    ? legacyToken({ subscribe: [topic] })
    : issuer.token(hub.url, ["subscribe"], [{ match: topic, match_type: "exact" }]);
}

/** Runs with a page that shares no cookies with the others. */
async function withPage(query, run) {
  const context = await browser.createBrowserContext();
  try {
    const page = await context.newPage();
    await page.goto(`${pages.url}/?${new URLSearchParams(query)}`);
    await run(page);
  } finally {
    await context.close();
  }
}

/** Opens an event source in the page and waits until it is open; `window.seen` is what it tells. */
async function subscribe(page, url, withCredentials) {
  await page.evaluate(
    (url, withCredentials) => {
      window.seen = { opened: 0, closed: false, events: [] };
      const source = new EventSource(url, { withCredentials });
      source.onopen = () => (window.seen.opened += 1);
      source.onerror = () => (window.seen.closed = source.readyState === EventSource.CLOSED);
      const keep = ({ type, data, lastEventId }) => window.seen.events.push({ type, data, lastEventId });
      source.onmessage = keep;
      source.addEventListener("review", keep);
    },
    url,
    withCredentials,
  );
  return until(page, () => window.seen, (seen) => seen.opened === 1 || seen.closed);
}

const seenIn = (page, wanted) => until(page, () => window.seen, wanted);

for (const name of BROWSERS) {
  describe(`the hub's clients in ${name}`, () => {
    before(async () => {
      browser = await launch(name);
    });
    after(() => browser?.close());

    for (const [dialect, { cookie, query }] of Object.entries(DIALECTS)) {
      it(`a cookie opens private updates, ${dialect}`, async () => {
        await withPage({ cookie, token: tokenFor(dialect, TOPIC) }, async (page) => {
          await subscribe(page, `${hub.url}?${query}`, true);
          const first = await publish({ topic: TOPIC, data: "one\ntwo", private: "on", type: "review" });
          const second = await publish({ topic: TOPIC, data: "public" });
          const { events } = await seenIn(page, (seen) => seen.events.length === 2);
          const expected = [
            { type: "review", data: "one\ntwo", lastEventId: first },
            { type: "message", data: "public", lastEventId: second },
          ];
          assert.deepEqual(events, expected);
        });
      });

      it(`without credentials, or with a cookie for another topic, only public ones come, ${dialect}`, async () => {
        for (const [topic, withCredentials] of [[TOPIC, false], [OTHER, true]]) {
          await withPage({ cookie, token: tokenFor(dialect, topic) }, async (page) => {
            await subscribe(page, `${hub.url}?${query}`, withCredentials);
            await publish({ topic: TOPIC, data: "secret", private: "on" });
            await publish({ topic: TOPIC, data: "public" });
            const { events } = await seenIn(page, (seen) => seen.events.length > 0);
            assert.deepEqual(events.map(({ data }) => data), ["public"]);
          });
        }
      });

      it(`a cookie with a token that does not hold closes the source, ${dialect}`, async () => {
        const token = tokenFor(dialect, TOPIC).slice(0, -4).concat("AAAA");
        await withPage({ cookie, token }, async (page) => {
          const seen = await subscribe(page, `${hub.url}?${query}`, true);
          assert.deepEqual(seen, { opened: 0, closed: true, events: [] });
        });
      });
    }

    it("Symfony's element renders what is published, private too, and leaves when it is removed", async () => {
      const cookie = { cookie: "mercureAuthorization", token: tokenFor("0.x", TOPIC) };
      await withPage(cookie, async (page) => {
        await page.evaluate(async (src) => {
          await import("/element.js");
          document.body.insertAdjacentHTML("beforeend", "<turbo-mercure-stream-source private>");
          const element = document.body.lastElementChild;
          element.setAttribute("src", src);
          // It connects when it is put into a page, and takes its address then.
          element.remove();
          document.body.append(element);
        }, `${hub.url}?topic=${encodeURIComponent(TOPIC)}`);
        const isConnected = () => document.querySelector("turbo-mercure-stream-source").hasAttribute("connected");
        await until(page, isConnected, (connected) => connected);
        for (const title of ["Dune", "Emma"]) {
          const data = `<turbo-stream action="append" target="books"><template><li>${title}</li></template></turbo-stream>`;
          await publish({ topic: TOPIC, data, private: "on" });
        }
        const books = () => [...document.querySelectorAll("#books li")].map((item) => item.textContent);
        await until(page, books, (books) => books.length === 2 && books[0] === "Dune" && books[1] === "Emma");
        await page.evaluate(() => document.querySelector("turbo-mercure-stream-source").remove());
        await noReaders();
      });
    });
  });
}

/** Waits until the hub counts no subscriber. */
async function noReaders() {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const metrics = await (await fetch(new URL("/metrics", hub.url))).text();
    const count = /^wellspring_hub_subscribers ([\d.]+)$/m.exec(metrics);
    assert.ok(count, `no count of subscribers in\n${metrics}`);
    if (Number(count[1]) === 0) {
      return;
    }
    assert.ok(Date.now() < deadline, `${count[0]}: still there`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
