import { EventSource } from "../../../index.js";

const [, , url, how] = process.argv;
const heard = () => {
  console.log("heard");
  process.exit();
};
const HOWS = {
  listener: () => new EventSource(url).addEventListener("message", heard),
  handler: () => {
    new EventSource(url).onmessage = heard;
  },
  async iterator() {
    for await (const event of new EventSource(url)) heard(event);
  },
  signal: () => {
    const onSignal = ({ message }) => {
      if (message === " late") heard();
    };
    new EventSource(url, { comments: true, onSignal });
  },
};
HOWS[how]();
setInterval(() => globalThis.gc(), 10).unref();
