// A small plot of the last minute. In: a number every so often. Out: an SVG path.
//
// Next: figures.js.

const WIDTH = 120;
const HEIGHT = 32;
/** As many as are shown: a minute, at one a second. */
const POINTS = 60;
const SVG = "http://www.w3.org/2000/svg";

export class Plot {
  element = document.createElementNS(SVG, "svg");
  #values = [];
  #line = document.createElementNS(SVG, "path");
  #area = document.createElementNS(SVG, "path");

  constructor() {
    this.element.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    this.element.setAttribute("preserveAspectRatio", "none");
    this.element.setAttribute("aria-hidden", "true");
    this.#line.setAttribute("class", "line");
    this.#area.setAttribute("class", "area");
    this.element.append(this.#area, this.#line);
  }

  add(value) {
    this.#values.push(value);
    if (this.#values.length > POINTS) {
      this.#values.shift();
    }
    const points = this.#points();
    const line = points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join(" L ");
    this.#line.setAttribute("d", `M ${line}`);
    this.#area.setAttribute("d", `M ${points[0][0].toFixed(1)} ${HEIGHT} L ${line} L ${WIDTH} ${HEIGHT} Z`);
  }

  /** The newest is at the right edge; nothing is at the bottom. */
  #points() {
    const most = Math.max(...this.#values, 1e-9);
    const first = POINTS - this.#values.length;
    const x = (index) => ((first + index) / (POINTS - 1)) * WIDTH;
    const y = (value) => HEIGHT - 1.5 - (value / most) * (HEIGHT - 4);
    return this.#values.map((value, index) => [x(index), y(value)]);
  }
}
