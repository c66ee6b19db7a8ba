// What happens to the connection. In: a kind, words. Out: a line, newest on top.
//
// Next: subscribe.js, which writes it.

const KEPT = 200;
const time = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

export class Log {
  #list;

  constructor(list) {
    this.#list = list;
  }

  add(kind, words) {
    const line = document.createElement("li");
    line.dataset.kind = kind;
    const when = document.createElement("small");
    when.textContent = time.format(new Date());
    line.append(words, when);
    this.#list.prepend(line);
    while (this.#list.childElementCount > KEPT) {
      this.#list.lastElementChild.remove();
    }
  }
}
