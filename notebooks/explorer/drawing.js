// What is seen in colour: canvases, the mark of the window, cells.

import { pixelAt } from "./answers.js";

// A canvas has one pixel for each value, which explorer.css enlarges: so there is little to draw and to copy.
export function draw(canvas, rows, columns, colourAt) {
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

// The picture with its zeros, which stay transparent.
export function drawPadded(canvas, answer) {
  const { height, width, channels, zeros: [[top, bottom], [left, right]] } = answer;
  draw(canvas, top + height + bottom, left + width + right, (y, x) => {
    if (pixelAt(answer, y - top, x - left, 0) === null) return null;
    return [0, 1, 2].map((channel) => 255 * pixelAt(answer, y - top, x - left, channel % channels));
  });
}

// The colour of a share from −1 (the most negative value) to 1; `colours` are 256 times red, green, blue.
export function shade(colours, share) {
  const place = Math.round(127.5 * (Math.max(-1, Math.min(1, share)) + 1)) * 3;
  return colours.subarray(place, place + 3);
}

export function surround(mark, canvas, row, column, size) {
  const share = (part, whole) => `${(100 * part) / whole}%`;
  Object.assign(mark.style, {
    left: share(column, canvas.width),
    top: share(row, canvas.height),
    width: share(size, canvas.width),
    height: share(size, canvas.height),
  });
}

export function paint(node, colour) {
  const style = colour ? `rgb(${Array.from(colour, Math.round)})` : "";
  if (node.dataset.colour === style) return;
  const dark = colour && luminance(colour) < 0.179; // there, white and black have the same contrast, 4.6
  node.dataset.colour = node.style.background = style;
  node.style.color = colour ? (dark ? "white" : "black") : "";
}

// WCAG's relative luminance, from 0 to 1.
function luminance(colour) {
  const [red, green, blue] = Array.from(colour, (part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
