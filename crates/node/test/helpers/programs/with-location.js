/** In a worker. In: a URL, whose origin is the page's. Out: an end after the first message. */

import { workerData } from "node:worker_threads";

import { EventSource } from "../../../index.js";

globalThis.location = new URL(workerData);
const source = new EventSource(workerData);
source.onmessage = () => source.close();
