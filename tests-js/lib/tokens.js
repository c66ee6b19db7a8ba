// Tokens of the Mercure protocol, made as applications make them. In: grants. Out: signed tokens of both
// dialects, and the options of a hub that takes them.

import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ISSUER = "https://issuer.example";
const SECRET = "a secret of the tests, long enough for HS256";
const DETAIL = "https://mercure.rocks/authorization-detail";

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token of the 0.x dialect. */
export function legacyToken(grants) {
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part({ mercure: grants })}`;
  return `${signed}.${createHmac("sha256", SECRET).update(signed).digest("base64url")}`;
}

/** An issuer of tokens of the 1.0 dialect, and the options of a hub that knows it. */
export async function makeIssuer() {
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const folder = await mkdtemp(join(tmpdir(), "wellspring-issuer-"));
  const file = join(folder, "public.pem");
  await writeFile(file, keys.publicKey.export({ type: "spki", format: "pem" }));
  const key = { key: keys.privateKey, dsaEncoding: "ieee-p1363" };
  const token = (hub, actions, topics) => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: ISSUER, aud: hub, iat: now, exp: now + 600, sub: "reader", client_id: "page", jti: `${now}` };
    const details = [{ type: DETAIL, actions, topics }];
    const signed = `${part({ alg: "ES256", typ: "at+jwt" })}.${part({ ...claims, authorization_details: details })}`;
    return `${signed}.${sign("sha256", signed, key).toString("base64url")}`;
  };
  const words = ["--issuer", `${ISSUER}=file:${file}`, "--issuer-alg", "ES256"];
  return { token, words, close: () => rm(folder, { recursive: true }) };
}

/** The options of a hub that takes tokens of the 0.x dialect. */
export const LEGACY_KEYS = ["--publisher-key", SECRET, "--subscriber-key", SECRET];
