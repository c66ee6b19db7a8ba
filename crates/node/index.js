export { EventSource } from "./lib/event-source.js";
