import assert from "node:assert/strict";
import test from "node:test";

import { added, clamp, inBrackets, largest, parse, plural, short, sizes, weightText } from "../../notebooks/explorer/numbers.js";

test("what somebody types is read as a number, a fraction or nothing", () => {
  const read = { "1": 1, "-0.5": -0.5, "−2": -2, "0,25": 0.25, "1/9": 1 / 9, "−1/4": -0.25, " 3 ": 3, "1e2": 100 };
  for (const [text, number] of Object.entries(read)) assert.equal(parse(text), number, text);
  for (const text of ["", "−", "1/", "/2", "1/0", "0/0", "one", "1.2.3", "1e999"]) assert.equal(parse(text), null, text);
});

test("a number is short, with a true minus sign, and never −0", () => {
  assert.equal(short(1 / 3), "0.33");
  assert.equal(short(-1.5), "−1.5");
  assert.equal(short(-0.001), "0");
  assert.equal(short(-0), "0");
  assert.equal(short(2 / 3, 3), "0.667");
  assert.equal(short(-123456), "−1.2e+5");
});

test("a weight keeps three digits that count, so that 1/9 and 1/25 can be told apart", () => {
  assert.equal(weightText(1 / 9), "0.111");
  assert.equal(weightText(-1 / 25), "−0.04");
  assert.equal(weightText(0.00123), "0.00123");
  assert.equal(weightText(8 / 3), "2.67");
  assert.equal(weightText(0), "0");
});

test("steps of a tenth leave no rounding behind", () => {
  assert.equal(added(0.1, 0.2), 0.3);
  assert.equal(added(0.3, -0.1), 0.2);
});

test("a place outside is brought to the rim", () => {
  assert.deepEqual([-3, 0, 4, 5, 99].map((place) => clamp(place, 5)), [0, 0, 4, 4, 4]);
});

test("the largest size is never 0, since values are divided by it", () => {
  assert.equal(largest([1, -3, 2]), 3);
  assert.equal(largest([0, 0]), 1);
  assert.equal(largest([]), 1);
});

test("sizes are added without their signs", () => assert.equal(sizes([1, -3, 2]), 6));

test("only a negative factor stands in brackets, and only one zero has no s", () => {
  assert.deepEqual(["−1", "1"].map(inBrackets), ["(−1)", "1"]);
  assert.deepEqual([1, 2].map((count) => plural(count, "zero")), ["1 zero", "2 zeros"]);
});
