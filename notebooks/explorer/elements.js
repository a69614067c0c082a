// The parts of the page: each is made here once, and `write` and `put` change what it says.

// What the arrow keys do: they move by rows and columns, or along a slider.
export const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const STEPS = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 };

export function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

export function options(names) {
  const pairs = Array.isArray(names) ? names.map((name) => [name, name]) : Object.entries(names);
  return pairs.map(([value, name]) => make("option", { value }, name));
}

export function labelled(control) {
  return make("label", {}, control.getAttribute("aria-label"), control);
}

export function choice(label, names, choose) {
  const select = make("select", { "aria-label": label }, ...options(names));
  select.addEventListener("change", () => choose(select.value));
  return select;
}

export function button(text, title, act) {
  const node = make("button", { type: "button", title }, text);
  node.addEventListener("click", act);
  return node;
}

// `choose` is told the place chosen and the places that one more key would choose.
// JupyterLab takes the left and right arrow from a native slider, so the keys are dealt with here.
export function slider(name, texts, choose) {
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

export function figure(point) {
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

export function grid(size, caption, makeCell) {
  const rows = [...Array(size).keys()];
  const cells = rows.flatMap((row) => rows.map((column) => makeCell(row, column)));
  const lines = rows.map((row) =>
    make("tr", {}, ...cells.slice(row * size, (row + 1) * size).map((cell) => make("td", {}, cell))));
  return { cells, node: make("table", {}, make("caption", {}, caption), make("tbody", {}, ...lines)) };
}

// What stays the same is left alone: a changed element costs the browser a new layout.
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function put(control, value) {
  if (control.value !== `${value}`) control.value = value;
}
