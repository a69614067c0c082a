import assert from "node:assert/strict";
import test from "node:test";

import { channelsOf, subject, withPicture, withPreset, withSize, withWeights } from "../../notebooks/explorer/settings.js";

const CATALOGUE = { digits: { channels: 1 }, photos: { channels: 3 } };
const PRESETS = { 3: { blur: Array(9).fill(1 / 9) }, 5: { blur: Array(25).fill(1 / 25) } };
const DIGIT = { set: "digits", number: 3, gray: false, preset: "own", size: 3, kernel: [1, 2, 3, 4, 5, 6, 7, 8, 9] };
const PHOTO = { ...DIGIT, set: "photos", kernel: DIGIT.kernel.flatMap((weight) => [weight, weight, weight]) };

test("a colour photo has three channels, a gray one and a digit have one", () => {
  const all = [PHOTO, { ...PHOTO, gray: true }, DIGIT];
  assert.deepEqual(all.map((settings) => channelsOf(settings, CATALOGUE)), [3, 1, 1]);
});

test("the kernel follows the picture to its channels", () => {
  assert.deepEqual(withPicture(DIGIT, { set: "photos", number: 0 }, CATALOGUE), { ...PHOTO, number: 0 });
  assert.deepEqual(withPicture(PHOTO, { gray: true }, CATALOGUE).kernel, DIGIT.kernel);
});

test("digits are not turned gray, so that photos come back in colour", () => {
  const back = withPicture({ ...PHOTO, gray: true, kernel: DIGIT.kernel }, { set: "digits" }, CATALOGUE);
  assert.equal(back.gray, false);
  assert.deepEqual(back.kernel, DIGIT.kernel);
});

test("a kernel with a name is taken in the new size, one's own gets zeros around it", () => {
  const named = withSize({ ...DIGIT, preset: "blur" }, 5, CATALOGUE, PRESETS);
  assert.deepEqual(named, { preset: "blur", size: 5, kernel: PRESETS[5].blur });
  const own = withSize(DIGIT, 5, CATALOGUE, PRESETS);
  assert.equal(own.kernel.length, 25);
  assert.equal(own.kernel[12], 5);
  assert.equal("preset" in own, false);
});

test("a chosen kernel has a sheet for every channel", () => {
  assert.deepEqual(withPreset(PHOTO, "blur", 3, CATALOGUE, PRESETS).kernel, Array(27).fill(1 / 9));
});

test("a kernel with another weight is one's own", () => {
  const doubled = withWeights({ ...DIGIT, preset: "blur" }, (kernel) => kernel.map((weight) => 2 * weight));
  assert.deepEqual(doubled, { preset: "own", kernel: DIGIT.kernel.map((weight) => 2 * weight) });
});

test("an answer depends on the kernel's weights, and neither on its name nor on when it was asked for", () => {
  const settings = { ...DIGIT, stride: 1, padding: "SAME", serial: 4 };
  assert.equal(subject({ ...settings, preset: "blur", serial: 5 }), subject(settings));
  assert.notEqual(subject({ ...settings, kernel: PRESETS[3].blur }), subject(settings));
  assert.notEqual(subject({ ...settings, padding: 1 }), subject(settings));
});
