import { EventSource } from "./lib/event-source.js";

Object.defineProperty(globalThis, "EventSource", {
  value: EventSource,
  configurable: true,
  writable: true,
});
