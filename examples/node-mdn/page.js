/**
 * A stand-in for the page: as much of `document` and `location` as the examples use. What is appended
 * to the list is printed.
 */

export function open(href) {
  globalThis.location = new URL(href);
  globalThis.document = {
    querySelector: () => ({ appendChild: (element) => console.log(`<li>${element.textContent}</li>`) }),
    createElement: () => ({ textContent: "" }),
  };
}
