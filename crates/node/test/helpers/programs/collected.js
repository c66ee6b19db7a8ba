import { EventSource } from "../../../index.js";

const open = () => {
  const source = new EventSource(process.argv[2]);
  source.addEventListener("message", () => {}, { once: true });
  source.onopen = () => {};
  source.onopen = null;
  source.dispatchEvent(new Event("message"));
  return new WeakRef(source);
};
const source = open();
const timer = setInterval(() => {
  globalThis.gc();
  if (source.deref() === undefined) {
    clearInterval(timer);
    console.log("collected");
  }
}, 20);
