import assert from "node:assert/strict";
import test from "node:test";

import * as answers from "../../notebooks/explorer/answers.js";

// A picture of 2 × 3 under a kernel of 3 × 3, stride 2, one zero above and left of it: a response of 1 × 2.
const KERNEL = [0, 0, 0, 0, 2, -1, 0, 0, 0];
const SAID = {
  settings: { size: 3, stride: 2, kernel: KERNEL, serial: 7 },
  height: 2, width: 3, channels: 1, rows: 1, columns: 2,
  zeros: [[1, 0], [1, 1]], milliseconds: 1.25, problem: "",
};
const PIXELS = [0.5, 1, 0, 0, 0.25, 1];
const bytes = (numbers) => new DataView(new Float64Array([9, ...numbers]).buffer, 8); // not from the buffer's start
const answer = (values, more = {}) => answers.received({ ...SAID, ...more }, bytes(PIXELS), bytes(values));

test("an answer has its pixels, its values, and their limit and range", () => {
  const { pixels, values, limit, range } = answer([-2, 0.5]);
  assert.deepEqual([...pixels], PIXELS);
  assert.deepEqual([...values], [-2, 0.5]);
  assert.equal(limit, 2);
  assert.equal(range, "from −2 to 0.5");
});

test("answers are the same by values, shape and problem", () => {
  const one = answer([1, 2]);
  assert.equal(answers.sameNumbers(one, answer([1, 2])), true);
  assert.equal(answers.sameNumbers(one, answer([1, 3])), false);
  assert.equal(answers.sameNumbers(one, answer([1])), false);
  assert.equal(answers.sameNumbers(one, answer([1, 2], { columns: 1 })), false);
  assert.equal(answers.sameNumbers(one, answer([1, 2], { problem: "It stopped." })), false);
});

test("a window starts a stride further for each place, and in the padding at first", () => {
  assert.deepEqual(answers.corner(SAID, { row: 0, column: 0 }), [-1, -1]);
  assert.deepEqual(answers.corner(SAID, { row: 0, column: 1 }), [-1, 1]);
  assert.equal(answers.coverText(SAID, { row: 0, column: 1 }), "The window covers rows -1 to 1 and columns 1 to 3.");
});

test("outside the picture there are no pixels", () => {
  const own = answer([0, 0]);
  assert.equal(answers.pixelAt(own, 1, 2, 0), 1);
  for (const [row, column] of [[-1, 0], [0, -1], [2, 0], [0, 3]]) assert.equal(answers.pixelAt(own, row, column, 0), null);
});

test("a pixel of a colour picture is found by its channel", () => {
  const colour = { pixels: [1, 2, 3, 4, 5, 6], height: 1, width: 2, channels: 3 };
  assert.equal(answers.pixelAt(colour, 0, 1, 2), 6);
});

test("under a window lie pixels, weights and products, and zeros in the padding", () => {
  const { pixels, weights, products, sum } = answers.underWindow(answer([0, 0]), { row: 0, column: 0 }, 0);
  assert.deepEqual(pixels, [null, null, null, null, 0.5, 1, null, 0, 0.25]);
  assert.deepEqual(weights, KERNEL);
  assert.equal(products[4], 1);
  assert.equal(products[5], -1);
  assert.equal(sum, 0);
});

test("a sum is written without the places whose weight is 0", () => {
  const under = answers.underWindow(answer([0, 0]), { row: 0, column: 0 }, 0);
  assert.equal(answers.sumText(under, ""), "0.5 · 2 + 1 · (−1) = 0");
  assert.equal(answers.sumText(under, "red"), "red: 0.5 · 2 + 1 · (−1) = 0");
  assert.equal(answers.sumText({ pixels: [1], weights: [0], sum: 0 }, ""), "0 = 0");
});

test("the total says whether conv2d agrees, as far as float32 can", () => {
  const total = (values, problem = "") => {
    const own = answer(values, { problem });
    return answers.totalTexts(own, { row: 0, column: 1 }, [answers.underWindow(own, { row: 0, column: 1 }, 0)]);
  };
  assert.equal(total([0, 0.000001]).total, "V(0, 1) = 0. Your conv2d says 0, too.");
  assert.equal(total([0, 0.5]).total, "V(0, 1) = 0. Your conv2d says 0.5: that is not the sum.");
  assert.equal(total([0, 0.5], "It stopped.").total, "V(0, 1) = 0. ");
  assert.equal(total([0, 0]).spoken, "Row 0, column 1: the sum of 9 products is 0. Your conv2d says 0, too.");
});

test("sums of several channels are written out and added", () => {
  const sheets = [{ sum: 1.5, products: [1.5] }, { sum: -0.5, products: [-0.5] }, { sum: 0, products: [0] }];
  const { total } = answers.totalTexts(answer([1, 0]), { row: 0, column: 0 }, sheets);
  assert.equal(total, "V(0, 0) = 1.5 + (−0.5) + 0 = 1. Your conv2d says 1, too.");
});

test("facts give the formula with its numbers", () => {
  assert.equal(
    answers.factsText(SAID),
    "rows: ⌊(2 + 1 + 0 − 3) / 2⌋ + 1 = 1 · zeros: 1 above, 0 below, 1 left, 1 right · conv2d took 1.3 ms",
  );
  assert.equal(answers.responseText(answer([1, 2])), "response: 1 × 2, from 1 to 2");
  assert.equal(answers.responseText({ ...SAID, problem: "It stopped." }), "response: 1 × 2, but conv2d did not give it");
});
