/** In: a URL. Out: the first event of a source, and what it says. */

import { EventSource } from "../../../index.js";

const source = new EventSource(process.argv[2]);
const tell = ({ type, data, message }) => {
  console.log(type, data ?? message);
  source.close();
};
source.onmessage = tell;
source.onerror = tell;
