import { EventSource } from "../../../index.js";

const source = new EventSource(process.argv[2]);
source.onmessage = (event) => {
  console.log(event.data);
  const timer = setTimeout(() => {
    source.close();
    console.log("closed");
  }, 50);
  timer.ref();
};
