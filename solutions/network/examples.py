"""What the notebook's own cells show: the student's functions at work on small examples, and what a network has learned."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np

from autograder.judge.drawing import can_draw, show
from autograder.judge.running import example_of, names_of_caller
from autograder.judge.visible import StandIn

CLOTHES = "fashion_mnist"


# --- a convolution where there is none of one's own ---------------------------------------------------------


def stand_in_where_needed() -> None:
    """Says whose convolution is used, and puts a stand-in in the place of one that is missing or wrong."""
    own = sys._getframe(1).f_globals
    for name, works_instead in (("conv2d", _conv2d_by_rows), ("conv2d_gradients", _gradients_by_rows)):
        reason = _why_not(name, own.get(name), own["checks"])
        if reason:
            own[name] = StandIn(works_instead, reason)
        print(f"{name}: {f'a stand-in works here until yours is right. {reason}' if reason else 'your own.'}")


def _why_not(name: str, function: object, checks: ModuleType) -> str:
    if function is None:
        return "There is none yet: run its cell first."
    if isinstance(function, StandIn):
        return function.reason
    for case in checks.CASES[name]:
        problem, _ = checks.examine(name, function, case)
        if problem is not None:
            return problem.message.splitlines()[0]
    return ""


def _bands(size: int, length: int) -> np.ndarray:
    """1 where window i holds number k at its place m: [windows, size, length]."""
    windows = size - length + 1
    i, k, m = np.ogrid[:windows, :size, :length]
    return (k == i + m).astype(np.float32)


def _conv2d_by_rows(inputs: np.ndarray, filters: np.ndarray, strides: list[int], padding: str) -> np.ndarray:
    """What the network needs of conv2d: VALID, stride 1. Each row of a filter becomes a band of a matrix."""
    height, (rows, columns) = inputs.shape[1], filters.shape[:2]
    band = np.einsum("jlw,mwco->mlcjo", _bands(inputs.shape[2], columns), filters, optimize=True)
    out = height - rows + 1
    parts = (np.tensordot(inputs[:, m : m + out], band[m], 2) for m in range(rows))
    return sum(parts)


def _gradients_by_rows(
    inputs: np.ndarray, filters: np.ndarray, strides: list[int], padding: str, upstream: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What the network needs of conv2d_gradients, by the same bands."""
    (rows, columns), out = filters.shape[:2], upstream.shape[1]
    bands = _bands(inputs.shape[2], columns)
    band = np.einsum("jlw,mwco->mlcjo", bands, filters, optimize=True)
    d_inputs, d_filters = np.zeros(inputs.shape, upstream.dtype), np.zeros(filters.shape, upstream.dtype)
    for m in range(rows):
        d_inputs[:, m : m + out] += np.tensordot(upstream, band[m], ((2, 3), (2, 3)))
        d_band = np.tensordot(inputs[:, m : m + out], upstream, ((0, 1), (0, 1)))
        d_filters[m] = np.einsum("lcjo,jlw->wco", d_band, bands, optimize=True)
    return d_inputs, d_filters


# --- tools --------------------------------------------------------------------------------------------------


def nudge() -> None:
    """Section 8: a weight of each array is nudged, and the change of the loss compared with what a step takes off."""
    own, rng, rate = names_of_caller(1), np.random.default_rng(2), 1e-3
    images, labels = rng.normal(size=(4, 14, 12, 1)), np.array([2, 0, 1, 2])
    shapes = [(3, 3, 1, 3), (3,), (3, 2, 3, 4), (4,), (2 * 2 * 4, 3), (3,)]
    network = [rng.normal(size=shape) * 0.3 for shape in shapes]
    stepped = [array.copy() for array in network]
    with example_of("train"):
        own["train"](stepped, images, labels, 1, rate, len(images), rng)
        names = ("filters_1", "bias_1", "filters_2", "bias_2", "weights", "bias")
        print(f"{'':<12}{'by nudging':>12}{'by your train':>15}")
        for place, name in enumerate(names):
            index = tuple(side // 2 for side in network[place].shape)
            losses = []
            for change in (1e-5, -1e-5):
                nudged = [array.copy() for array in network]
                nudged[place][index] += change
                losses.append(own["cross_entropy"](own["forward"](nudged, images), labels))
            by_train = (network[place][index] - stepped[place][index]) / rate
            print(f"{name:<12}{(losses[0] - losses[1]) / 2e-5:>12.5f}{by_train:>15.5f}")


def overfit() -> None:
    """Section 8: ten pictures, learned by heart."""
    own, rng = names_of_caller(1), np.random.default_rng(0)
    images, labels = clothes("train")
    chosen = [int(np.flatnonzero(labels == label)[0]) for label in range(10)]
    images, labels = images[chosen], labels[chosen]
    with example_of("train"):
        shapes = [(5, 5, 1, 4), (4,), (5, 5, 4, 8), (8,), (16 * 8, 10), (10,)]
        network = [own["glorot_uniform"](each, rng) if len(each) > 1 else np.zeros(each) for each in shapes]
        network = [array.astype(np.float32) for array in network]
        losses = own["train"](network, images, labels, 60, 0.1, 2, rng)
        right = int(np.sum(own["forward"](network, images).argmax(axis=1) == labels))
        print(f"{right} of 10 pictures right; the loss fell from {losses[0]:.2f} to {losses[-1]:.4f}.")


def example(function: Callable[[], tuple]) -> tuple:
    """What the function gives; where one that it calls is not written yet, says so and gives as many Nones."""
    try:
        return function()
    except NotImplementedError as error:
        print(f"This cell needs all functions above: {error}")
        return None, None


def clothes(part: str) -> tuple[np.ndarray, np.ndarray]:
    """Pictures of clothes from 0 to 1, [number, 28, 28, 1] in float32, and their labels.

    ``part`` is "train" for the first 200 of each class, or "test" for 50 others of each.
    """
    found = _data().load(CLOTHES, "sample")
    border = len(found.images) * 4 // 5
    chosen = slice(border) if part == "train" else slice(border, None)
    return found.images[chosen] / np.float32(255), found.labels[chosen]


def _data() -> ModuleType:
    """The kit's package with the pictures: two folders above the notebook, or anywhere above it."""
    here = Path.cwd().resolve()
    folder = next((each for each in (here, *here.parents) if (each / "data" / "samples").is_dir()), None)
    if folder is None:
        raise FileNotFoundError(
            "The pictures are not here: the folder `data` of the zip that you were given belongs beside this notebook, or "
            "in a folder above it."
        )
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
    return importlib.import_module("data")


def _class_names() -> tuple[str, ...]:
    return _data().load(CLOTHES, "sample").class_names


# --- what it has learned ------------------------------------------------------------------------------------


def show_losses(losses: list[float] | None) -> None:
    """The loss curve."""
    if not losses:
        return
    print(f"The loss of the first epoch was {losses[0]:.3f}, that of the last {losses[-1]:.3f}.")
    if can_draw():
        axes, figure = _axes(6, 3)
        axes.plot(range(1, len(losses) + 1), losses, marker="o")
        axes.set(xlabel="epoch", ylabel="mean loss", ylim=(0, None))
        show(
            figure, f"A falling curve: the mean loss of each epoch, from {losses[0]:.2f} to {losses[-1]:.2f}."
        )


def show_accuracy(network: list[np.ndarray] | None) -> None:
    """The share of right answers on pictures that the network has not seen."""
    if network is not None:
        images, labels = clothes("test")
        answers = names_of_caller(1)["forward"](network, images).argmax(axis=1)
        print(f"{np.mean(answers == labels):.1%} of {len(labels)} new pictures are right.")


def show_filters(network: list[np.ndarray] | None) -> None:
    """The filters of the first layer."""
    if network is None or not can_draw():
        return
    from matplotlib.figure import Figure

    filters = network[0][:, :, 0]
    limit = float(np.abs(filters).max())
    figure = Figure(figsize=(8, 2.2), layout="constrained")
    for place, axes in enumerate(figure.subplots(2, -(-filters.shape[2] // 2)).flat):
        axes.set_axis_off()
        if place < filters.shape[2]:
            axes.imshow(filters[:, :, place], cmap="PuOr_r", vmin=-limit, vmax=limit)
    show(
        figure,
        f"The {filters.shape[2]} filters of the first layer, 5×5 each: most are light on one side and dark on another.",
    )


def show_confusion(network: list[np.ndarray] | None) -> None:
    """What each kind of clothes is taken for."""
    if network is None:
        return
    (images, labels), names = clothes("test"), _class_names()
    answers = names_of_caller(1)["forward"](network, images).argmax(axis=1)
    counts = np.zeros((len(names), len(names)), int)
    np.add.at(counts, (labels, answers), 1)
    off = counts - np.diag(np.diag(counts))
    row, column = np.unravel_index(off.argmax(), off.shape)
    told = f"Most often, {off[row, column]} times of {counts[row].sum()}, {names[row]} is taken for {names[column]}."
    print(told)
    if can_draw():
        axes, figure = _axes(6, 5.4)
        axes.imshow(counts, cmap="Blues")
        for i, j in np.argwhere(counts):
            axes.text(j, i, counts[i, j], ha="center", va="center", color="w" if counts[i, j] > 25 else "k")
        ticks = range(len(names))
        axes.set_xticks(ticks, names, rotation=60, ha="right")
        axes.set_yticks(ticks, names)
        axes.set(xlabel="taken for", ylabel="is")
        show(figure, f"A table of ten by ten counts, most of them on the diagonal. {told}")


def explain_mistake(network: list[np.ndarray] | None) -> None:
    """The mistake that the network is most certain of, and a picture that may explain it."""
    if network is None:
        return
    (images, labels), (seen, seen_labels), names = clothes("test"), clothes("train"), _class_names()
    own = names_of_caller(1)
    chances = own["softmax"](own["forward"](network, images))
    answers = chances.argmax(axis=1)
    wrong = np.flatnonzero(answers != labels)
    if not len(wrong):
        print("There is no mistake to look into.")
        return
    place = wrong[chances[wrong].max(axis=1).argmax()]
    alike = seen[seen_labels == answers[place]]
    nearest = alike[((alike - images[place]) ** 2).sum(axis=(1, 2, 3)).argmin()]
    told = (
        f"Picture {place} is {names[labels[place]]}. The network takes it for {names[answers[place]]}, with a probability of "
        f"{chances[place].max():.1%}, and gives the right class {chances[place, labels[place]]:.1%}."
    )
    print(told)
    if can_draw():
        from matplotlib.figure import Figure

        figure = Figure(figsize=(7, 2.6), layout="constrained")
        axes = figure.subplots(1, 3, width_ratios=(1, 1.4, 1))
        axes[0].imshow(images[place, :, :, 0], cmap="gray")
        axes[0].set_title(f"is: {names[labels[place]]}", fontsize=9)
        axes[1].barh(names, chances[place])
        axes[1].set_title("probabilities", fontsize=9)
        axes[2].imshow(nearest[:, :, 0], cmap="gray")
        axes[2].set_title(f"learned: {names[answers[place]]}", fontsize=9)
        for each in (axes[0], axes[2]):
            each.set_axis_off()
        show(figure, f"{told} Beside it the most similar picture of the class that it was taken for.")


def _axes(width: float, height: float) -> tuple:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure.subplots(), figure
