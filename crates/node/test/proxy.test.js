/** Which way requests leave: as those of Node's `fetch`, or as the source says. */

import { once } from "node:events";
import http from "node:http";
import { describe, it } from "node:test";

import { refusing, serve, stream } from "./helpers/server.js";
import { EventSource, assert, next, open } from "./helpers/sources.js";

/** A host that only a proxy finds. */
const URL_ELSEWHERE = "http://wellspring.invalid/stream";

const NAMES = ["NODE_USE_ENV_PROXY", "NODE_OPTIONS"].concat(
  ["http_proxy", "https_proxy", "no_proxy"].flatMap((name) => [name, name.toUpperCase()]),
);

/** These variables and no others, until the test is over. */
function environment(t, variables) {
  const before = NAMES.map((name) => [name, process.env[name]]);
  const set = ([name, value]) => {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  };
  NAMES.forEach((name) => set([name, variables[name]]));
  t.after(() => before.forEach(set));
}

/** Whether a source gets there, and not by the network's own means. */
async function isProxied(t, proxy, options, url = URL_ELSEWHERE) {
  const before = proxy.requests.length;
  const source = open(t, url, { backoff: { maxAttempts: 1 }, ...options });
  const [event] = await Promise.race([once(source, "message"), once(source, "error")]);
  source.close();
  return event.type === "message" && proxy.requests.length > before;
}

describe("the environment's proxies", () => {
  it("are not used unless Node is told to", async (t) => {
    const proxy = await serve(t, "data: x\n\n");
    for (const NODE_USE_ENV_PROXY of [undefined, "0", ""]) {
      environment(t, { http_proxy: proxy.origin, HTTP_PROXY: proxy.origin, NODE_USE_ENV_PROXY });
      assert.equal(await isProxied(t, proxy), false);
    }
    assert.equal(proxy.requests.length, 0);
  });

  it("are used where Node is told to, in lower case and in upper case", async (t) => {
    const proxy = await serve(t, "data: x\n\n");
    const asked = [{ NODE_USE_ENV_PROXY: "1" }, { NODE_OPTIONS: "--no-warnings --use-env-proxy" }];
    for (const how of asked) {
      for (const name of ["http_proxy", "HTTP_PROXY"]) {
        environment(t, { ...how, [name]: proxy.origin });
        assert.equal(await isProxied(t, proxy), true, name);
      }
    }
    assert.equal(proxy.requests[0].url, URL_ELSEWHERE);
    environment(t, { NODE_USE_ENV_PROXY: "1", NODE_OPTIONS: "--no-use-env-proxy", http_proxy: proxy.origin });
    assert.equal(await isProxied(t, proxy), false);
  });

  it("are passed by where no_proxy says so, and to reach this machine", async (t) => {
    const proxy = await serve(t, "data: x\n\n");
    const server = await serve(t, "data: x\n\n");
    environment(t, { NODE_USE_ENV_PROXY: "1", http_proxy: proxy.origin, NO_PROXY: "other.example, .invalid" });
    assert.equal(await isProxied(t, proxy), false);
    environment(t, { NODE_USE_ENV_PROXY: "1", http_proxy: proxy.origin });
    await next(open(t, server.url), "message");
    assert.equal(proxy.requests.length, 0);
  });

  it("are chosen by the scheme of each hop", async (t) => {
    const tunnels = [];
    const secure = http.createServer();
    secure.on("connect", (request, socket) => {
      tunnels.push(request.url);
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    });
    secure.listen(0, "127.0.0.1");
    await once(secure, "listening");
    t.after(() => secure.close());
    const proxy = await serve(t, refusing(307, { location: "https://wellspring.invalid/" }));
    const https_proxy = `http://127.0.0.1:${secure.address().port}`;
    environment(t, { NODE_USE_ENV_PROXY: "1", http_proxy: proxy.origin, https_proxy });
    const { message } = await next(open(t, URL_ELSEWHERE), "error");
    assert.match(message, /502/);
    assert.equal(proxy.requests.length, 1);
    assert.deepEqual(tunnels, ["wellspring.invalid:443"]);
  });
});

describe("the option proxy", () => {
  it("wins over the environment, and knows user and password", async (t) => {
    const proxy = await serve(t, "data: x\n\n");
    const url = new URL(proxy.origin);
    url.username = "me";
    url.password = "p@ss";
    environment(t, { NODE_USE_ENV_PROXY: "1", http_proxy: "http://127.0.0.1:9" });
    for (const each of [url, url.href]) {
      assert.equal(await isProxied(t, proxy, { proxy: each }), true);
    }
    const expected = `Basic ${Buffer.from("me:p@ss").toString("base64")}`;
    assert.equal(proxy.requests[0].headers["proxy-authorization"], expected);
    const server = await serve(t, "data: x\n\n");
    assert.equal(await isProxied(t, proxy, { proxy: url }, server.url), true);
    assert.equal(server.requests.length, 0);
  });

  it("null is none", async (t) => {
    const proxy = await serve(t, stream("data: x\n\n"));
    environment(t, { NODE_USE_ENV_PROXY: "1", http_proxy: proxy.origin });
    assert.equal(await isProxied(t, proxy, { proxy: null }), false);
    assert.equal(proxy.requests.length, 0);
  });

  it("that is none is a TypeError, without the password", () => {
    for (const proxy of [5, {}, "gopher://me:secret@proxy.example", "http://me:secret@"]) {
      assert.throws(() => new EventSource(URL_ELSEWHERE, { proxy }), (error) => {
        assert.equal(error.name, "TypeError");
        assert.doesNotMatch(error.message, /secret/);
        return true;
      });
    }
  });

  it("a proxy that does not answer is a network error that says so", async (t) => {
    const source = open(t, URL_ELSEWHERE, { proxy: "http://127.0.0.1:9" });
    const { message, cause } = await next(source, "error");
    assert.equal(source.readyState, EventSource.CONNECTING);
    assert.match(message, /proxy/);
    assert.equal(cause.code, "network-error");
  });
});
