import { EventSource } from "../../../index.js";

const [, , url] = process.argv;
const kept = new EventSource(url).unref().ref();
kept.onmessage = (event) => {
  console.log(`ref: ${event.data}`);
  kept.unref();
};
new EventSource(url).unref().onopen = () => {};
