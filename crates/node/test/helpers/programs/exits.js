import { EventSource } from "../../../index.js";

const sources = Array.from({ length: 5 }, () => new EventSource(process.argv[2]));
let seen = 0;
for (const source of sources) {
  source.onmessage = () => {
    if (++seen === 20_000) process.exit(7);
  };
}
