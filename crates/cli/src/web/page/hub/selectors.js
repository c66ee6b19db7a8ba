// The rows of selectors. In: a dialect, what is typed. Out: the query of a subscription.
//
// Next: page.js.

/** The parameters of each dialect, and what a row means. */
const KINDS = {
  0: [["topic", "topic or URI template"]],
  1: [
    ["match", "exact"],
    ["match_urlpattern", "URL pattern"],
  ],
};

const EXAMPLES = { topic: "https://example.com/books/{id}", match: "https://example.com/books/1", match_urlpattern: "https://example.com/books/:id" };

export class Selectors {
  #list;
  #dialect = 0;
  #changed;

  constructor(list, changed) {
    this.#list = list;
    this.#changed = changed;
    list.addEventListener("input", () => this.#change());
    this.add("*");
  }

  /** Rows of the other dialect's kinds, with what was typed. */
  set dialect(dialect) {
    const texts = this.#rows().map((row) => row.querySelector("input").value);
    this.#dialect = dialect;
    this.#list.replaceChildren();
    texts.forEach((text) => this.add(text));
  }

  add(text = "") {
    const row = document.createElement("li");
    const number = this.#list.childElementCount + 1;
    const kind = this.#kind();
    kind.ariaLabel = `Kind of selector ${number}`;
    const input = document.createElement("input");
    Object.assign(input, { value: text, spellcheck: false, autocomplete: "off", required: true });
    input.ariaLabel = `Selector ${number}`;
    row.append(kind, input, this.#remover(row, number));
    this.#list.append(row);
    this.#change();
    return input;
  }

  #kind() {
    const select = document.createElement("select");
    for (const [name, words] of KINDS[this.#dialect]) {
      select.append(new Option(words, name));
    }
    return select;
  }

  #remover(row, number) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "light remove", textContent: "×" });
    button.ariaLabel = `Remove selector ${number}`;
    button.addEventListener("click", () => {
      row.remove();
      this.#change();
      this.#list.querySelector("input")?.focus();
    });
    return button;
  }

  #change() {
    const rows = this.#rows();
    for (const row of rows) {
      row.querySelector("input").placeholder = EXAMPLES[row.querySelector("select").value];
      row.querySelector(".remove").disabled = rows.length === 1;
    }
    this.#changed();
  }

  #rows() {
    return [...this.#list.children];
  }

  /** A pair for each row: the parameter, and what is typed. */
  pairs() {
    return this.#rows().map((row) => [row.querySelector("select").value, row.querySelector("input").value]);
  }
}
