// The controls above and below the pictures. Each group is { node, show }; `show` puts the settings into it.

import { button, choice, labelled, make, options, put, slider } from "./elements.js";
import { plural, sizes } from "./numbers.js";
import { PADDINGS } from "./settings.js";

// `changePicture` is told the settings that change; `change`, besides, those that one more key would change.
export function pictureControls(catalogue, changePicture, change) {
  const set = choice("pictures", Object.keys(catalogue), (name) => changePicture({ set: name, number: 0 }));
  const number = choice("picture", [], (chosen) => changePicture({ number: Number(chosen) }));
  const gray = make("input", { type: "checkbox", "aria-label": "gray" });
  gray.addEventListener("change", () => changePicture({ gray: gray.checked }));
  const stride = slider("stride", ["1", "2", "3", "4"], (place, next) => {
    change({ stride: place + 1 }, next.map((other) => ({ stride: other + 1 })));
  });
  const paddings = PADDINGS.map((name) => (typeof name === "string" ? name : plural(name, "zero")));
  const padding = slider("padding", paddings, (place, next) => {
    change({ padding: PADDINGS[place] }, next.map((other) => ({ padding: PADDINGS[other] })));
  });

  let shown; // the titles in the list of pictures
  const show = (settings) => {
    const { channels, titles } = catalogue[settings.set];
    if (shown !== titles) number.replaceChildren(...options({ ...titles }));
    shown = titles;
    put(set, settings.set);
    put(number, settings.number);
    gray.checked = settings.gray || channels === 1;
    gray.disabled = channels === 1;
    stride.show(settings.stride - 1);
    padding.show(PADDINGS.indexOf(settings.padding));
  };
  const parts = [labelled(set), labelled(number), labelled(gray), stride.node, padding.node];
  return { show, node: make("div", { className: "kx-row" }, ...parts) };
}

export function kernelControls(names, { changePreset, changeSize, changeWeights }) {
  const preset = choice("kernel", names, changePreset);
  preset.append(make("option", { value: "own", disabled: true }, "my own"));
  const size = choice("size", { 3: "3 × 3", 5: "5 × 5" }, (chosen) => changeSize(Number(chosen)));
  const scale = (factor) => () => changeWeights((kernel) => kernel.map((w) => w * factor));
  const normalise = () => changeWeights((kernel) => kernel.map((w) => w / (sizes(kernel) || 1)));
  const node = make(
    "div", { className: "kx-row" },
    labelled(preset), labelled(size),
    button("× 2", "double all weights", scale(2)), button("÷ 2", "halve all weights", scale(1 / 2)),
    button("× (−1)", "change the sign of all weights", scale(-1)),
    button("normalise", "divide all weights by the sum of their sizes, so that white to black gives 1 at most", normalise),
  );
  const show = (settings) => {
    put(preset, settings.preset);
    put(size, settings.size);
  };
  return { node, show };
}
