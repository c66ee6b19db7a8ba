// Ten event sources at once. In: the protocol that the browser speaks with the server. Out: a tile for
// each source, how many are open, and why no more.
//
// Next: page.js, which does with one.

const COUNT = 10;
/** Relative to the page, so that both may stand behind a proxy that adds a path. */
const PATH = document.body.dataset.stream;
const STATES = ["CONNECTING", "OPEN", "CLOSED"];
/** A source that has not opened by then waits for more than the network, in ms. */
const PATIENCE = 3000;

const element = (id) => document.getElementById(id);
const protocol = performance.getEntriesByType("navigation")[0]?.nextHopProtocol ?? "";
const begun = performance.now();
const tiles = Array.from({ length: COUNT }, (_, index) => tile(index + 1));

/** Opens a source and shows its state in a tile. */
function tile(number) {
  const source = new EventSource(`${PATH}?source=${number}`);
  const item = document.createElement("li");
  const state = line("state");
  const since = line("quiet");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Close";
  button.ariaLabel = `Close source ${number}`;
  item.append(line("name", `Source ${number}`), state, since, button);
  element("sources").append(item);

  const show = (text) => {
    item.dataset.readyState = source.readyState;
    state.textContent = STATES[source.readyState];
    since.textContent = text;
    button.disabled = source.readyState === EventSource.CLOSED;
    judge();
  };
  source.onopen = () => show(`after ${Math.round(performance.now() - begun)} ms`);
  source.onerror = () => show(source.readyState === EventSource.CLOSED ? "failed" : "lost");
  button.addEventListener("click", () => {
    source.close();
    show("by you");
  });
  queueMicrotask(() => show("waiting"));
  return source;
}

function line(className, text = "") {
  const line = document.createElement("div");
  line.className = className;
  line.textContent = text;
  return line;
}

/** Says how many are open, once that is clear. */
function judge() {
  const count = (state) => tiles.filter((source) => source.readyState === state).length;
  const open = count(EventSource.OPEN);
  const waiting = count(EventSource.CONNECTING);
  if (waiting > 0 && performance.now() - begun < PATIENCE) {
    return;
  }
  document.body.dataset.verdict = waiting === 0 ? "all" : "some";
  element("verdict").textContent = title(open, waiting);
  element("why").textContent = why(waiting);
  element("try").textContent = waiting > 0 && open > 0 ? "Close one, and the next in line opens." : "";
}

function title(open, waiting) {
  if (waiting > 0) {
    return `${open} of ${open + waiting} are open, ${waiting} ${waiting === 1 ? "waits" : "wait"}.`;
  }
  return open === COUNT ? `All ${COUNT} are open.` : `All that are not closed are open: ${open}.`;
}

function why(waiting) {
  if (protocol === "h2" || protocol === "h3") {
    const name = protocol === "h2" ? "HTTP/2" : "HTTP/3";
    const shared = `The browser speaks ${name} with this server, and there all streams share one connection.`;
    return waiting === 0 ? shared : `${shared} If some wait, the server allows no more, or cannot be reached.`;
  }
  const limit =
    "The browser speaks HTTP/1.1 with this server, where every stream needs a connection of its own, and it " +
    "keeps no more than six connections to one server, in all its tabs together.";
  if (waiting === 0) {
    return `${limit} There is room now for those that are left.`;
  }
  return (
    `${limit} The others wait until one is free, without an error, and so does whatever else is asked of this ` +
    "server: another tab with this page would stay blank."
  );
}

// The next page is asked for while this one still has every connection there is: it would never come.
addEventListener("beforeunload", () => tiles.forEach((source) => source.close()));
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
setTimeout(judge, PATIENCE);
