/**
 * Single options. In: whatever was given, and its name. Out: the value, or a `TypeError` that says
 * what it should have been.
 */

const MAX_INTEGER = 0x7fff_ffff;

/** @param {unknown} value */
export function dictionary(value, name) {
  if (value === undefined || value === null) return {};
  if (typeof value !== "object" && typeof value !== "function") {
    throw new TypeError(`${name} must be an object`);
  }
  return value;
}

/** Milliseconds. */
export function time(options, name, shown = name) {
  const value = options[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" || !(value >= 0)) {
    throw new TypeError(`${shown} must be a number of milliseconds`);
  }
  return value;
}

/** Milliseconds; `null` takes a preset's back, and is infinite from here on. */
export function timeout(options, name, shown = name) {
  return options[name] === null ? Number.POSITIVE_INFINITY : time(options, name, shown);
}

/** A number of things, from 1; `null` takes a preset's back, and is infinite from here on. */
export function count(options, name, shown = name) {
  const value = options[name];
  if (value === null || value === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  return integer(options, name, shown);
}

export function integer(options, name, shown = name, unit = "an integer of at least 1") {
  const value = options[name];
  if (value === undefined) return undefined;
  if (!(Number.isInteger(value) && value >= 1 && value <= MAX_INTEGER)) {
    throw new TypeError(`${shown} must be ${unit}`);
  }
  return value;
}

export function bytes(options, name, shown = name) {
  return integer(options, name, shown, "a number of bytes");
}

export function flag(options, name) {
  const value = options[name];
  return value === undefined ? undefined : Boolean(value);
}

/** @param {string[]} names What there is to choose from. */
export function choice(options, name, names) {
  const value = options[name];
  if (value === undefined) return undefined;
  if (!names.includes(value)) {
    throw new TypeError(`${name} must be ${names.map((each) => `'${each}'`).join(" or ")}`);
  }
  return value;
}

/** @param {Function} type What it must be an instance of. */
export function instance(options, name, type) {
  const value = options[name];
  if (value === undefined || value === null) return undefined;
  if (!(value instanceof type)) {
    throw new TypeError(`${name} must be ${/^[AEIOU]/.test(type.name) ? "an" : "a"} ${type.name}`);
  }
  return value;
}

export function callback(options, name) {
  const value = options[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "function") {
    throw new TypeError(`${name} must be a function`);
  }
  return value;
}

/** A USVString. */
export function wellFormed(value) {
  return `${value}`.toWellFormed();
}
