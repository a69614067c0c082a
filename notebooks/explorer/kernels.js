// Kernels that are changed as a whole. They lie in memory row by row, the channels of one place side by side, as in Python.

// The same weights for every channel, or the mean of those that there were.
export function withChannels(kernel, old, channels) {
  if (old === channels) return kernel;
  if (old === 1) return kernel.flatMap((w) => Array(channels).fill(w));
  const sheet = Array.from({ length: kernel.length / old }, (_, place) => kernel.slice(place * old, (place + 1) * old));
  return withChannels(sheet.map((weights) => weights.reduce((sum, w) => sum + w) / old), 1, channels);
}

// The middle of a larger kernel, or a smaller one with zeros around it.
export function recentred(kernel, old, size, channels) {
  const shift = (old - size) / 2; // negative where zeros are put around
  return Array.from({ length: size * size * channels }, (_, index) => {
    const [place, channel] = [Math.floor(index / channels), index % channels];
    const [row, column] = [Math.floor(place / size) + shift, (place % size) + shift];
    const inside = Math.min(row, column) >= 0 && Math.max(row, column) < old;
    return inside ? kernel[(row * old + column) * channels + channel] : 0;
  });
}
