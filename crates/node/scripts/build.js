/**
 * Builds the binding. In: the Rust sources, in the repository or in the package. Out: the one file
 * that `lib/native.js` loads.
 */

import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, renameSync } from "node:fs";
import { fileURLToPath } from "node:url";
import path from "node:path";

const root = fileURLToPath(new URL("..", import.meta.url));
const packed = path.join(root, "rust/crates/node/Cargo.toml");
const own = path.join(root, "Cargo.toml");
const manifest = existsSync(own) && !process.argv.includes("--packed") ? own : packed;

const PRODUCTS = {
  darwin: "libwellspring_node.dylib",
  win32: "wellspring_node.dll",
};

/** The file that cargo made, as cargo itself names it. */
function build() {
  const cargo = spawnSync(
    "cargo",
    ["build", "--release", "--locked", "--manifest-path", manifest, "--message-format=json-render-diagnostics"],
    { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8", maxBuffer: 1 << 28 },
  );
  if (cargo.error) {
    throw new Error(`cargo does not start (${cargo.error.message}); install Rust from https://rustup.rs`);
  }
  if (cargo.status !== 0) {
    process.exit(cargo.status ?? 1);
  }
  const product = PRODUCTS[process.platform] ?? "libwellspring_node.so";
  const messages = cargo.stdout.split("\n").filter((line) => line.startsWith("{"));
  const files = messages.flatMap((line) => JSON.parse(line).filenames ?? []);
  const file = files.find((name) => path.basename(name) === product);
  if (file === undefined) {
    throw new Error(`cargo made no ${product}`);
  }
  return file;
}

const target = path.join(root, "native", `${process.platform}-${process.arch}.node`);
mkdirSync(path.dirname(target), { recursive: true });
// Renamed into its place, since a process may have the earlier one loaded.
copyFileSync(build(), `${target}.new`);
renameSync(`${target}.new`, target);
console.log(path.relative(process.cwd(), target));
