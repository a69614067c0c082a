// What Python says: an answer of widget.py with its pixels and values, and what can be told of it in words.
//
// A window is given by its place in the response, { row, column }.

import { inBrackets, largest, short, sizes, weightText } from "./numbers.js";

export const SHEETS = { 1: [""], 3: ["red", "green", "blue"] }; // the names of channels

export function buffer(view) {
  return view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
}

export function received(answer, pixels, response) {
  const values = new Float64Array(buffer(response));
  const range = `from ${short(Math.min(...values))} to ${short(Math.max(...values))}`;
  return { ...answer, pixels: new Float64Array(buffer(pixels)), values, limit: largest(values), range };
}

export function sameNumbers(one, other) {
  const same = one.values.length === other.values.length && one.values.every((value, i) => value === other.values[i]);
  return same && one.columns === other.columns && one.problem === other.problem;
}

// The first row and column of the picture under a window; negative ones are padding.
export function corner({ settings: { stride }, zeros: [[top], [left]] }, { row, column }) {
  return [row * stride - top, column * stride - left];
}

// A pixel of the picture, from 0 to 1; null in the padding.
export function pixelAt({ pixels, height, width, channels }, row, column, channel) {
  const inside = row >= 0 && column >= 0 && row < height && column < width;
  return inside ? pixels[(row * width + column) * channels + channel] : null;
}

// One channel of what lies under a window, place by place, its weights, their products, and the sum of these.
export function underWindow(answer, window, channel) {
  const { settings: { size, kernel }, channels } = answer;
  const [top, left] = corner(answer, window);
  const places = [...Array(size * size).keys()];
  const pixels = places.map((place) => pixelAt(answer, top + Math.floor(place / size), left + (place % size), channel));
  const weights = places.map((place) => kernel[place * channels + channel]);
  const products = places.map((place) => (pixels[place] ?? 0) * weights[place]);
  return { pixels, weights, products, sum: products.reduce((total, product) => total + product, 0) };
}

export function sumText({ pixels, weights, sum }, name) {
  const term = (weight, place) => `${short(pixels[place] ?? 0)} · ${inBrackets(weightText(weight))}`;
  const terms = weights.flatMap((weight, place) => (weight ? [term(weight, place)] : []));
  return `${name ? `${name}: ` : ""}${terms.join(" + ") || "0"} = ${short(sum, 3)}`;
}

// The sum over all channels beside the response's own value: to be read, and to be spoken.
export function totalTexts({ settings: { kernel }, values, columns, problem }, { row, column }, sheets) {
  const sum = sheets.reduce((total, sheet) => total + sheet.sum, 0);
  const size = sheets.reduce((total, sheet) => total + sizes(sheet.products), 0);
  const own = values[row * columns + column];
  const agrees = Math.abs(own - sum) <= 1e-5 * (1 + size); // float32 may round a little
  const words = problem ? "" : `Your conv2d says ${short(own, 3)}${agrees ? ", too" : ": that is not the sum"}.`;
  const parts = sheets.map((sheet) => inBrackets(short(sheet.sum, 3)));
  const shown = parts.length > 1 ? `${parts.join(" + ")} = ${short(sum, 3)}` : short(sum, 3);
  return {
    total: `V(${row}, ${column}) = ${shown}. ${words}`,
    spoken: `Row ${row}, column ${column}: the sum of ${kernel.length} products is ${short(sum, 3)}. ${words}`,
  };
}

export function responseText({ rows, columns, range, problem }) {
  return `response: ${rows} × ${columns}` + (problem ? ", but conv2d did not give it" : `, ${range}`);
}

export function factsText({ settings: { size, stride }, height, rows, zeros: [[top, bottom], [left, right]], milliseconds }) {
  return (
    `rows: ⌊(${height} + ${top} + ${bottom} − ${size}) / ${stride}⌋ + 1 = ${rows} · zeros: ${top} above, ` +
    `${bottom} below, ${left} left, ${right} right · conv2d took ${milliseconds.toFixed(1)} ms`
  );
}

export function coverText(answer, window) {
  const { size } = answer.settings;
  const [row, column] = corner(answer, window);
  return `The window covers rows ${row} to ${row + size - 1} and columns ${column} to ${column + size - 1}.`;
}
