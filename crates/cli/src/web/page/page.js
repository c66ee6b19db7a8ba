// The page: the browser's own EventSource, and everything it says. In: an event stream. Out: a list
// item for each event, the ready state, and a line for whatever happens to the connection.
//
// Next: resumption.js, token.js.

import { Resumption } from "./resumption.js";
import { Token } from "./token.js";

/** Relative to the page, so that both may stand behind a proxy that adds a path. */
const PATH = document.body.dataset.stream;
const STATES = ["CONNECTING", "OPEN", "CLOSED"];
const REASONS = {
  401: ": it requires the right token.",
  421: ": it does not answer to this host. Start it with --allow-host.",
};
/** A list keeps this many items; a day of news would weigh on the page. */
const KEPT = 500;

const element = (id) => document.getElementById(id);
const time = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const resumption = element("missed") === null ? null : new Resumption();
/** What the page was asked for: the types of events. */
const asked = new URLSearchParams(location.search);
const token = new Token(element("token-form"), retry);
const lists = listsByType();

let source = null;
let lastEventId = "";
let count = 0;
let wasOpen = false;
/** The page was left with its source open. */
let left = false;

/** The list of each type of event; types that were asked for go where the unnamed ones go. */
function listsByType() {
  const named = [...document.querySelectorAll("[data-event]")];
  const lists = new Map(named.map((list) => [list.dataset.event, list]));
  for (const type of asked.getAll("event")) {
    lists.set(type, lists.get(type) ?? lists.get("message"));
  }
  return lists;
}

/** Where the events are, after what was last seen. */
function address(token) {
  const query = new URLSearchParams();
  if (token !== null) {
    query.set("token", token);
  }
  if (lastEventId !== "") {
    query.set("lastEventId", lastEventId);
  }
  const text = query.toString();
  return text === "" ? PATH : `${PATH}?${text}`;
}

/** Opens a source; one that follows another begins where that was. */
function open() {
  source = new EventSource(address(token.value));
  showAddress();

  source.onopen = own(() => {
    log("open", wasOpen ? "Open again." : "Open.");
    wasOpen = true;
    token.accept();
    showState("events come as they happen");
  });
  source.onerror = own(lost);
  for (const [type, list] of lists) {
    source.addEventListener(type, (event) => show(list, event));
  }
  showState("opening");
}

/** A handler for the source's own events: a server may name its events `open` or `error` too. */
function own(handler) {
  return (event) => event instanceof MessageEvent || handler();
}

/** The error event means two things, and the ready state says which. */
function lost() {
  resumption?.lost(performance.now());
  if (source.readyState === EventSource.CLOSED) {
    log("failed", "Failed for good: the browser does not try again. Reopen does.");
    showState("failed");
    explain(source);
    return;
  }
  const from = lastEventId === "" ? "" : ` and asks for what follows ${lastEventId}`;
  log("lost", `Lost. The browser reconnects by itself${from}.`);
  showState("lost, reconnecting");
}

/** Asks what an EventSource does not say: the status of the answer. */
async function explain(failed) {
  const answer = await fetch(address(token.value), { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (answer === null || answer.ok || source !== failed) {
    return;
  }
  log("failed", `The server answers with status ${answer.status}${REASONS[answer.status] ?? "."}`);
  if (answer.status === 401) {
    showState(token.value === null ? "needs a token" : "wrong token");
    token.ask();
  }
}

/** Opens again with another token. */
function retry() {
  source.close();
  log("reopened", "A new EventSource, with the token.");
  open();
}

/** The address of the stream, without its secret, here and for a terminal. */
function showAddress() {
  const has = token.value !== null;
  element("url").textContent = new URL(address(has ? "***" : null), location.href);
  const header = has ? " -H 'Authorization: Bearer ***'" : "";
  element("command").textContent = `wellspring tail${header} ${new URL(PATH, location.href)}`;
}

function close() {
  source.close();
  resumption?.lost(performance.now());
  log("closed", "Closed by the button.");
  showState("closed by you");
  element("reopen").focus();
}

function reopen() {
  const from = lastEventId === "" ? "" : `, from ${lastEventId} on`;
  log("reopened", `A new EventSource${from}.`);
  open();
  element("close").focus();
}

function show(list, event) {
  if (!(event instanceof MessageEvent)) {
    return;
  }
  count += 1;
  lastEventId = event.lastEventId;

  const item = document.createElement("li");
  item.dataset.id = event.lastEventId;
  const kind = document.createElement("span");
  kind.className = "kind";
  kind.textContent = `${event.type}: `;
  const data = document.createElement("span");
  data.className = "data";
  data.textContent = event.data;
  item.append(kind, data, stamp(event.lastEventId));
  prepend(list, item);

  element("last-event-id").textContent = lastEventId;
  element("count").textContent = count;
  compare();
}

/** Whether something was missed or came twice, on the page where ids are numbers without holes. */
function compare() {
  if (resumption === null) {
    return;
  }
  const remark = resumption.event(lastEventId, performance.now());
  if (remark !== null) {
    log("resumed", remark);
  }
  element("missed").textContent = resumption.missed;
  element("repeated").textContent = resumption.repeated;
}

function log(kind, text) {
  const item = document.createElement("li");
  item.dataset.kind = kind;
  const what = document.createElement("span");
  what.textContent = text;
  item.append(what, stamp());
  prepend(element("log"), item);
}

/** Small print: an id, if there is one, and the time. */
function stamp(id) {
  const small = document.createElement("small");
  const now = time.format(new Date());
  small.textContent = id === undefined ? now : `${id} · ${now}`;
  return small;
}

function prepend(list, item) {
  list.prepend(item);
  while (list.childElementCount > KEPT) {
    list.lastElementChild.remove();
  }
}

function showState(text) {
  const state = source.readyState;
  element("state").textContent = STATES[state];
  element("state").dataset.readyState = state;
  document.body.dataset.readyState = state;
  element("state-text").textContent = text;
  element("close").disabled = state === EventSource.CLOSED;
  element("reopen").disabled = state !== EventSource.CLOSED;
}

/** A browser may keep a page that was left: its connection is let go, and made again when it is back. */
function leave() {
  left = source.readyState !== EventSource.CLOSED;
  source.close();
}

function comeBack() {
  if (left) {
    left = false;
    open();
  }
}

addEventListener("pagehide", leave);
addEventListener("pageshow", comeBack);
element("close").addEventListener("click", close);
element("reopen").addEventListener("click", reopen);
for (const link of document.querySelectorAll("footer a")) {
  link.hash = location.hash;
}
const types = element("types");
if (types !== null) {
  types.textContent = [...lists.keys()].join(", ");
}
open();
