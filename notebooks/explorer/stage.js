// The two pictures with the window on them, and the facts below.

import { coverText, factsText, responseText } from "./answers.js";
import { draw, drawPadded, shade, surround } from "./drawing.js";
import { figure, make } from "./elements.js";
import { short } from "./numbers.js";

const LABEL = "Picture and response. The arrow keys move the window.";
const KEYS = "Arrow keys move the window when the pictures have the focus (click, or Tab), and the place in the " +
  "kernel. There, type a number such as −1, 0.5 or 1/9; Page up and Page down change it by 1, with Shift by 0.1.";

export class Stage {
  // `point` is told a place of the padded picture, `moveTo` one of the response, `moveBy` which key was pressed.
  constructor(colours, catalogue, { point, moveTo, moveBy }) {
    this.colours = colours;
    this.catalogue = catalogue;
    this.picture = figure(point);
    this.picture.canvas.className = "kx-padded"; // where it is transparent, it shows the zeros around the picture
    this.response = figure((place) => moveTo(Math.floor(place.row), Math.floor(place.column)));
    this.scale = make("canvas", { role: "img" });
    draw(this.scale, 1, 256, (_, x) => shade(colours, x / 127.5 - 1));
    this.ends = [make("span"), make("span")];
    this.response.node.append(make("div", { className: "kx-scale" }, this.ends[0], this.scale, this.ends[1]));
    this.facts = make("p", { className: "kx-facts" });
    this.waiting = make("p", { role: "status" });
    const pictures = make(
      "div", { className: "kx-stage", tabIndex: 0, role: "application", "aria-label": LABEL },
      this.picture.node, this.response.node,
    );
    pictures.addEventListener("keydown", moveBy);
    pictures.addEventListener("pointerdown", () => pictures.focus());
    this.node = make("div", {}, pictures, this.facts, this.waiting);
    this.keys = make("p", { className: "kx-keys" }, KEYS);
  }

  showFacts(answer) {
    const { settings, height, width, limit } = answer;
    const name = this.catalogue[settings.set].titles[settings.number];
    this.picture.caption.textContent = `picture ${name}: ${height} × ${width}`;
    this.response.caption.textContent = responseText(answer);
    this.facts.textContent = factsText(answer);
    this.ends[0].textContent = short(-limit);
    this.ends[1].textContent = short(limit);
    this.scale.setAttribute("aria-label", `Scale: purple ${short(-limit)}, white 0, orange ${short(limit)}`);
  }

  drawWindow(answer, window) {
    this.drawPicture(answer, window);
    this.drawResponse(answer, window);
  }

  drawPicture(answer, window) {
    const { canvas, mark, caption } = this.picture;
    const { size, stride } = answer.settings;
    drawPadded(canvas, answer);
    surround(mark, canvas, window.row * stride, window.column * stride, size);
    canvas.setAttribute("aria-label", `${caption.textContent}. ${coverText(answer, window)}`);
  }

  drawResponse({ rows, columns, values, limit, problem }, window) {
    const { canvas, mark, caption } = this.response;
    draw(canvas, rows, columns, (y, x) => (problem ? null : shade(this.colours, values[y * columns + x] / limit)));
    surround(mark, canvas, window.row, window.column, 1);
    canvas.setAttribute("aria-label", caption.textContent);
  }
}
