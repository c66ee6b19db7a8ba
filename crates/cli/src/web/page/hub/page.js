// The hub's page: what a program can do, by hand. In: forms. Out: requests to the hub, and what it says.
//
// Next: stream.js (a subscription), figures.js (the hub's figures), presence.js (who is there).

import { Figures } from "./figures.js";
import { EventList } from "./list.js";
import { Log } from "./log.js";
import { setUpMinting } from "./mint.js";
import { Presence } from "./presence.js";
import { setUpPublishing } from "./publish.js";
import { setUpSubscribing } from "./subscribe.js";

const element = (id) => document.getElementById(id);
/** Relative to the page, so that both may stand behind a proxy that adds a path. */
const HUB = new URL(".well-known/mercure", document.baseURI);

const FIGURES = [
  { title: "Published", metric: "wellspring_hub_updates_published_total", rate: true, unit: "/s" },
  { title: "Subscribers", metric: "wellspring_hub_subscribers" },
  { title: "Selectors", metric: "wellspring_hub_selectors" },
  { title: "Events kept", metric: "wellspring_hub_history_events" },
  { title: "Lag", metric: "wellspring_hub_lag_seconds", unit: " s" },
  { title: "Events missed", metric: "wellspring_hub_events_missed_total" },
];

element("hub-url").textContent = HUB;
const list = new EventList(element("events"), element("event-count"));
const log = new Log(element("log"));
const presence = new Presence({
  table: element("presence"),
  note: element("presence-note"),
  count: element("presence-count"),
  url: `${HUB}/subscriptions`,
});

const subscribe = element("subscribe");
const publish = element("publish");
const refresh = () => presence.refresh(subscribe.elements.token.value.trim());

setUpSubscribing({ form: subscribe, hub: HUB, list, log, opened: refresh });
setUpPublishing({ form: publish, hub: HUB });
new Figures(element("figures"), element("health"), FIGURES);

element("presence-refresh").addEventListener("click", refresh);
element("filter").addEventListener("input", (event) => list.filter(event.target.value));
element("clear").addEventListener("click", () => list.clear());
element("pause").addEventListener("click", ({ target }) => {
  const still = list.togglePause();
  target.setAttribute("aria-pressed", String(still));
  target.textContent = still ? "Go on" : "Pause";
});

/** A token goes into both forms; typing another one there wins. */
function use(token) {
  for (const form of [subscribe, publish]) {
    form.elements.token.value = token;
    form.dispatchEvent(new Event("input"));
  }
}

await setUpMinting({ form: element("mint"), use });
await refresh();
// Those that this page is not told of come and go too.
setInterval(() => !document.hidden && presence.isShown && refresh(), 5000);
