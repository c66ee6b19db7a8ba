/** A certificate that nobody knows. In: nothing. Out: a key and a certificate for 127.0.0.1, signed by itself, as PEM. */

import { generateKeyPairSync, sign } from "node:crypto";

/** The encoding of certificates (DER): a tag, a length, the contents. */
function der(tag, ...contents) {
  const content = Buffer.concat(contents);
  const { length } = content;
  const long = length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  const head = length < 128 ? [length] : long;
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}
const sequence = (...contents) => der(0x30, ...contents);
const time = (text) => der(0x17, Buffer.from(text));
const bits = (bytes) => der(0x03, Buffer.from([0]), bytes);
const octets = (bytes) => der(0x04, bytes);
const identifier = (...bytes) => der(0x06, Buffer.from(bytes));

const COMMON_NAME = identifier(0x55, 0x04, 0x03);
const SUBJECT_ALTERNATIVE_NAME = identifier(0x55, 0x1d, 0x11);
const ECDSA_WITH_SHA256 = sequence(identifier(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const VERSION_3 = der(0xa0, der(0x02, Buffer.from([2])));

export function certificate() {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const name = sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from("nobody")))));
  const validity = sequence(time("200101000000Z"), time("491231235959Z"));
  const address = der(0x87, Buffer.from([127, 0, 0, 1]));
  const extensions = sequence(sequence(SUBJECT_ALTERNATIVE_NAME, octets(sequence(address))));
  const signed = sequence(
    VERSION_3,
    der(0x02, Buffer.from([1])),
    ECDSA_WITH_SHA256,
    name,
    validity,
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, extensions),
  );
  const whole = sequence(signed, ECDSA_WITH_SHA256, bits(sign("sha256", signed, privateKey)));
  const text = whole.toString("base64").match(/.{1,64}/g).join("\n");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }),
    cert: `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`,
  };
}
