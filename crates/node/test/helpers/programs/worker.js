import { parentPort, workerData } from "node:worker_threads";

import { EventSource } from "../../../index.js";

const source = new EventSource(workerData);
source.onmessage = ({ data }) => {
  parentPort.postMessage(data);
  if (process.argv[2] === "close") source.close();
};
