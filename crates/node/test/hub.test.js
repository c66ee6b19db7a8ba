/** The hub read from Node, in both dialects: private updates, and the same place after a kill. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";

import { startKeyedHub } from "../../../tests-js/lib/program.js";
import { freePort } from "../../../tests-js/lib/server.js";
import { LEGACY_KEYS, legacyToken, makeIssuer } from "../../../tests-js/lib/tokens.js";
import { assert, open, until } from "./helpers/sources.js";

const TOPIC = "https://example.com/books/1";

const DIALECTS = {
  "0.x": {
    query: "topic",
    cookie: "mercureAuthorization",
    token: () => legacyToken({ subscribe: [TOPIC] }),
  },
  "1.0": {
    query: "match",
    cookie: "mercure_access_token",
    token: (hub, issuer) => issuer.token(hub, ["subscribe"], [{ match: TOPIC, match_type: "exact" }]),
  },
};

/** A hub whose history is on disk; `restart` kills it first. */
async function startHub(t) {
  const data = await mkdtemp(join(tmpdir(), "wellspring-hub-"));
  const issuer = await makeIssuer();
  const port = await freePort();
  const words = [...LEGACY_KEYS, ...issuer.words, "--anonymous", "--data", data];
  const hub = { issuer, now: await startKeyedHub(port, words) };
  hub.restart = async () => {
    await hub.now.kill();
    hub.now = await startKeyedHub(port, words);
  };
  t.after(async () => {
    await hub.now.kill();
    await issuer.close();
    await rm(data, { recursive: true });
  });
  return hub;
}

async function publish(hub, data) {
  const response = await fetch(hub.now.url, {
    method: "POST",
    headers: { Authorization: `Bearer ${legacyToken({ publish: ["*"] })}` },
    body: new URLSearchParams({ topic: TOPIC, data, private: "on" }),
  });
  const id = await response.text();
  assert.equal(response.status, 200, id);
  return id;
}

/** A source for the topic, open, and what it has got. */
async function subscribe(t, hub, query, headers) {
  const events = [];
  const source = open(t, `${hub.now.url}?${query}=${encodeURIComponent(TOPIC)}`, { headers });
  source.onmessage = ({ data, lastEventId }) => events.push([data, lastEventId]);
  await until(() => source.readyState === source.OPEN, "open");
  return { events, source };
}

describe("the hub", () => {
  for (const [dialect, { query, cookie, token }] of Object.entries(DIALECTS)) {
    it(`private updates come to who may read them, and none is lost over a kill, ${dialect}`, async (t) => {
      const hub = await startHub(t);
      const held = token(hub.now.url, hub.issuer);
      const readers = [
        await subscribe(t, hub, query, { Authorization: `Bearer ${held}` }),
        await subscribe(t, hub, query, { Cookie: `${cookie}=${held}` }),
      ];
      const stranger = await subscribe(t, hub, query, {});
      const expected = [["one", await publish(hub, "one")]];
      await until(() => readers.every(({ events }) => events.length === 1), "one event for each reader");

      await hub.restart();
      for (const data of ["two", "three"]) expected.push([data, await publish(hub, data)]);
      // Reconnection takes its time: it begins with some seconds, and is longer when it fails.
      for (let tries = 0; tries < 8 && readers.some(({ events }) => events.length < 3); tries += 1) {
        await until(() => readers.every(({ events }) => events.length >= 3), "all").catch(() => {});
      }
      for (const { events } of readers) assert.deepEqual(events, expected);
      assert.deepEqual(stranger.events, []);
    });
  }
});
