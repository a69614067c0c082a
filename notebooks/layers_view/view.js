// The network in the browser: one column for each layer, and below them how the chosen number came about.
//
// A chosen digit, or another stride, travels to Python (widget.py) as `settings`; the student's function is asked there, and
// `answer` and `values` come back. The chosen place is the browser's own. Words and numbers reach the page as text, never as HTML.

import { buffer } from "../explorer/answers.js";
import { draw, paint, shade, surround } from "../explorer/drawing.js";
import { MOVES, choice, grid, labelled, make, options, put, write } from "../explorer/elements.js";
import { largest, short } from "../explorer/numbers.js";
import {
  cut, filterText, jumped, largestText, moved, percent, pixelsUnder, placeText, probabilityText, reachText, samePlace,
  seenBy, sheetsOf, shownAt, valueAt,
} from "./way.js";

const ZOOMS = { 28: 4, 24: 3, 12: 4, 8: 5, 4: 7 }; // pixels of the screen for one number, by the columns of a map
const STRIDES = { 1: "stride 1, then pooling", 2: "stride 2, no pooling" };
const LABEL = "The network's layers. Arrow keys move within a map, Page up and Page down go to another map, Home and End to " +
  "another layer.";
const KEYS = "Point at any number; a click holds it. By keyboard: arrows in a map, Page up and down for the map, Home and End for the layer.";

export default {
  render({ model, el }) {
    const view = new LayersView(model, el);
    const take = () => view.takeAnswer();
    model.on("change:answer", take);
    return () => model.off("change:answer", take);
  },
};

class LayersView {
  constructor(model, el) {
    this.model = model;
    this.colours = new Uint8Array(buffer(model.get("colours")));
    const shapes = model.get("weight_shapes");
    const arrays = cut(buffer(model.get("weight_bytes")), Object.values(shapes));
    this.weights = Object.fromEntries(Object.keys(shapes).map((name, index) => [name, arrays[index]]));
    this.place = { layer: 1, channel: 2, row: 8, column: 14 };
    this.addParts(model.get("titles"));
    el.append(this.root);
    this.takeAnswer();
  }

  addParts(titles) {
    this.digit = choice("digit", { ...titles }, (number) => this.change({ digit: Number(number) }));
    this.stride = choice("first filters", STRIDES, (stride) => this.change({ stride: Number(stride) }));
    this.layer = choice("layer", [], (layer) => this.show(jumped(this.layers, this.place, Number(layer))));
    this.channel = choice("map", [], (channel) => this.show({ ...this.place, channel: Number(channel) }));
    const controls = [this.digit, this.stride, this.layer, this.channel].map(labelled);
    this.problem = make("p", { className: "kx-problem", role: "alert" });
    this.stage = make("div", { className: "lv-stage", tabIndex: 0, role: "application", "aria-label": LABEL });
    this.stage.addEventListener("keydown", (event) => this.press(event));
    this.stage.addEventListener("pointerdown", () => this.stage.focus({ preventScroll: true }));
    this.where = make("p", { className: "kx-total" });
    this.made = make("div", { className: "lv-made" });
    this.arithmetic = make("p", { className: "lv-arithmetic" });
    this.said = make("p", { className: "lv-said" });
    this.spoken = make("p", { className: "kx-spoken", role: "status" });
    this.root = make(
      "section", { className: "kx lv", "aria-label": "A network, layer by layer", "data-lm-suppress-shortcuts": "true" },
      make("div", { className: "kx-row" }, ...controls), this.problem, this.stage,
      make("div", { className: "lv-how" }, this.where, this.made, this.arithmetic, this.said), this.spoken,
      make("p", { className: "kx-keys" }, KEYS),
    );
    this.root.addEventListener("keydown", (event) => event.stopPropagation()); // the keys are the view's
  }

  // --- the digit and its way: what Python says ---

  change(part) {
    const settings = this.model.get("settings");
    this.model.set("settings", { ...settings, ...part, serial: settings.serial + 1 });
    this.model.save_changes();
    this.root.setAttribute("aria-busy", true);
  }

  takeAnswer() {
    const { layers, problem, settings } = this.model.get("answer");
    put(this.digit, settings.digit);
    put(this.stride, settings.stride);
    write(this.problem, problem);
    this.root.setAttribute("aria-busy", false);
    this.root.dataset.serial = settings.serial;
    for (const part of [this.stage, this.where.parentNode]) part.hidden = Boolean(problem);
    if (problem) return;
    const arrays = cut(buffer(this.model.get("values")), layers.map((layer) => layer.shape));
    const before = this.layers;
    this.layers = layers.map((layer, index) => ({ ...layer, values: arrays[index] }));
    this.buildStage();
    this.show(before && before.length !== layers.length ? { layer: 1, channel: 0, row: 4, column: 6 } : this.place);
  }

  buildStage() {
    this.columns = this.layers.map((layer, number) => {
      const last = layer.kind === "scores" || layer.kind === "probabilities";
      return last ? this.classColumn(layer, number) : this.mapColumn(layer, number);
    });
    this.stage.replaceChildren(...this.columns.map(({ node }) => node));
    const names = this.layers.map((layer, number) => `${number}. ${layer.name}`);
    this.layer.replaceChildren(...options({ ...names }));
  }

  mapColumn(layer, number) {
    const [rows, columns, channels] = layer.shape;
    const limit = Math.max(...layer.values) || 1; // what lies below 0 is not shown
    const zoom = ZOOMS[columns] ?? 4;
    const maps = [...Array(channels).keys()].map((channel) => {
      const canvas = make("canvas", { role: "img", "aria-label": `${number}. ${layer.name}, map ${channel}` });
      canvas.style.width = `${columns * zoom}px`;
      draw(canvas, rows, columns, (row, column) => this.colour(layer, shownAt(layer, row, column, channel), limit));
      this.listen(canvas, (event) => {
        const box = canvas.getBoundingClientRect();
        const [row, column] = [event.clientY - box.top, event.clientX - box.left].map((at) => Math.floor(at / (box.width / columns)));
        return moved(this.layers, { layer: number, channel, row, column }, [0, 0]);
      });
      const mark = make("span", { className: "kx-mark", hidden: true });
      return { canvas, mark, node: make("div", { className: "kx-view" }, canvas, mark) };
    });
    const across = channels === 1 ? 1 : channels > 6 ? 3 : 2;
    const tiles = make("div", { className: "lv-maps" }, ...maps.map(({ node }) => node));
    tiles.style.gridTemplateColumns = `repeat(${across}, max-content)`;
    return { maps, node: this.column(number, `${rows} × ${columns}${channels > 1 ? ` × ${channels}` : ""}`, tiles) };
  }

  classColumn(layer, number) {
    const limit = largest(layer.values);
    const classes = [...layer.values].map((value, channel) => {
      const bar = make("span", { className: "lv-bar" });
      const share = layer.kind === "scores" ? value / limit : value;
      bar.style.width = `${100 * Math.abs(share)}%`;
      bar.style.background = `rgb(${shade(this.colours, layer.kind === "scores" ? 0.7 * Math.sign(value) : 0.7)})`;
      const text = layer.kind === "scores" ? short(value, 1) : percent(value);
      const node = make(
        "div", { className: `lv-class lv-${layer.kind}` },
        make("b", {}, `${channel}`), make("span", { className: "lv-track" }, bar), make("span", { className: "lv-number" }, text),
      );
      this.listen(node, () => ({ layer: number, channel, row: 0, column: 0 }));
      return { node };
    });
    return { classes, node: this.column(number, "10", make("div", {}, ...classes.map(({ node }) => node))) };
  }

  // The pointer shows what it moves over; a click holds that, so that the arithmetic can be read, and another one lets go.
  listen(node, placeOf) {
    node.addEventListener("pointermove", (event) => this.held || this.show(placeOf(event)));
    node.addEventListener("pointerdown", (event) => {
      const place = placeOf(event);
      this.held = !(this.held && samePlace(place, this.place));
      this.show(place);
    });
  }

  column(number, size, content) {
    const caption = make("figcaption", {}, make("b", {}, `${number}. ${this.layers[number].name}`), make("span", {}, size));
    return make("figure", {}, caption, content);
  }

  colour(layer, value, limit) {
    return layer.kind === "picture" ? [255 * value, 255 * value, 255 * value] : shade(this.colours, value / limit);
  }

  // --- the chosen number ---

  press(event) {
    const { layer, channel } = this.place;
    const layers = { Home: layer - 1, End: layer + 1 }[event.key];
    const maps = { PageUp: channel - 1, PageDown: channel + 1 }[event.key];
    const move = MOVES[event.key];
    if (!move && layers === undefined && maps === undefined) return;
    event.preventDefault();
    if (move) this.show(moved(this.layers, this.place, move));
    else if (maps !== undefined) this.show(jumped(this.layers, this.place, layer, maps));
    else this.show(jumped(this.layers, this.place, Math.max(0, Math.min(this.layers.length - 1, layers))));
  }

  show(place) {
    this.place = place;
    const channels = this.layers[place.layer].shape[2];
    if (this.channel.options.length !== channels) this.channel.replaceChildren(...options([...Array(channels).keys()].map(String)));
    put(this.layer, place.layer);
    put(this.channel, place.channel);
    this.mark();
    this.explain();
  }

  mark() {
    const { layer: chosen, channel: own, row, column } = this.place;
    const squares = seenBy(this.layers, this.place);
    for (const [number, { maps = [], classes = [] }] of this.columns.entries()) {
      const square = squares.find(({ layer }) => layer === number);
      const near = number === chosen - 1;
      for (const [channel, { mark, canvas }] of maps.entries()) {
        const alone = near && this.layers[chosen].kind === "largest"; // the largest is taken in each map alone
        const here = number === chosen ? { row, column, size: 1 } : square;
        mark.hidden = !here || ((number === chosen || alone) && channel !== own);
        mark.classList.toggle("lv-far", Boolean(square) && !near);
        if (!mark.hidden) surround(mark, canvas, here.row, here.column, here.size);
      }
      for (const [channel, { node }] of classes.entries()) {
        node.classList.toggle("lv-chosen", number === chosen && channel === own);
      }
    }
  }

  explain() {
    const layer = this.layers[this.place.layer];
    const value = valueAt(layer, this.place.row, this.place.column, this.place.channel);
    const { arithmetic, said } = this.howMade(layer);
    const number = layer.kind === "probabilities" ? percent(value) : short(value);
    const reach = reachText(this.layers, this.place);
    write(this.where, `${placeText(this.layers, this.place)}: ${number}${reach && `, ${reach}`}${this.held ? " (held)" : ""}`);
    write(this.arithmetic, arithmetic);
    write(this.said, said);
    write(this.spoken, `${this.where.textContent}. ${said}`);
  }

  howMade(layer) {
    if (layer.kind === "picture") {
      this.made.replaceChildren();
      return { arithmetic: "A pixel of the digit: 0 is black, 1 is white.", said: "" };
    }
    if (layer.kind === "probabilities") {
      this.made.replaceChildren();
      return probabilityText(this.layers, this.place);
    }
    if (layer.kind === "largest") {
      const window = seenBy(this.layers, this.place)[0];
      const pixels = pixelsUnder(this.layers, window, this.place.channel);
      this.made.replaceChildren(this.numbers("window", pixels, largest(this.layers[window.layer].values)));
      return largestText(this.layers, this.place, pixels);
    }
    const sheets = sheetsOf(this.layers, this.weights, this.place);
    this.made.replaceChildren(...(sheets.length > 1 ? this.tiles(sheets) : this.sums(sheets[0])));
    return filterText(this.layers, this.weights, this.place, sheets);
  }

  // One channel, number by number.
  sums({ pixels, kernel, products }) {
    const sign = (text) => make("span", { className: "kx-sign" }, text);
    return [
      this.numbers("window", pixels, 1, true), sign("×"), this.numbers("filter", kernel, largest(kernel)), sign("="),
      this.numbers("products", products, largest(products)),
    ];
  }

  numbers(caption, values, limit, gray = false) {
    const size = Math.sqrt(values.length);
    const table = grid(size, caption, (row, column) => {
      const cell = make("span", {}, short(values[row * size + column]));
      const value = values[row * size + column];
      paint(cell, gray ? [255 * value, 255 * value, 255 * value] : shade(this.colours, value / limit));
      return cell;
    });
    return table.node;
  }

  // Many channels: a small picture for each window, filter and product, and the sums below.
  tiles(sheets) {
    const seen = largest(sheets.flatMap(({ pixels }) => pixels));
    const heavy = largest(sheets.flatMap(({ kernel }) => kernel));
    const most = largest(sheets.flatMap(({ products }) => products));
    const row = (name, cells) => make("tr", {}, make("th", { scope: "row" }, name), ...cells.map((cell) => make("td", {}, cell)));
    const maps = sheets.map((_, channel) => make("th", { scope: "col" }, `${channel}`));
    return [make(
      "table", { className: "lv-tiles" },
      make("tr", {}, make("th", { scope: "row" }, "map"), ...maps),
      row("window", sheets.map(({ pixels }) => this.tile(pixels, seen))),
      row("filter", sheets.map(({ kernel }) => this.tile(kernel, heavy))),
      row("products", sheets.map(({ products }) => this.tile(products, most))),
      row("sum", sheets.map(({ sum }) => short(sum))),
    )];
  }

  tile(values, limit) {
    const size = Math.sqrt(values.length);
    const canvas = make("canvas", { role: "img", "aria-label": values.map((value) => short(value)).join(" ") });
    draw(canvas, size, size, (row, column) => shade(this.colours, values[row * size + column] / limit));
    return canvas;
  }
}
