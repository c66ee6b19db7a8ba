// A subscription that reconnects, over fetch: an EventSource hides the status, the headers and the words of
// a refusal, and sends no token but a cookie. In: a URL, a token, a place. Out: calls for whatever happens.
//
// Next: parser.js.

import { Parser } from "./parser.js";

/** Milliseconds before a reconnection, as long as the hub names no other time. */
const RECONNECTION_TIME = 2000;
/** Answers that may be others in a moment. */
const TEMPORARY = new Set([429, 500, 502, 503, 504]);

export class Stream {
  #url;
  #token;
  #handlers;
  #lastEventId;
  #wait = RECONNECTION_TIME;
  #abort = new AbortController();

  /** Opens at once; `lastEventId` is where to begin, or "". */
  constructor({ url, token, lastEventId, handlers }) {
    this.#url = url;
    this.#token = token;
    this.#lastEventId = lastEventId;
    this.#handlers = handlers;
    this.#run();
  }

  /** Ends it; no handler is called afterwards. */
  close() {
    this.#abort.abort();
  }

  async #run() {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      this.#handlers.connecting();
      const end = await this.#connect(signal).catch((error) => ({ why: error.message, again: true }));
      if (signal.aborted) {
        return;
      }
      if (!end.again) {
        this.#handlers.refused(end);
        return;
      }
      this.#handlers.lost({ ...end, wait: this.#wait, lastEventId: this.#lastEventId });
      await pause(this.#wait, signal);
    }
  }

  /** One connection. Out: why it ended, and whether another one follows. */
  async #connect(signal) {
    const answer = await fetch(this.#url, { headers: this.#headers(), cache: "no-store", signal });
    const type = answer.headers.get("content-type") ?? "";
    if (answer.status !== 200 || !type.startsWith("text/event-stream")) {
      const words = await reason(answer);
      return { why: `status ${answer.status}: ${words}`, again: TEMPORARY.has(answer.status) };
    }
    this.#handlers.open(answer.headers);
    await this.#read(answer.body.pipeThrough(new TextDecoderStream()).getReader());
    return { why: "the hub ended the stream", again: true };
  }

  async #read(reader) {
    const parser = new Parser(this.#lastEventId, {
      ...this.#handlers,
      retry: (time) => {
        this.#wait = time;
      },
    });
    for (;;) {
      const { done, value } = await reader.read();
      if (done || this.#abort.signal.aborted) {
        return;
      }
      parser.feed(value);
      this.#lastEventId = parser.lastEventId;
    }
  }

  #headers() {
    const headers = new Headers({ accept: "text/event-stream" });
    if (this.#token !== "") {
      headers.set("authorization", `Bearer ${this.#token}`);
    }
    if (this.#lastEventId !== "") {
      headers.set("last-event-id", this.#lastEventId);
    }
    return headers;
  }
}

/** What an answer says of itself: problem details, or text. */
export async function reason(answer) {
  const text = (await answer.text().catch(() => "")).trim();
  try {
    const { detail, title } = JSON.parse(text);
    return detail ?? title ?? text;
  } catch {
    return text.slice(0, 500) || answer.statusText || "no reason given";
  }
}

/** Waits, unless it is closed meanwhile. */
function pause(time, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, time);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
