// The hub's own figures. In: its metrics, every second. Out: a number and a plot for each.
//
// Next: plot.js.

import { Plot } from "./plot.js";

const INTERVAL = 1000;
/** A rate is that of the last readings, so that one event a second is not 0, 1, 2, 0. */
const READINGS = 5;
const number = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 1, notation: "compact" });

export class Figures {
  #cards;
  #health;
  #readings = [];

  constructor(list, health, kinds) {
    this.#health = health;
    this.#cards = kinds.map((kind) => card(list, kind));
    this.#run();
  }

  async #run() {
    for (;;) {
      if (!document.hidden) {
        await this.#look();
      }
      await new Promise((resolve) => setTimeout(resolve, INTERVAL));
    }
  }

  async #look() {
    const [metrics, ready] = await Promise.all([text("metrics"), text("readyz")]);
    this.#showHealth(metrics, ready);
    if (metrics?.ok) {
      this.#show(parse(metrics.words), performance.now());
    } else {
      this.#readings = [];
    }
  }

  #showHealth(metrics, ready) {
    const [state, words] = health(metrics, ready);
    this.#health.closest("[role=status]").dataset.state = state;
    if (this.#health.textContent !== words) {
      this.#health.textContent = words;
    }
  }

  #show(values, now) {
    const before = this.#readings[0] ?? null;
    const seconds = before === null ? 0 : (now - before.now) / 1000;
    for (const { kind, output, plot } of this.#cards) {
      const value = kind.rate ? rate(kind.metric, values, before, seconds) : values.get(kind.metric);
      if (value !== undefined) {
        output.textContent = number.format(value) + (kind.unit ?? "");
        plot.add(value);
      }
    }
    this.#readings.push({ values, now });
    if (this.#readings.length > READINGS) {
      this.#readings.shift();
    }
  }
}

/** Nothing before there are two readings; nothing below zero when the hub has started anew. */
function rate(metric, values, before, seconds) {
  const now = values.get(metric);
  const then = before?.values.get(metric);
  return now === undefined || then === undefined ? undefined : Math.max(0, (now - then) / seconds);
}

function health(metrics, ready) {
  if (metrics === null && ready === null) {
    return ["failed", "no answer from the hub"];
  }
  if (ready?.ok) {
    return ["open", "ready"];
  }
  return ["connecting", `not ready: ${ready?.words.trim().slice(0, 200) || "no reason given"}`];
}

async function text(path) {
  const answer = await fetch(path, { cache: "no-store" }).catch(() => null);
  return answer && { ok: answer.ok, words: await answer.text().catch(() => "") };
}

/** The text format of Prometheus: samples of one name, whatever their labels, are added up. */
export function parse(text) {
  const values = new Map();
  for (const line of text.split("\n")) {
    const [, name, value] = /^([a-zA-Z_:][\w:]*)(?:\{.*\})? ([-+.\deE]+)/.exec(line) ?? [];
    if (name !== undefined) {
      values.set(name, (values.get(name) ?? 0) + Number(value));
    }
  }
  return values;
}

function card(list, kind) {
  const box = document.createElement("div");
  const [title, output] = ["dt", "dd"].map((name) => document.createElement(name));
  title.textContent = kind.title;
  output.textContent = "–";
  const plot = new Plot();
  box.append(title, output, plot.element);
  list.append(box);
  return { kind, output, plot };
}
