// What the controls say, as Python gets it (exploration.py tells of each setting): each function here returns the
// settings that change with one of them, and takes `catalogue` and `presets` as Python gives them.

import { recentred, withChannels } from "./kernels.js";

export const PADDINGS = ["VALID", "SAME", 1, 2, 3, 4];

export function channelsOf({ set, gray }, catalogue) {
  return gray ? 1 : catalogue[set].channels;
}

export function withPicture(settings, part, catalogue) {
  const other = { ...settings, ...part };
  other.gray &&= catalogue[other.set].channels > 1; // a gray set has nothing to turn gray
  const kernel = withChannels(other.kernel, channelsOf(settings, catalogue), channelsOf(other, catalogue));
  return { ...other, kernel };
}

export function withPreset(settings, preset, size, catalogue, presets) {
  return { preset, size, kernel: withChannels(presets[size][preset], 1, channelsOf(settings, catalogue)) };
}

export function withSize(settings, size, catalogue, presets) {
  const { preset, kernel, size: old } = settings;
  if (preset !== "own") return withPreset(settings, preset, size, catalogue, presets);
  return { size, kernel: recentred(kernel, old, size, channelsOf(settings, catalogue)) };
}

export function withWeights({ kernel }, weigh) {
  return { preset: "own", kernel: weigh(kernel) };
}

// What an answer depends on.
export function subject({ set, number, gray, size, stride, padding, kernel }) {
  return JSON.stringify([set, number, gray, size, stride, padding, kernel]);
}
