/** Who is trusted: what the platform trusts, and what Node is told to trust besides. */

import { once } from "node:events";
import https from "node:https";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, it } from "node:test";

import { certificate } from "./helpers/certificate.js";
import { run } from "./helpers/process.js";
import { stream } from "./helpers/server.js";
import { assert } from "./helpers/sources.js";

async function serve(t, identity) {
  const server = https.createServer(identity, (_, response) => stream("data: x\n\n")(response));
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `https://127.0.0.1:${server.address().port}/`;
}

/** What the first event is, where this file is trusted too. */
async function first(url, NODE_EXTRA_CA_CERTS) {
  const { code, output } = await run("first", [url], 30_000, { NODE_EXTRA_CA_CERTS });
  assert.equal(code, 0, output);
  return output;
}

describe("NODE_EXTRA_CA_CERTS", () => {
  it("is trusted too, and nobody else", async (t) => {
    const identity = certificate();
    const url = await serve(t, identity);
    const folder = mkdtempSync(path.join(tmpdir(), "wellspring-"));
    t.after(() => rmSync(folder, { recursive: true }));
    const file = (name, text) => {
      writeFileSync(path.join(folder, name), text);
      return path.join(folder, name);
    };
    assert.equal(await first(url, file("extra.pem", identity.cert)), "message x\n");
    const others = [undefined, file("other.pem", certificate().cert), file("none.pem", "no PEM"), `${folder}/missing.pem`];
    for (const other of others) {
      assert.match(await first(url, other), /^error .*certificate/m);
    }
  });
});
