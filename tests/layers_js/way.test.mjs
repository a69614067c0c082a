import assert from "node:assert/strict";
import test from "node:test";

import * as way from "../../notebooks/layers_view/way.js";

// A picture of 4 × 4, one filter of 2 × 2 with stride 1 and two maps, pooling 2 × 2 at stride 1, a score from both maps of 2 × 2.
const layer = (name, kind, shape, values, more = {}) => ({ name, kind, shape, values, ...more });
const LAYERS = [
  layer("picture", "picture", [4, 4, 1], [0, 0, 0, 0, 0, 1, 0.5, 0, 0, 0, 1, 0, 0, 0, 0, 1]),
  layer("2 filters", "filters", [3, 3, 2], [...Array(8).fill(0), 1.5, -1, ...Array(8).fill(0)], { size: 2, stride: 1, filters: "filters_1" }),
  layer("pooling", "largest", [2, 2, 2], [1.5, 0, 1.5, 0, 1.5, 0, 1.5, 0], { size: 2, stride: 1 }),
  layer("scores", "scores", [1, 1, 2], [6.25, -2], { size: 2, stride: 1, filters: "filters_2" }),
  layer("probabilities", "probabilities", [1, 1, 2], [0.99974, 0.00026], { size: 1, stride: 1 }),
];
const WEIGHTS = {
  filters_1: [1, -1, 0, 0, 0, 0, 0.5, -0.5], biases_1: [0, 0.5], // (2, 2, 1, 2)
  filters_2: [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], biases_2: [0.25, -2], // (2, 2, 2, 2)
};
const MIDDLE = { layer: 1, channel: 0, row: 1, column: 1 };

test("bytes are cut into an array for each shape", () => {
  const parts = way.cut(new Float64Array([1, 2, 3, 4, 5, 6, 7]).buffer, [[1, 2, 2], [3]]);
  assert.deepEqual(parts.map((part) => [...part]), [[1, 2, 3, 4], [5, 6, 7]]);
});

test("a number depends on its window, and through it on ever larger squares down to the picture", () => {
  assert.deepEqual(way.seenBy(LAYERS, MIDDLE), [{ layer: 0, row: 1, column: 1, size: 2 }]);
  assert.deepEqual(way.seenBy(LAYERS, { layer: 2, channel: 0, row: 1, column: 0 }), [
    { layer: 1, row: 1, column: 0, size: 2 }, { layer: 0, row: 1, column: 0, size: 3 },
  ]);
  assert.equal(way.reachText(LAYERS, { layer: 3, channel: 0, row: 0, column: 0 }), "from 4 × 4 pixels of the picture");
  assert.deepEqual([way.seenBy(LAYERS, { layer: 4, channel: 0, row: 0, column: 0 }), way.reachText(LAYERS, { layer: 0, row: 0, column: 0 })], [[], ""]);
});

test("strides count in the squares", () => {
  const layers = [{}, { size: 5, stride: 1 }, { size: 2, stride: 2 }, { size: 5, stride: 1 }];
  assert.deepEqual(way.seenBy(layers, { layer: 3, row: 1, column: 2 }).map(({ row, column, size }) => [row, column, size]), [
    [1, 2, 5], [2, 4, 10], [2, 4, 14],
  ]);
});

test("a filter's number is the sum of window times filter, plus the bias, and ReLU keeps it or not", () => {
  const [sheet] = way.sheetsOf(LAYERS, WEIGHTS, MIDDLE);
  assert.deepEqual(sheet, { pixels: [1, 0.5, 0, 1], kernel: [1, 0, 0, 0.5], products: [1, 0, 0, 0.5], sum: 1.5 });
  assert.deepEqual(way.filterText(LAYERS, WEIGHTS, MIDDLE, [sheet]), {
    arithmetic: "sum of the products 1.5 + bias 0 = 1.5", said: "conv2d says 1.5, too. ReLU keeps it.",
  });
  const other = { ...MIDDLE, channel: 1 };
  assert.deepEqual(way.filterText(LAYERS, WEIGHTS, other, way.sheetsOf(LAYERS, WEIGHTS, other)), {
    arithmetic: "sum of the products (−1.5) + bias 0.5 = −1", said: "conv2d says −1, too. ReLU makes it 0.",
  });
});

test("a sheet for each map adds up, and what lies below 0 there does not count", () => {
  const place = { layer: 3, channel: 0, row: 0, column: 0 };
  const sheets = way.sheetsOf(LAYERS, WEIGHTS, place);
  assert.deepEqual(sheets.map(({ sum }) => sum), [6, 0]);
  assert.equal(way.filterText(LAYERS, WEIGHTS, place, sheets).arithmetic, "6 + 0 + bias 0.25 = 6.25");
  assert.equal(way.shownAt(LAYERS[1], 1, 1, 1), 0);
});

test("a number that is not the sum, or not the largest, is told", () => {
  const wrong = LAYERS.map((each) => ({ ...each, values: each.values.map((value) => value + 1) }));
  wrong[0] = LAYERS[0];
  const sheets = way.sheetsOf(wrong, WEIGHTS, MIDDLE);
  assert.match(way.filterText(wrong, WEIGHTS, MIDDLE, sheets).said, /^conv2d says 2\.5: that is not the sum\./);
  const place = { layer: 2, channel: 0, row: 0, column: 0 };
  assert.match(way.largestText(wrong, place, [0, 0, 0, 1.5]).said, /2\.5: that is not the largest/);
  assert.match(way.largestText(LAYERS, place, [0, 0, 0, 1.5]).arithmetic, /^The largest of 0, 0, 0, 1\.5 is 1\.5\.$/);
});

test("softmax is told with the powers, also where they are tiny", () => {
  const { arithmetic } = way.probabilityText(LAYERS, { layer: 4, channel: 1 });
  assert.equal(arithmetic, "e to the score: e^(−2) = 0.135. All ten powers add up to 518, and 0.135 / 518 = 2.6e−4.");
  assert.deepEqual([0.5, 0.0004, 0.9987, 1].map(way.percent), ["50 %", "0 %", "99.87 %", "100 %"]);
});

test("moves stay within the map, and a jump lands about where one was", () => {
  assert.deepEqual(way.moved(LAYERS, MIDDLE, [5, -9]), { ...MIDDLE, row: 2, column: 0 });
  assert.deepEqual(way.moved(LAYERS, { layer: 4, channel: 0, row: 0, column: 0 }, [1, 0]).channel, 1);
  assert.deepEqual(way.jumped(LAYERS, { layer: 0, channel: 0, row: 3, column: 0 }, 2, 7), { layer: 2, channel: 1, row: 1, column: 0 });
  assert.equal(way.placeText(LAYERS, MIDDLE), "1. 2 filters, map 0, row 1, column 1");
  assert.equal(way.placeText(LAYERS, { layer: 4, channel: 1 }), "4. probabilities, class 1");
});
