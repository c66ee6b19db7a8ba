/**
 * Where the program decides for itself. In: its hooks, and questions of the binding, each in a task of its
 * own behind the messages before it. Out: answers.
 *
 * The binding stands still until it has one, so hooks may take their time.
 */

import { callback, dictionary, time, wellFormed } from "./convert.js";
import { bytesOf, headerList } from "./request.js";
import { report } from "./report.js";
import { headersOf } from "./signals.js";

const DECISIONS = ["default", "reconnect", "stop", "fail"];

/**
 * @typedef {object} Question One of the two.
 * @property {number} number
 * @property {{ cause: object, events: number, terminalEvent: boolean, attempts: number }} [end]
 * @property {{ number: number, cause?: object, previousStatus?: number, request: object }} [attempt]
 */

export class Hooks {
  #terminalEvent;
  #onEnd;
  #beforeAttempt;
  /** The terminal event has been dispatched, and the end that follows from it has not been asked about. */
  #isComplete = false;
  /** @type {unknown} What `beforeAttempt` has thrown. */
  #thrown;

  /** @param {object} options Of the constructor. */
  constructor(options) {
    this.#terminalEvent = callback(options, "terminalEvent");
    this.#onEnd = callback(options, "onEnd");
    this.#beforeAttempt = callback(options, "beforeAttempt");
  }

  /** For the binding: what there is. */
  get native() {
    return {
      terminalEvent: this.#terminalEvent !== undefined,
      onEnd: this.#onEnd !== undefined,
      beforeAttempt: this.#beforeAttempt !== undefined,
    };
  }

  /** What comes now is dropped: it is behind the terminal event. */
  get isComplete() {
    return this.#isComplete;
  }

  /**
   * @param {MessageEvent} message
   * @returns {boolean}
   */
  isTerminal(message) {
    try {
      return Boolean(this.#terminalEvent?.(message));
    } catch (error) {
      report(error);
      return false;
    }
  }

  /** @param {import("./native.js").NativeSource} native */
  complete(native) {
    this.#isComplete = true;
    native.complete();
  }

  /** What is behind the failure of the attempt that has just been refused. */
  takeThrown() {
    const thrown = this.#thrown;
    this.#thrown = undefined;
    return thrown;
  }

  /** @param {import("./native.js").NativeSource} native */
  answer(native) {
    const question = native.question();
    if (question === null) return;
    if (question.end !== undefined) this.#decide(native, question.number, question.end);
    else this.#change(native, question.number, question.attempt);
  }

  async #decide(native, number, { cause, events, terminalEvent, attempts }) {
    const isTerminal = terminalEvent || this.#isComplete;
    this.#isComplete = false;
    let decision = {};
    try {
      const end = { ...readable(cause), events, terminalEvent: isTerminal, attempts };
      decision = readDecision(await this.#onEnd?.(end));
    } catch (error) {
      report(error);
    }
    native.decide(number, decision.name ?? "default", decision.delay);
  }

  async #change(native, number, { number: attempts, cause, previousStatus, request }) {
    const { url, method, lastEventId } = request;
    const past = { ...readable(cause ?? {}), status: undefined, previousStatus };
    const attempt = { number: attempts, ...past, url, method, lastEventId };
    attempt.headers = headersOf(request.headers);
    attempt.body = native.body() ?? undefined;
    try {
      await this.#beforeAttempt(attempt);
      const changed = {
        url: new URL(attempt.url, url).href,
        method: `${attempt.method}`,
        lastEventId: wellFormed(attempt.lastEventId),
        headers: headerList(attempt.headers),
      };
      native.change(number, changed, bytesOf(attempt.body));
    } catch (error) {
      const heard = native.refuse(number, `${error?.message ?? error}`);
      this.#thrown = heard ? error : this.#thrown;
    }
  }
}

/** @param {{ headers?: string[] }} cause As the binding tells it. */
function readable({ headers, ...rest }) {
  return headers === undefined ? rest : { ...rest, headers: headersOf(headers) };
}

/**
 * @param {unknown} decision
 * @returns {{ name?: string, delay?: number }}
 */
function readDecision(decision) {
  if (decision === undefined || DECISIONS.includes(decision)) return { name: decision };
  const delay = time(dictionary(decision, "the decision of onEnd"), "reconnectAfter");
  if (delay === undefined) {
    throw new TypeError(`onEnd must give ${DECISIONS.map((name) => `'${name}'`).join(", ")} or { reconnectAfter }`);
  }
  return { name: "reconnect", delay };
}
