/**
 * What `npm pack` needs besides: the binary of this platform, and the Rust sources laid out as in the
 * repository, so that the package can be built where that binary does not run.
 *
 *     node scripts/pack.js [--sources]     --sources: the binary is left as it is
 */

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import path from "node:path";

const node = fileURLToPath(new URL("..", import.meta.url));
const repository = path.join(node, "../..");
const rust = path.join(node, "rust");

/** Sections of a manifest that are about files which are not packed. */
const NOT_PACKED = /^\[(\[(test|example|bench)\]\]|(target\..*\.)?dev-dependencies\])/;

/** A crate's manifest without what only its tests and examples need. */
function withoutTests(text) {
  const sections = text.split(/^(?=\[)/m);
  return sections.filter((section) => !NOT_PACKED.test(section)).join("");
}

/** The repository's manifest without the members that are not packed. */
function manifest() {
  const text = readFileSync(path.join(repository, "Cargo.toml"), "utf8");
  return text
    .replace(/^members = .*$/m, 'members = ["crates/client", "crates/proto"]')
    .replace(/^default-members = .*\n/m, "");
}

function copy(crate, ...names) {
  for (const name of names) {
    const filter = (source) => !/[\\/]tests(\.rs)?$/.test(source);
    const from = path.join(repository, "crates", crate, name);
    const to = path.join(rust, "crates", crate, name);
    cpSync(from, to, { recursive: true, filter });
    if (name === "Cargo.toml") writeFileSync(to, withoutTests(readFileSync(to, "utf8")));
  }
}

rmSync(rust, { recursive: true, force: true });
mkdirSync(rust, { recursive: true });
writeFileSync(path.join(rust, "Cargo.toml"), manifest());
copy("proto", "Cargo.toml", "src");
copy("client", "Cargo.toml", "src");
copy("node", "Cargo.toml", "Cargo.lock", "build.rs", "src");
for (const name of ["LICENSE-MIT", "LICENSE-APACHE"]) {
  cpSync(path.join(repository, name), path.join(rust, name));
}
if (!process.argv.includes("--sources")) {
  // From the sources that are packed, so that nothing is packed that does not build.
  const build = fileURLToPath(new URL("build.js", import.meta.url));
  const { status } = spawnSync(process.execPath, [build, "--packed"], { stdio: ["ignore", "inherit", "inherit"] });
  process.exit(status ?? 1);
}
