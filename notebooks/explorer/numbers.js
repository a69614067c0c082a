// Numbers as the explorer counts with them and writes them: with a true minus sign, never as −0.

export const clamp = (place, length) => Math.max(0, Math.min(length - 1, place));
export const largest = (values) => values.reduce((limit, value) => Math.max(limit, Math.abs(value)), 0) || 1;
export const sizes = (values) => values.reduce((total, value) => total + Math.abs(value), 0);
export const plural = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;
export const inBrackets = (text) => (text.startsWith("−") ? `(${text})` : text);

export const added = (value, step) => Number((value + step).toPrecision(12)); // 0.1 + 0.2 is to be 0.3

export function short(value, decimals = 2) {
  const text = Math.abs(value) < 1e5 ? Number(value.toFixed(decimals)) + 0 : value.toExponential(1);
  return `${text}`.replace("-", "−");
}

export function weightText(value) {
  const rounded = Math.abs(value) < 1 ? value.toPrecision(3) : value.toFixed(2);
  return `${Number(rounded)}`.replace("-", "−");
}

export function parse(text) {
  const [top, bottom = "1"] = text.replace("−", "-").replace(",", ".").split("/");
  const value = Number(top) / Number(bottom);
  return top.trim() && bottom.trim() && Number.isFinite(value) ? value : null;
}
