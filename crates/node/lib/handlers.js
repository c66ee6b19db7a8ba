/**
 * Event handler attributes: `onopen` and its like. In: whatever is assigned. Out: a listener that
 * keeps the place in which it was first set, as the standard has it.
 */

const { addEventListener, removeEventListener } = EventTarget.prototype;

export class Handlers {
  #target;
  /** @type {Map<string, { value: object, listener: (event: Event) => void }>} */
  #set = new Map();

  /** @param {EventTarget} target */
  constructor(target) {
    this.#target = target;
  }

  /**
   * @param {string} type
   * @returns {object | null}
   */
  get(type) {
    return this.#set.get(type)?.value ?? null;
  }

  /**
   * What is no object sets the handler to null; an object that cannot be called is kept, and not
   * called.
   *
   * @param {string} type
   * @param {unknown} value
   */
  set(type, value) {
    const handler = this.#set.get(type);
    const isObject = typeof value === "function" || (typeof value === "object" && value !== null);
    if (!isObject) {
      if (handler !== undefined) {
        this.#set.delete(type);
        removeEventListener.call(this.#target, type, handler.listener);
      }
    } else if (handler !== undefined) {
      handler.value = value;
    } else {
      const set = { value, listener: (/** @type {Event} */ event) => call(set.value, this.#target, event) };
      this.#set.set(type, set);
      addEventListener.call(this.#target, type, set.listener);
    }
  }
}

/**
 * @param {object} value
 * @param {EventTarget} target
 * @param {Event} event
 */
function call(value, target, event) {
  if (typeof value === "function" && Reflect.apply(value, target, [event]) === false) {
    event.preventDefault();
  }
}
