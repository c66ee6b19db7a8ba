// The form that subscribes. In: selectors, a place, a token. Out: a stream, and a line for all that happens.
//
// Next: selectors.js, stream.js; snippets.js, the same from a program.

import { Selectors } from "./selectors.js";
import { show, subscribing } from "./snippets.js";
import { Stream } from "./stream.js";

/** The in-band event by which the hub tells a gap to those that ask for it. */
const GAP = "wellspring-gap";

export function setUpSubscribing({ form, hub, list, log, opened }) {
  const part = (id) => document.getElementById(id);
  let selectors = null;
  let stream = null;

  function describe() {
    const url = address(hub, selectors?.pairs() ?? []);
    show(part("subscribe-code"), subscribing(url, form.elements.token.value.trim()));
    part("from-id").hidden = form.elements.from.value !== "id";
  }

  function showState(state, words) {
    part("state").textContent = words;
    part("state").closest(".state").dataset.state = state;
    part("close").disabled = stream === null;
    part("open").textContent = stream === null ? "Subscribe" : "Subscribe anew";
  }

  function end() {
    stream?.close();
    stream = null;
  }

  function begin() {
    end();
    part("subscribe-failure").textContent = "";
    const { token, from, id } = form.elements;
    const lastEventId = from.value === "id" ? id.value : from.value;
    const url = address(hub, selectors.pairs());
    url.searchParams.set("wellspring_gap", "event");
    stream = new Stream({ url, token: token.value.trim(), lastEventId, handlers: handlers() });
  }

  function handlers() {
    let comments = 0;
    return {
      connecting: () => showState("connecting", "connecting"),
      open(headers) {
        showState("open", "subscribed");
        log.add("open", `Open${resume(headers)}.`);
        opened();
      },
      event(event) {
        const joined = presence(event);
        if (event.type === GAP) {
          list.gap(gap(event.data));
        } else if (joined === null) {
          list.add(event);
        } else {
          log.add("presence", joined);
          opened();
        }
      },
      comment() {
        comments += 1;
        part("state").title = `${comments} comments that keep the connection alive`;
      },
      lost({ why, wait, lastEventId }) {
        showState("connecting", "reconnecting");
        const from = lastEventId === "" ? "" : `, after ${lastEventId}`;
        log.add("lost", `Lost: ${why}. Again in ${(wait / 1000).toFixed(1)} s${from}.`);
      },
      refused({ why }) {
        end();
        showState("failed", "refused");
        part("subscribe-failure").textContent = `Refused with ${why}`;
        log.add("failed", `Refused with ${why}`);
      },
    };
  }

  selectors = new Selectors(part("selectors"), describe);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    begin();
  });
  form.addEventListener("input", (event) => {
    if (event.target.name === "dialect") {
      selectors.dialect = Number(event.target.value);
    }
    describe();
  });
  part("add-selector").addEventListener("click", () => selectors.add().focus());
  part("close").addEventListener("click", () => {
    end();
    showState("closed", "closed");
    log.add("closed", "Closed here.");
  });
  describe();
}

/** The URL of a subscription. */
function address(hub, pairs) {
  const url = new URL(hub);
  pairs.forEach(([name, value]) => url.searchParams.append(name, value));
  return url;
}

/** What the hub says of the place that was asked for. */
function resume(headers) {
  const said = headers.get("wellspring-resume");
  return said === null ? "" : `, ${said}`;
}

function gap(data) {
  return `Events are missing here: ${data}`;
}

/** What an event that tells of a subscription says, in either dialect; null for every other one. */
function presence({ data }) {
  if (!data.includes("/.well-known/mercure/subscriptions/")) {
    return null;
  }
  try {
    const { type, subscriber, active, topic, match } = JSON.parse(data);
    const isOne = /^subscription$/i.test(type) && typeof active === "boolean";
    const who = String(subscriber).replace(/^urn:uuid:/, "").slice(0, 8);
    return isOne ? `${who} ${active ? "subscribed to" : "left"} ${match ?? topic}` : null;
  } catch {
    return null;
  }
}
