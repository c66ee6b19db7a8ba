export { EventSource } from "./lib/event-source.js";
export { EventSource as default } from "./lib/event-source.js";
