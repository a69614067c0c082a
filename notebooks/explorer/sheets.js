// The kernel, and the window with its products, number by number: a grid of each for every channel.

import { SHEETS, sumText, underWindow } from "./answers.js";
import { paint, shade } from "./drawing.js";
import { MOVES, grid, make, put, write } from "./elements.js";
import { added, clamp, largest, parse, short, weightText } from "./numbers.js";

export class Sheets {
  // `weights` returns the kernel as it is now; `changeWeights` is told how to change it, and how one more key would.
  constructor(colours, weights, changeWeights) {
    this.colours = colours;
    this.weights = weights;
    this.changeWeights = changeWeights;
    this.kernel = make("div", { className: "kx-kernel" }); // beside the pictures, so that its effect is seen at once
    this.node = make("div", { className: "kx-sums" });
  }

  showWeights({ size, kernel }, channels) {
    this.build(size, channels);
    const limit = largest(kernel);
    for (const [channel, sheet] of this.sheets.entries()) {
      for (const [place, input] of sheet.weights.cells.entries()) {
        const value = kernel[place * channels + channel];
        if (!input.matches(":focus")) put(input, weightText(value));
        paint(input, shade(this.colours, value / limit));
      }
    }
  }

  // Returns what lies under the window in each channel; null while the grids are ahead of Python.
  showSums(answer, window) {
    if (this.shape !== `${answer.settings.size} ${answer.channels}`) return null;
    return this.sheets.map((sheet, channel) => this.showSheet(sheet, channel, underWindow(answer, window, channel)));
  }

  showSheet(sheet, channel, under) {
    const limit = largest(under.products);
    for (const [place, pixel] of under.pixels.entries()) {
      const [cell, product] = [sheet.window.cells[place], sheet.products.cells[place]];
      write(cell, short(pixel ?? 0));
      cell.classList.toggle("kx-zero", pixel === null);
      paint(cell, pixel === null ? null : [255 * pixel, 255 * pixel, 255 * pixel]);
      write(product, short(under.products[place]));
      paint(product, shade(this.colours, under.products[place] / limit));
    }
    write(sheet.line, sumText(under, SHEETS[this.sheets.length][channel]));
    return under;
  }

  build(size, channels) {
    const shape = `${size} ${channels}`;
    if (this.shape === shape) return;
    this.shape = shape;
    this.sheets = SHEETS[channels].map((name, channel) => {
      const weight = (row, column) => this.weight(size, channels, row, column, channel);
      const part = (what, cell = () => make("span")) => grid(size, `${what} ${name}`.trim(), cell);
      return { window: part("window"), weights: part("kernel", weight), products: part("products"), line: make("p") };
    });
    this.kernel.replaceChildren(...this.sheets.map(({ weights }) => weights.node));
    this.node.replaceChildren(...this.sheets.flatMap(({ window, products, line }) => [
      make("div", { className: "kx-sheet" }, window.node, make("span", { className: "kx-sign" }, "× kernel ="), products.node), line,
    ]));
  }

  // The field for one weight.
  weight(size, channels, row, column, channel) {
    const place = (row * size + column) * channels + channel;
    const label = `weight in row ${row}, column ${column} ${SHEETS[channels][channel]}`.trim();
    const input = make("input", { inputMode: "decimal", "aria-label": label, tabIndex: place === channel ? 0 : -1 });
    const rewrite = () => (input.value = weightText(this.weights()[place]));
    const choose = (value, step = 1) => {
      const other = (weight) => (kernel) => kernel.map((old, index) => (index === place ? weight : old));
      this.changeWeights(other(value), [other(added(value, step)), other(added(value, -step))]);
    };
    input.addEventListener("input", () => {
      const value = parse(input.value);
      input.setAttribute("aria-invalid", value === null);
      if (value !== null) choose(value);
    });
    input.addEventListener("blur", () => {
      input.removeAttribute("aria-invalid");
      rewrite();
    });
    input.addEventListener("focus", () => {
      for (const other of this.sheets[channel].weights.cells) other.tabIndex = other === input ? 0 : -1;
      input.select();
    });
    input.addEventListener("keydown", (event) => {
      const move = !event.shiftKey && MOVES[event.key];
      const step = { PageUp: 1, PageDown: -1 }[event.key] * (event.shiftKey ? 0.1 : 1);
      if (!move && !step) return;
      event.preventDefault();
      if (move) {
        const [to, across] = [clamp(row + move[0], size), clamp(column + move[1], size)];
        this.sheets[channel].weights.cells[to * size + across].focus();
      } else {
        choose(added(this.weights()[place], step), step);
        rewrite();
        input.select();
      }
    });
    return input;
  }
}
