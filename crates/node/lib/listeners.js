/**
 * Listeners that come and go. In: the prototype of a kind of event target. Out: a call for each, since a
 * source that somebody listens to must be kept.
 *
 * Node tells subclasses of its own about them, by methods with symbols.
 */

/**
 * @param {EventTarget} prototype
 * @param {(target: EventTarget, change: 1 | -1) => void} changed Of the number of listeners.
 * @returns {boolean} Whether Node tells; it may cease to.
 */
export function hearOfListeners(prototype, changed) {
  const added = override(prototype, "kNewListener", (target) => changed(target, 1));
  const removed = override(prototype, "kRemoveListener", (target) => changed(target, -1));
  return added && removed;
}

function override(prototype, name, then) {
  const symbols = Object.getOwnPropertySymbols(EventTarget.prototype);
  const symbol = symbols.find((each) => each.description === name);
  if (symbol === undefined) {
    return false;
  }
  const inherited = EventTarget.prototype[symbol];
  Object.defineProperty(prototype, symbol, {
    value(...details) {
      Reflect.apply(inherited, this, details);
      then(this);
    },
  });
  return true;
}
