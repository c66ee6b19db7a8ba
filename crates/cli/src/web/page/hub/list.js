// The list of events. In: events, gaps, a filter. Out: an item for each, newest on top.
//
// Next: page.js.

/** A list keeps this many items; a day of events would weigh on the page. */
const KEPT = 500;
const time = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

export class EventList {
  #list;
  #count;
  #total = 0;
  #filter = "";
  /** What came while the list was paused, or null. */
  #held = null;

  constructor(list, count) {
    this.#list = list;
    this.#count = count;
  }

  add(event) {
    this.#total += 1;
    this.#show(item(event));
  }

  /** Marks a place where events are missing. */
  gap(words) {
    const line = document.createElement("li");
    line.className = "gap";
    line.textContent = words;
    this.#show(line);
  }

  #show(line) {
    line.hidden = !this.#contains(line);
    if (this.#held === null) {
      this.#list.prepend(line);
      this.#trim();
    } else {
      this.#held.push(line);
      if (this.#held.length > KEPT) {
        this.#held.shift();
      }
    }
    this.#tell();
  }

  #trim() {
    while (this.#list.childElementCount > KEPT) {
      this.#list.lastElementChild.remove();
    }
  }

  #contains(line) {
    return line.textContent.toLowerCase().includes(this.#filter);
  }

  filter(text) {
    this.#filter = text.trim().toLowerCase();
    for (const line of this.#list.children) {
      line.hidden = !this.#contains(line);
    }
  }

  /** Holds the list still, or shows what came meanwhile. Returns whether it is still now. */
  togglePause() {
    if (this.#held === null) {
      this.#held = [];
    } else {
      const held = this.#held;
      this.#held = null;
      held.forEach((line) => this.#list.prepend(line));
      this.#trim();
    }
    this.#tell();
    return this.#held !== null;
  }

  clear() {
    this.#total = 0;
    this.#held &&= [];
    this.#list.replaceChildren();
    this.#tell();
  }

  #tell() {
    const waiting = this.#held?.length ?? 0;
    this.#count.textContent = waiting === 0 ? `${this.#total}` : `${this.#total}, ${waiting} not shown yet`;
  }
}

function item({ id, type, data }) {
  const line = document.createElement("li");
  line.dataset.id = id;
  line.dataset.type = type;
  const head = document.createElement("small");
  head.append(part("span", "when", time.format(new Date())), part("span", "kind", type));
  if (id !== "") {
    head.append(part("code", "id", id));
  }
  line.append(head, part("pre", "data", pretty(data)));
  return line;
}

function part(name, className, text) {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  return element;
}

/** An object or a list is indented; all else stays as it came. */
function pretty(data) {
  if (!/^\s*[[{]/.test(data)) {
    return data;
  }
  try {
    return JSON.stringify(JSON.parse(data), null, 2);
  } catch {
    return data;
  }
}
