import assert from "node:assert/strict";
import test from "node:test";

import { recentred, withChannels } from "../../notebooks/explorer/kernels.js";

const NINE = [1, 2, 3, 4, 5, 6, 7, 8, 9];

test("every channel gets the weights that one had, side by side", () => {
  assert.deepEqual(withChannels([1, 2], 1, 3), [1, 1, 1, 2, 2, 2]);
});

test("one channel gets the mean of three", () => {
  assert.deepEqual(withChannels([1, 2, 6, -3, 0, 3], 3, 1), [3, 0]);
});

test("as many channels as before leave a kernel alone", () => {
  assert.deepEqual(withChannels([1, 2, 6], 3, 3), [1, 2, 6]);
});

test("a larger kernel has zeros around the old one, and a smaller one is its middle", () => {
  const larger = recentred(NINE, 3, 5, 1);
  assert.deepEqual(larger.slice(0, 7), [0, 0, 0, 0, 0, 0, 1]);
  assert.deepEqual(larger.slice(11, 14), [4, 5, 6]);
  assert.equal(larger.length, 25);
  assert.deepEqual(recentred(larger, 5, 3, 1), NINE);
});

test("the channels of a place stay together when the size changes", () => {
  const kernel = withChannels(NINE, 1, 3).map((weight, index) => 10 * weight + (index % 3));
  const larger = recentred(kernel, 3, 5, 3);
  assert.deepEqual(larger.slice(12 * 3, 13 * 3), [50, 51, 52]);
  assert.deepEqual(recentred(larger, 5, 3, 3), kernel);
});
