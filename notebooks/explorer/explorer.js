// The kernel explorer in the browser: the controls, two canvases, and the sum under the window.
//
// A changed control travels to Python (widget.py) as `settings`; the student's conv2d is asked there, and
// `answer`, `pixel_bytes` and `response_bytes` come back. What is drawn follows from these and from the place
// of the window, which every view keeps for itself. Words and numbers reach the page as text, never as HTML.
//
// The way to Python and back takes longer than anything else. So with a change go the two next steps of the same
// control, `ahead`: the student's conv2d answers them too, once the change itself is answered, and a key that takes
// such a step is answered at once.

const PADDINGS = ["VALID", "SAME", 1, 2, 3, 4];
const SHEETS = { 1: [""], 3: ["red", "green", "blue"] };
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const STEPS = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 };
const PATIENCE = 400; // milliseconds of silence after which the explorer says that it waits for Python

export default {
  render({ model, el }) {
    const explorer = new Explorer(model, el);
    const heard = {
      "change:settings": () => explorer.showSettings(),
      "change:answer": () => explorer.takeAnswer(),
      "msg:custom": (step, buffers) => explorer.keepStep(step, buffers),
    };
    for (const [event, act] of Object.entries(heard)) model.on(event, act);
    return () => {
      for (const [event, act] of Object.entries(heard)) model.off(event, act);
    };
  },
};

class Explorer {
  constructor(model, el) {
    this.model = model;
    this.colours = new Uint8Array(buffer(model.get("colours")));
    this.window = { row: 12, column: 12 }; // its place in the response
    this.steps = new Map(); // answers to steps that have not been taken yet, by what they depend on
    this.problem = make("p", { className: "kx-problem", role: "alert" });
    this.sums = make("div", { className: "kx-sums" });
    this.total = make("p", { className: "kx-total" });
    this.spoken = make("p", { className: "kx-spoken", role: "status" });
    this.root = make(
      "section",
      { className: "kx", "aria-label": "Kernel explorer", "data-lm-suppress-shortcuts": "true" },
      this.pictureControls(), this.problem, this.stage(), this.kernelControls(), this.sums, this.total, this.spoken,
    );
    this.root.addEventListener("keydown", (event) => event.stopPropagation()); // the keys are the explorer's
    el.append(this.root);
    this.takeAnswer();
    this.showSettings();
  }

  // --- the controls ---

  pictureControls() {
    const sets = Object.keys(this.model.get("catalogue"));
    this.set = choice("pictures", sets, (set) => this.changePicture({ set, number: 0 }));
    this.number = choice("picture", [], (number) => this.changePicture({ number: Number(number) }));
    this.gray = make("input", { type: "checkbox", "aria-label": "gray" });
    this.gray.addEventListener("change", () => this.changePicture({ gray: this.gray.checked }));
    this.stride = slider("stride", ["1", "2", "3", "4"], (place, next) => {
      this.change({ stride: place + 1 }, next.map((other) => ({ stride: other + 1 })));
    });
    const paddings = PADDINGS.map((name) => (typeof name === "string" ? name : plural(name, "zero")));
    this.padding = slider("padding", paddings, (place, next) => {
      this.change({ padding: PADDINGS[place] }, next.map((other) => ({ padding: PADDINGS[other] })));
    });
    return make(
      "div", { className: "kx-row" },
      labelled(this.set), labelled(this.number),
      labelled(this.gray), this.stride.node, this.padding.node,
    );
  }

  kernelControls() {
    const names = Object.keys(this.model.get("presets")[3]);
    this.preset = choice("kernel", names, (preset) => this.changePreset(preset, this.settings.size));
    this.preset.append(make("option", { value: "own", disabled: true }, "my own"));
    this.size = choice("size", { 3: "3 × 3", 5: "5 × 5" }, (size) => this.changeSize(Number(size)));
    const scale = (factor) => () => this.changeWeights((kernel) => kernel.map((w) => w * factor));
    const normalise = () => this.changeWeights((kernel) => kernel.map((w) => w / (sizes(kernel) || 1)));
    return make(
      "div", { className: "kx-row" },
      labelled(this.preset), labelled(this.size),
      button("× 2", "double all weights", scale(2)), button("÷ 2", "halve all weights", scale(1 / 2)),
      button("× (−1)", "change the sign of all weights", scale(-1)),
      button("normalise", "divide all weights by the sum of their sizes, so that white to black gives 1 at most", normalise),
    );
  }

  stage() {
    this.picture = figure((place) => this.point(place));
    this.picture.canvas.className = "kx-padded"; // where it is transparent, it shows the zeros around the picture
    this.response = figure((place) => this.moveTo(Math.floor(place.row), Math.floor(place.column)));
    this.scale = make("canvas", { role: "img" });
    draw(this.scale, 1, 256, (_, x) => this.colour(x / 127.5 - 1));
    this.ends = [make("span"), make("span")];
    this.facts = make("p", { className: "kx-facts" });
    this.waiting = make("p", { role: "status" });
    this.response.node.append(make("div", { className: "kx-scale" }, this.ends[0], this.scale, this.ends[1]));
    const label = "Picture and response. The arrow keys move the window.";
    const stage = make(
      "div", { className: "kx-stage", tabIndex: 0, role: "application", "aria-label": label },
      this.picture.node, this.response.node,
    );
    stage.addEventListener("keydown", (event) => this.moveBy(event));
    stage.addEventListener("pointerdown", () => stage.focus());
    const keys = "Arrow keys move the window when the pictures have the focus (click, or Tab), and the place in the " +
      "kernel. There, type a number such as −1, 0.5 or 1/9; Page up and Page down change it by 1, with Shift by 0.1.";
    return make("div", {}, stage, this.facts, this.waiting, make("p", { className: "kx-keys" }, keys));
  }

  buildSheets(size, channels) {
    const shape = `${size} ${channels}`;
    if (this.shape === shape) return;
    this.shape = shape;
    this.sheets = SHEETS[channels].map((name, channel) => {
      const weight = (row, column) => this.weight(size, channels, row, column, channel);
      const part = (what, cell = () => make("span")) => grid(size, `${what} ${name}`.trim(), cell);
      return { window: part("window"), weights: part("kernel", weight), products: part("products"), line: make("p") };
    });
    const sign = (text) => make("span", { className: "kx-sign" }, text);
    this.sums.replaceChildren(...this.sheets.flatMap(({ window, weights, products, line }) => [
      make("div", { className: "kx-sheet" }, window.node, sign("×"), weights.node, sign("="), products.node), line,
    ]));
  }

  weight(size, channels, row, column, channel) {
    const place = (row * size + column) * channels + channel;
    const label = `weight in row ${row}, column ${column} ${SHEETS[channels][channel]}`.trim();
    const input = make("input", { inputMode: "decimal", "aria-label": label, tabIndex: place === channel ? 0 : -1 });
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
      input.value = weightText(this.settings.kernel[place]);
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
        choose(added(this.settings.kernel[place], step), step);
        input.value = weightText(this.settings.kernel[place]);
        input.select();
      }
    });
    return input;
  }

  // --- settings: what the controls say ---

  get settings() {
    return this.model.get("settings");
  }

  channels({ set, gray }) {
    return gray ? 1 : this.model.get("catalogue")[set].channels;
  }

  change(part, ahead = []) {
    const { ahead: _, ...old } = this.settings;
    const settings = { ...old, ...part, serial: old.serial + 1 };
    const step = this.steps.get(subject(settings));
    this.steps.clear();
    this.model.set("settings", { ...settings, ahead: ahead.map((next) => ({ ...settings, ...next })) });
    this.model.save_changes();
    if (step) this.showAnswer({ ...step, settings: this.settings });
  }

  changePicture(part) {
    const settings = { ...this.settings, ...part };
    settings.gray &&= this.model.get("catalogue")[settings.set].channels > 1;
    const [old, channels] = [this.channels(this.settings), this.channels(settings)];
    this.change({ ...settings, kernel: withChannels(settings.kernel, old, channels) });
  }

  changePreset(preset, size) {
    const sheet = this.model.get("presets")[size][preset];
    this.change({ preset, size, kernel: withChannels(sheet, 1, this.channels(this.settings)) });
  }

  changeSize(size) {
    const { preset, kernel, size: old } = this.settings;
    if (preset !== "own") this.changePreset(preset, size);
    else this.change({ size, kernel: recentred(kernel, old, size, this.channels(this.settings)) });
  }

  changeWeights(weigh, next = []) {
    const part = (other) => ({ preset: "own", kernel: other(this.settings.kernel) });
    this.change(part(weigh), next.map(part));
  }

  showSettings() {
    const settings = this.settings;
    const { channels, titles } = this.model.get("catalogue")[settings.set];
    if (this.titles !== titles) this.number.replaceChildren(...options({ ...titles }));
    this.titles = titles;
    put(this.set, settings.set);
    put(this.number, settings.number);
    this.gray.checked = settings.gray || channels === 1;
    this.gray.disabled = channels === 1;
    put(this.preset, settings.preset);
    put(this.size, settings.size);
    this.stride.show(settings.stride - 1);
    this.padding.show(PADDINGS.indexOf(settings.padding));
    this.buildSheets(settings.size, this.channels(settings));
    const limit = largest(settings.kernel);
    for (const [channel, sheet] of this.sheets.entries()) {
      for (const [place, input] of sheet.weights.cells.entries()) {
        const value = settings.kernel[place * this.sheets.length + channel];
        if (!input.matches(":focus")) put(input, weightText(value));
        paint(input, this.colour(value / limit));
      }
    }
    this.showWaiting();
  }

  showWaiting() {
    const waits = this.answer.settings.serial !== this.settings.serial;
    this.root.setAttribute("aria-busy", waits);
    clearTimeout(this.patience);
    if (waits) this.patience = setTimeout(() => write(this.waiting, "Waiting for Python …"), PATIENCE);
    else write(this.waiting, "");
  }

  // --- the answer: what Python says ---

  takeAnswer() {
    const answer = received(this.model.get("answer"), this.model.get("pixel_bytes"), this.model.get("response_bytes"));
    const known = this.answer && this.answer.settings.serial === answer.settings.serial && sameNumbers(this.answer, answer);
    if (!known) this.showAnswer(answer);
  }

  keepStep(step, [pixels, response]) {
    this.steps.set(subject(step.settings), received(step, pixels, response));
  }

  showAnswer(answer) {
    this.answer = answer;
    this.pixels = answer.pixels;
    this.values = answer.values;
    this.problem.textContent = answer.problem;
    this.limit = largest(this.values);
    this.range = `from ${short(Math.min(...this.values))} to ${short(Math.max(...this.values))}`;
    this.showFacts(answer);
    this.drawWindow();
    this.root.dataset.serial = answer.settings.serial; // which settings the canvases show now
    cancelAnimationFrame(this.frame); // the pictures are painted first, the many small numbers after them
    this.frame = requestAnimationFrame(() => setTimeout(() => this.showNumbers(answer)));
  }

  showNumbers(answer) {
    if (answer !== this.answer) return; // the next answer's numbers are on their way
    this.showSums();
    const seen = answer.problem ? "No response." : `Response ${answer.rows} by ${answer.columns}, ${this.range}.`;
    this.spoken.textContent = `${seen} ${this.spoken.textContent}`;
    this.showWaiting();
  }

  showFacts({ settings, height, width, rows, columns, zeros: [[top, bottom], [left, right]], milliseconds, problem }) {
    const { size, stride } = settings;
    const name = this.model.get("catalogue")[settings.set].titles[settings.number];
    this.picture.caption.textContent = `picture ${name}: ${height} × ${width}`;
    this.response.caption.textContent =
      `response: ${rows} × ${columns}` + (problem ? ", but conv2d did not give it" : `, ${this.range}`);
    this.facts.textContent =
      `rows: ⌊(${height} + ${top} + ${bottom} − ${size}) / ${stride}⌋ + 1 = ${rows} · zeros: ${top} above, ` +
      `${bottom} below, ${left} left, ${right} right · conv2d took ${milliseconds.toFixed(1)} ms`;
    this.ends[0].textContent = short(-this.limit);
    this.ends[1].textContent = short(this.limit);
    this.scale.setAttribute("aria-label", `Scale: purple ${short(-this.limit)}, white 0, orange ${short(this.limit)}`);
  }

  drawPicture({ settings: { size, stride }, height, width, channels, zeros: [[top, bottom], [left, right]] }) {
    const { canvas, mark, caption } = this.picture;
    draw(canvas, top + height + bottom, left + width + right, (y, x) => {
      const [row, column] = [y - top, x - left];
      if (row < 0 || column < 0 || row >= height || column >= width) return null;
      const start = (row * width + column) * channels;
      return [0, 1, 2].map((channel) => 255 * this.pixels[start + (channel % channels)]);
    });
    surround(mark, canvas, this.window.row * stride, this.window.column * stride, size);
    const [row, column] = [this.window.row * stride - top, this.window.column * stride - left];
    const covers = `The window covers rows ${row} to ${row + size - 1} and columns ${column} to ${column + size - 1}.`;
    canvas.setAttribute("aria-label", `${caption.textContent}. ${covers}`);
  }

  drawResponse({ rows, columns, problem }) {
    const { canvas, mark, caption } = this.response;
    draw(canvas, rows, columns, (y, x) => (problem ? null : this.colour(this.values[y * columns + x] / this.limit)));
    surround(mark, canvas, this.window.row, this.window.column, 1);
    canvas.setAttribute("aria-label", caption.textContent);
  }

  // --- the window ---

  moveTo(row, column) {
    this.window = { row, column };
    this.showWindow();
  }

  moveBy(event) {
    const { rows, columns } = this.answer;
    const { row, column } = this.window;
    const far = { Home: [0, -columns], End: [0, columns], PageUp: [-rows, 0], PageDown: [rows, 0] };
    const move = MOVES[event.key] ?? far[event.key];
    if (!move) return;
    event.preventDefault();
    this.moveTo(row + move[0], column + move[1]);
  }

  point({ row, column }) {
    const { size, stride } = this.answer.settings; // the window's middle goes under the pointer
    const first = (place) => Math.round((place - size / 2) / stride);
    this.moveTo(first(row), first(column));
  }

  showWindow() {
    this.drawWindow();
    this.showSums();
  }

  drawWindow() {
    const answer = this.answer;
    const { row, column } = this.window;
    this.window = { row: clamp(row, answer.rows), column: clamp(column, answer.columns) };
    this.drawPicture(answer);
    this.drawResponse(answer);
  }

  showSums() {
    const answer = this.answer;
    const { size, kernel } = answer.settings;
    if (this.shape !== `${size} ${answer.channels}`) return; // the grids are ahead of Python
    const sums = this.sheets.map((sheet, channel) => this.showSheet(sheet, channel, answer));
    this.showTotal(answer, sums, kernel.length);
  }

  pixelAt(x, y, channel, { height, width, channels }) {
    return x < 0 || y < 0 || x >= height || y >= width ? null : this.pixels[(x * width + y) * channels + channel];
  }

  showSheet(sheet, channel, answer) {
    const { settings: { size, stride, kernel }, channels, zeros: [[top], [left]] } = answer;
    const products = sheet.window.cells.map((cell, place) => {
      const [m, n] = [Math.floor(place / size), place % size];
      const [x, y] = [this.window.row * stride - top + m, this.window.column * stride - left + n];
      const pixel = this.pixelAt(x, y, channel, answer);
      write(cell, short(pixel ?? 0));
      cell.classList.toggle("kx-zero", pixel === null);
      paint(cell, pixel === null ? null : [255 * pixel, 255 * pixel, 255 * pixel]);
      return (pixel ?? 0) * kernel[place * channels + channel];
    });
    const limit = largest(products);
    const terms = [];
    for (const [place, cell] of sheet.products.cells.entries()) {
      const factor = kernel[place * channels + channel];
      write(cell, short(products[place]));
      paint(cell, this.colour(products[place] / limit));
      if (factor) terms.push(`${sheet.window.cells[place].textContent} · ${inBrackets(weightText(factor))}`);
    }
    const sum = products.reduce((total, product) => total + product, 0);
    write(sheet.line, `${channels > 1 ? `${SHEETS[channels][channel]}: ` : ""}${terms.join(" + ") || "0"} = ${short(sum, 3)}`);
    return { sum, size: sizes(products) };
  }

  showTotal({ rows, columns, problem }, sums, count) {
    const { row, column } = this.window;
    const sum = sums.reduce((total, sheet) => total + sheet.sum, 0);
    const size = sums.reduce((total, sheet) => total + sheet.size, 0);
    const own = this.values[row * columns + column];
    const agrees = Math.abs(own - sum) <= 1e-5 * (1 + size); // float32 may round a little
    const words = problem ? "" : `Your conv2d says ${short(own, 3)}${agrees ? ", too" : ": that is not the sum"}.`;
    const parts = sums.map((sheet) => inBrackets(short(sheet.sum, 3)));
    const added = parts.length > 1 ? `${parts.join(" + ")} = ` : "";
    this.total.textContent = `V(${row}, ${column}) = ${added}${short(sum, 3)}. ${words}`;
    this.spoken.textContent = `Row ${row}, column ${column}: the sum of ${count} products is ${short(sum, 3)}. ${words}`;
  }

  colour(share) {
    const place = Math.round(127.5 * (Math.max(-1, Math.min(1, share)) + 1)) * 3;
    return this.colours.subarray(place, place + 3);
  }
}

// --- elements ---

function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

function options(names) {
  const pairs = Array.isArray(names) ? names.map((name) => [name, name]) : Object.entries(names);
  return pairs.map(([value, name]) => make("option", { value }, name));
}

function labelled(control) {
  return make("label", {}, control.getAttribute("aria-label"), control);
}

function choice(label, names, choose) {
  const select = make("select", { "aria-label": label }, ...options(names));
  select.addEventListener("change", () => choose(select.value));
  return select;
}

function button(text, title, act) {
  const node = make("button", { type: "button", title }, text);
  node.addEventListener("click", act);
  return node;
}

// `choose` is told the place chosen and the places that one more key would choose.
// JupyterLab takes the left and right arrow from a native slider, so the keys are dealt with here.
function slider(name, texts, choose) {
  const input = make("input", { type: "range", min: 0, max: texts.length - 1, "aria-label": name });
  const output = make("output");
  const show = (place) => {
    put(input, place);
    input.setAttribute("aria-valuetext", texts[place]);
    write(output, texts[place]);
  };
  const told = (place) => choose(place, [place + 1, place - 1].filter((next) => next in texts));
  input.addEventListener("input", () => told(Number(input.value)));
  input.addEventListener("keydown", (event) => {
    const ends = { Home: 0, End: texts.length - 1 };
    const place = ends[event.key] ?? Number(input.value) + STEPS[event.key];
    if (!(place >= 0 && place < texts.length)) return;
    event.preventDefault();
    told(place);
  });
  const node = labelled(input);
  node.append(output);
  return { show, node };
}

function figure(point) {
  const canvas = make("canvas", { role: "img" });
  const mark = make("span", { className: "kx-mark" });
  const caption = make("figcaption");
  const told = (event) => {
    const box = canvas.getBoundingClientRect();
    point({
      row: ((event.clientY - box.top) / box.height) * canvas.height,
      column: ((event.clientX - box.left) / box.width) * canvas.width,
    });
  };
  canvas.addEventListener("pointermove", told);
  canvas.addEventListener("pointerdown", told);
  return { canvas, mark, caption, node: make("figure", {}, caption, make("div", { className: "kx-view" }, canvas, mark)) };
}

function grid(size, caption, makeCell) {
  const rows = [...Array(size).keys()];
  const cells = rows.flatMap((row) => rows.map((column) => makeCell(row, column)));
  const lines = rows.map((row) =>
    make("tr", {}, ...cells.slice(row * size, (row + 1) * size).map((cell) => make("td", {}, cell))));
  return { cells, node: make("table", {}, make("caption", {}, caption), make("tbody", {}, ...lines)) };
}

// --- drawing ---

// A canvas has one pixel for each value, which explorer.css enlarges: so there is little to draw and to copy.
function draw(canvas, rows, columns, colourAt) {
  if (canvas.height !== rows || canvas.width !== columns) Object.assign(canvas, { width: columns, height: rows });
  const image = new ImageData(columns, rows); // transparent
  for (let place = 0; place < rows * columns; place++) {
    const colour = colourAt(Math.floor(place / columns), place % columns);
    if (colour) {
      image.data.set(colour, 4 * place);
      image.data[4 * place + 3] = 255;
    }
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

function surround(mark, canvas, row, column, size) {
  const share = (part, whole) => `${(100 * part) / whole}%`;
  Object.assign(mark.style, {
    left: share(column, canvas.width),
    top: share(row, canvas.height),
    width: share(size, canvas.width),
    height: share(size, canvas.height),
  });
}

// What stays the same is left alone: a changed element costs the browser a new layout.
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function put(control, value) {
  if (control.value !== `${value}`) control.value = value;
}

function paint(node, colour) {
  const style = colour ? `rgb(${Array.from(colour, Math.round)})` : "";
  if (node.dataset.colour === style) return;
  const dark = colour && 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2] < 128;
  node.dataset.colour = node.style.background = style;
  node.style.color = colour ? (dark ? "white" : "black") : "";
}

// --- answers ---

function received(answer, pixels, response) {
  return { ...answer, pixels: new Float64Array(buffer(pixels)), values: new Float64Array(buffer(response)) };
}

// What an answer depends on.
function subject({ set, number, gray, size, stride, padding, kernel }) {
  return JSON.stringify([set, number, gray, size, stride, padding, kernel]);
}

function sameNumbers(one, other) {
  const same = one.values.length === other.values.length && one.values.every((value, i) => value === other.values[i]);
  return same && one.columns === other.columns && one.problem === other.problem;
}

// --- numbers ---

const clamp = (place, length) => Math.max(0, Math.min(length - 1, place));
const largest = (values) => values.reduce((limit, value) => Math.max(limit, Math.abs(value)), 0) || 1;
const sizes = (values) => values.reduce((total, value) => total + Math.abs(value), 0);
const plural = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;
const inBrackets = (text) => (text.startsWith("−") ? `(${text})` : text);

const added = (value, step) => Number((value + step).toPrecision(12)); // 0.1 + 0.2 is to be 0.3

function short(value, decimals = 2) {
  const text = Math.abs(value) < 1e5 ? Number(value.toFixed(decimals)) + 0 : value.toExponential(1);
  return `${text}`.replace("-", "−");
}

function weightText(value) {
  const rounded = Math.abs(value) < 1 ? value.toPrecision(3) : value.toFixed(2);
  return `${Number(rounded)}`.replace("-", "−");
}

function parse(text) {
  const [top, bottom = "1"] = text.replace("−", "-").replace(",", ".").split("/");
  const value = Number(top) / Number(bottom);
  return top.trim() && bottom.trim() && Number.isFinite(value) ? value : null;
}

// Kernels lie in memory row by row, the channels of one place side by side, as in Python.
function withChannels(kernel, old, channels) {
  if (old === channels) return kernel;
  if (old === 1) return kernel.flatMap((w) => Array(channels).fill(w));
  const sheet = Array.from({ length: kernel.length / old }, (_, place) => kernel.slice(place * old, (place + 1) * old));
  return withChannels(sheet.map((weights) => weights.reduce((sum, w) => sum + w) / old), 1, channels);
}

function recentred(kernel, old, size, channels) {
  const shift = (old - size) / 2; // negative where zeros are put around
  return Array.from({ length: size * size * channels }, (_, index) => {
    const [place, channel] = [Math.floor(index / channels), index % channels];
    const [row, column] = [Math.floor(place / size) + shift, (place % size) + shift];
    const inside = Math.min(row, column) >= 0 && Math.max(row, column) < old;
    return inside ? kernel[(row * old + column) * channels + channel] : 0;
  });
}

function buffer(view) {
  return view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
}
