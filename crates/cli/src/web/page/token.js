// The token that readers need. In: the page's own address, or what is typed into the field. Out: the token,
// and a call when there is a new one.
//
// The address carries it behind "#", which browsers send to no server, so that it is in no log.
//
// Next: page.js, which sends it with the stream's own URL: an EventSource has no headers.

export class Token {
  /** The token, or null. */
  value = inAddress();
  #form;
  #field;
  #help;

  /** Without a form there is no field, and nothing to ask. */
  constructor(form, changed) {
    addEventListener("hashchange", () => {
      const value = inAddress();
      if (value !== null && value !== this.value) {
        this.value = value;
        changed();
      }
    });
    this.#form = form;
    this.#field = form?.querySelector("input");
    this.#help = form?.querySelector("p");
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.value = this.#field.value.trim();
      changed();
    });
  }

  /** Shows the field; a token that was there already is wrong. */
  ask() {
    if (this.#form === null) {
      return;
    }
    const isWrong = this.value !== null;
    this.#help.textContent = isWrong
      ? "The server refuses this token. The right one is the one that serve was started with."
      : "The server requires a token: the one that serve was started with.";
    this.#field.setAttribute("aria-invalid", String(isWrong));
    this.#form.hidden = false;
    this.#field.focus();
    this.#field.select();
  }

  /** Hides the field: the token is right. */
  accept() {
    if (this.#form === null || this.#form.hidden) {
      return;
    }
    this.#form.hidden = true;
    this.#field.removeAttribute("aria-invalid");
  }
}

/** Behind "#", or in the query. */
function inAddress() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  return fragment.get("token") ?? new URLSearchParams(location.search).get("token");
}
