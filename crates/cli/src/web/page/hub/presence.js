// Who is subscribed, as the hub's API tells. In: a token. Out: a row for each subscription.
//
// Next: page.js.

import { reason } from "./stream.js";

/** More rows than anybody reads; the number in the title says how many there are. */
const SHOWN = 200;

export class Presence {
  /** Whether the hub tells it, to this token. */
  isShown = false;
  #table;
  #note;
  #count;
  #url;

  constructor({ table, note, count, url }) {
    this.#table = table;
    this.#note = note;
    this.#count = count;
    this.#url = url;
  }

  async refresh(token) {
    const headers = token === "" ? {} : { authorization: `Bearer ${token}` };
    const answer = await fetch(this.#url, { headers, cache: "no-store" }).catch(() => null);
    this.isShown = answer?.ok ?? false;
    if (answer === null) {
      this.#fail("No answer from the hub.");
    } else if (answer.ok) {
      const { subscriptions } = await answer.json();
      this.#show(subscriptions);
    } else {
      this.#fail(await words(answer));
    }
  }

  #fail(text) {
    this.#table.hidden = true;
    this.#count.textContent = "";
    this.#note.hidden = false;
    this.#note.textContent = text;
  }

  #show(subscriptions) {
    this.#count.textContent = subscriptions.length;
    this.#note.hidden = subscriptions.length > 0;
    this.#note.textContent = "Nobody is subscribed.";
    this.#table.hidden = subscriptions.length === 0;
    this.#table.tBodies[0].replaceChildren(...subscriptions.slice(0, SHOWN).map(row));
  }
}

async function words(answer) {
  if (answer.status === 404) {
    return "The hub does not tell who is subscribed: start it with --subscriptions.";
  }
  return `Status ${answer.status}: ${await reason(answer)}`;
}

/** Both dialects describe one; 1.0 has a `match` where 0.x has a `topic`. */
function row({ topic, match, match_type, subscriber, payload }) {
  const line = document.createElement("tr");
  const selector = match === undefined ? topic : `${match} (${match_type})`;
  const short = subscriber.replace(/^urn:uuid:/, "").slice(0, 8);
  for (const text of [selector, short, payload === undefined ? "" : JSON.stringify(payload)]) {
    const cell = document.createElement("td");
    cell.textContent = text;
    line.append(cell);
  }
  line.cells[1].title = subscriber;
  return line;
}
