// The event stream format, for what an EventSource does not show: comments, and answers that are refused.
// In: text, in pieces. Out: events, comments and reconnection times, to the handlers.
//
// Next: stream.js, which reads the pieces.

export class Parser {
  /** The ID of the last event, as the next request sends it. */
  lastEventId;
  #rest = "";
  #endedInReturn = false;
  #id;
  #type = "";
  #data = [];
  #handlers;

  constructor(lastEventId, handlers) {
    this.lastEventId = lastEventId;
    this.#id = lastEventId;
    this.#handlers = handlers;
  }

  /** Takes the next piece. */
  feed(text) {
    // The second half of a CRLF whose first half ended the piece before.
    const piece = this.#endedInReturn && text.startsWith("\n") ? text.slice(1) : text;
    this.#endedInReturn = text === "" ? this.#endedInReturn : text.endsWith("\r");
    const lines = (this.#rest + piece).split(/\r\n|\r|\n/);
    this.#rest = lines.pop();
    lines.forEach((line) => this.#line(line));
  }

  #line(line) {
    if (line === "") {
      this.#dispatch();
      return;
    }
    if (line.startsWith(":")) {
      this.#handlers.comment(line.slice(1).trimStart());
      return;
    }
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    this.#field(name, value);
  }

  #field(name, value) {
    if (name === "data") {
      this.#data.push(value);
    } else if (name === "event") {
      this.#type = value;
    } else if (name === "id" && !value.includes("\0")) {
      this.#id = value;
    } else if (name === "retry" && /^[0-9]+$/.test(value)) {
      this.#handlers.retry(Number(value));
    }
  }

  #dispatch() {
    this.lastEventId = this.#id;
    if (this.#data.length > 0) {
      const data = this.#data.join("\n");
      this.#handlers.event({ id: this.#id, type: this.#type || "message", data });
    }
    this.#type = "";
    this.#data = [];
  }
}
