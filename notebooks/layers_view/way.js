// What Python says, layer by layer, and where each number comes from: nothing here needs a page.
//
// A place is { layer, channel, row, column }. An answer has `layers`, as way.py describes them, each with its `values`, channel
// by channel within a pixel; the filters and biases by name are `weights`, in the order (rows, columns, channels in, out).

import { inBrackets, short } from "../explorer/numbers.js";

// Cuts the bytes that Python sends into an array for each of the shapes.
export function cut(bytes, shapes) {
  const numbers = new Float64Array(bytes);
  let from = 0;
  return shapes.map((shape) => {
    const count = shape.reduce((product, length) => product * length, 1);
    from += count;
    return numbers.subarray(from - count, from);
  });
}

export function valueAt({ values, shape: [, columns, channels] }, row, column, channel) {
  return values[(row * columns + column) * channels + channel];
}

// What the next layer gets to see: below 0, filters say nothing (ReLU).
export function shownAt(layer, row, column, channel) {
  const value = valueAt(layer, row, column, channel);
  return layer.kind === "filters" ? Math.max(value, 0) : value;
}

// The squares of earlier layers that a number depends on, the nearest first: its window, what that comes from, and so on to the
// picture. None for a probability, which depends on all scores.
export function seenBy(layers, { layer, row, column }) {
  const squares = [];
  let size = 1;
  for (let number = layer; number > 0 && layers[layer].kind !== "probabilities"; number--) {
    const { size: window, stride } = layers[number];
    [row, column, size] = [row * stride, column * stride, (size - 1) * stride + window];
    squares.push({ layer: number - 1, row, column, size });
  }
  return squares;
}

// Numbers of a window in one channel, row by row.
export function pixelsUnder(layers, window, channel) {
  const places = [...Array(window.size * window.size).keys()];
  return places.map((place) => shownAt(
    layers[window.layer], window.row + Math.floor(place / window.size), window.column + (place % window.size), channel,
  ));
}

// For each channel in: the window's numbers, the filter's weights, their products, and the sum of these.
export function sheetsOf(layers, weights, place) {
  const window = seenBy(layers, place)[0];
  const { filters, shape: [, , out] } = layers[place.layer];
  const channels = layers[window.layer].shape[2];
  return [...Array(channels).keys()].map((channel) => {
    const pixels = pixelsUnder(layers, window, channel);
    const kernel = pixels.map((_, index) => weights[filters][(index * channels + channel) * out + place.channel]);
    const products = pixels.map((pixel, index) => pixel * kernel[index]);
    return { pixels, kernel, products, sum: products.reduce((total, product) => total + product, 0) };
  });
}

// The sum over all channels with the bias, in words, beside what the student's function says.
export function filterText(layers, weights, place, sheets) {
  const layer = layers[place.layer];
  const bias = weights[layer.filters.replace("filters", "biases")][place.channel];
  const sum = sheets.reduce((total, sheet) => total + sheet.sum, 0) + bias;
  const size = sheets.flatMap((sheet) => sheet.products).reduce((total, product) => total + Math.abs(product), 1);
  const own = valueAt(layer, place.row, place.column, place.channel);
  const agrees = Math.abs(own - sum) <= 1e-5 * size; // float32 may round a little
  const terms = sheets.length > 1 ? sheets.map((sheet) => inBrackets(short(sheet.sum))).join(" + ") :
    `sum of the products ${inBrackets(short(sheets[0].sum))}`;
  const relu = layer.kind === "scores" ? "" : own > 0 ? " ReLU keeps it." : " ReLU makes it 0.";
  return {
    arithmetic: `${terms} + bias ${inBrackets(short(bias))} = ${short(sum)}`,
    said: `conv2d says ${short(own)}${agrees ? ", too." : ": that is not the sum."}${relu}`,
  };
}

export function largestText(layers, place, pixels) {
  const own = valueAt(layers[place.layer], place.row, place.column, place.channel);
  const found = Math.max(...pixels);
  const agrees = Math.abs(own - found) <= 1e-6 * (1 + Math.abs(found));
  return {
    arithmetic: `The largest of ${pixels.map((pixel) => short(pixel)).join(", ")} is ${short(found)}.`,
    said: agrees ? "extract_patches found it, too." : `extract_patches led to ${short(own)}: that is not the largest.`,
  };
}

export function probabilityText(layers, place) {
  const scores = [...layers[place.layer - 1].values];
  const powers = scores.map((score) => Math.exp(score));
  const total = powers.reduce((sum, power) => sum + power, 0);
  const own = layers[place.layer].values[place.channel];
  const power = powers[place.channel];
  return {
    arithmetic: `e to the score: e^${inBrackets(short(scores[place.channel]))} = ${significant(power)}. All ten powers add up to ` +
      `${significant(total)}, and ${significant(power)} / ${significant(total)} = ${significant(power / total)}.`,
    said: `That is ${percent(own)}.`,
  };
}

// Three digits that count, also of very small and very large numbers.
function significant(value) {
  const text = value > 0.001 && value < 1e5 ? `${Number(value.toPrecision(3))}` : value.toExponential(1);
  return text.replace("-", "−");
}

export function percent(share) {
  return `${short(100 * share, share > 0.995 && share < 1 ? 2 : 1)} %`;
}

// What a place is, for readers and for screen readers.
export function placeText(layers, { layer, channel, row, column }) {
  const { name, kind, shape } = layers[layer];
  const step = `${layer}. ${name}`;
  if (kind === "scores" || kind === "probabilities") return `${step}, class ${channel}`;
  return `${step}${shape[2] > 1 ? `, map ${channel}` : ""}, row ${row}, column ${column}`;
}

// How much of the picture a number depends on.
export function reachText(layers, place) {
  const { size } = seenBy(layers, place).at(-1) ?? {};
  return size ? `from ${size} × ${size} pixels of the picture` : "";
}

export function samePlace(one, other) {
  return ["layer", "channel", "row", "column"].every((part) => one[part] === other[part]);
}

// The same place after a move by rows and columns, within its map; classes stand one below the other.
export function moved(layers, place, [rows, columns]) {
  const { kind, shape } = layers[place.layer];
  const within = (value, length) => Math.max(0, Math.min(length - 1, value));
  if (kind === "scores" || kind === "probabilities") return { ...place, channel: within(place.channel + rows, shape[2]) };
  return { ...place, row: within(place.row + rows, shape[0]), column: within(place.column + columns, shape[1]) };
}

// A place of another layer or map that lies about where the old one did.
export function jumped(layers, place, layer, channel = place.channel) {
  const [rows, columns] = layers[place.layer].shape;
  const [newRows, newColumns, channels] = layers[layer].shape;
  const scaled = (value, from, to) => Math.min(to - 1, Math.floor(((value + 0.5) * to) / from));
  return {
    layer,
    channel: Math.max(0, Math.min(channels - 1, channel)),
    row: scaled(place.row, rows, newRows),
    column: scaled(place.column, columns, newColumns),
  };
}
