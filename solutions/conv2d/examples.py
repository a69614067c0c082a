"""What the notebook's own cells show: pictures of small examples, and the student's functions at work.

Each is one call, so that a cell of the notebook leaves no name behind that a student's function could meet.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from autograder.judge.drawing import Panel, can_draw, picture, show
from autograder.judge.nudging import gradient_check
from autograder.judge.running import example_of, names_of_caller


def show_one_window() -> None:
    """Section 1: the window at row 1, column 2."""
    picture(
        Panel("image", np.array([[3, 0, 1, 2, 7], [1, 5, 8, 9, 3], [2, 7, 2, 5, 1]]), mark=(1, 2, 2, 2)),
        Panel("kernel", np.array([[1, 2], [0, -1]])),
        alt="A 3×5 image with the window [[8, 9], [2, 5]] outlined at row 1, column 2; "
        "the kernel is [[1, 2], [0, -1]].",
    )


def show_strides() -> None:
    """Section 3: two neighbouring windows with strides (1, 3)."""
    image = np.arange(15).reshape(3, 5)
    picture(
        Panel("output (0, 0)", image, mark=(0, 0, 2, 2)),
        Panel("output (0, 1)", image, mark=(0, 3, 2, 2)),
        alt="A 3×5 image and a 2×2 window with strides (1, 3). Output (0, 0) covers rows 0-1 and columns 0-1, "
        "output (0, 1) covers rows 0-1 and columns 3-4.",
    )


def see_kernels() -> None:
    """Section 3: what the student's convolve makes of a letter."""
    letter = np.array([[1, 1, 1, 1], [1, 0, 0, 0], [1, 1, 1, 0], [1, 0, 0, 0], [1, 0, 0, 0]])
    letter = np.kron(np.pad(letter, ((1, 1), (1, 3))), np.ones((3, 3)))
    kernels = {
        "outline": np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]),
        "sharpen": np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
        "shift": np.array([[0, 0, 0], [1, 0, 0], [0, 0, 0]]),
    }
    framed = np.pad(letter, 1)  # one zero around it, so that the results are as large as the letter
    own = names_of_caller(1)
    with example_of("convolve"):
        results = {name: own["convolve"](framed, kernel) for name, kernel in kernels.items()}
        _show_pictures(
            {"letter": letter} | results,
            "The letter F and three results of your convolve. Outline: only the edges are left. Sharpen: the F, "
            "brighter inside and darker outside along its edges. Shift: the F, one pixel further to the right.",
        )


def _show_pictures(pictures: dict[str, np.ndarray], alt: str) -> None:
    if not can_draw():
        return
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 2.4), layout="constrained")
    for axis, (name, pixels) in zip(figure.subplots(1, len(pictures)), pictures.items(), strict=True):
        axis.imshow(pixels, cmap="gray")
        axis.set_title(name)
    show(figure, alt)


def show_padding() -> None:
    """Section 4.2: rows=(1, 0) and columns=(1, 2)."""
    image = np.array([[3, 1, 4], [1, 5, 9]])
    picture(
        Panel("image", image),
        Panel("padded", np.pad(image, ((1, 0), (1, 2))), padding=(1, 0, 1, 2)),
        alt="The 2×3 image [[3, 1, 4], [1, 5, 9]] becomes 3×6: a row of zeros above, "
        "one column of zeros to the left and two to the right.",
    )


def show_same() -> None:
    """Section 5: the slides' homework, number (0, 3)."""
    image = np.array([[2, 0, 3, 1], [1, 1, 0, 0], [1, 0, 2, 0], [1, 0, 1, 2]])
    output = np.array([[-1, -1, -1, 6], [-2, 0, 1, 5], [-1, -1, -1, 5], [0, -1, -4, 4]])
    picture(
        Panel("image with SAME padding", np.pad(image, 1), mark=(0, 3, 3, 3), padding=(1, 1, 1, 1)),
        Panel("kernel", np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])),
        Panel("output", output, mark=(0, 3, 1, 1)),
        alt="The 4×4 image of the slides with a border of zeros. The window at rows −1 to 1 and columns 2 to 4 "
        "is outlined, and number (0, 3) of the 4×4 output, 6.",
    )


def show_matrix_product() -> None:
    """Section 6: windows as rows, the filter as a column, and their product."""
    windows = [[4, 3, 1, 2, 1, 0, 1, 2, 4], [3, 1, 0, 1, 0, 1, 2, 4, 1]]
    windows += [[2, 1, 0, 1, 2, 4, 3, 1, 0], [1, 0, 1, 2, 4, 1, 1, 0, 2]]
    rows, column = np.array(windows), np.array([[1], [0], [1], [2], [1], [0], [0], [0], [1]])
    image = np.array([[4, 3, 1, 0], [2, 1, 0, 1], [1, 2, 4, 1], [3, 1, 0, 2]])
    picture(
        Panel("image", image, mark=(0, 1, 3, 3)),
        Panel("patches: a row for each window", rows, mark=(1, 0, 1, 9)),
        Panel("filter", column),
        Panel("product", rows @ column, mark=(1, 0, 1, 1)),
        alt="A 4×4 image, its four 3×3 windows as the rows of a 4×9 matrix, the kernel as a column of 9, and their "
        "product 14, 6, 6, 12. The window at row 0, column 1 is outlined, and so are its row and its number, 6.",
    )


def race() -> None:
    """Section 6.3: the student's convolve, filter by filter, against the student's conv2d_matmul."""
    images = np.random.default_rng(0).normal(size=(8, 28, 28, 1))
    filters = np.random.default_rng(1).normal(size=(5, 5, 1, 16))
    own = names_of_caller(1)
    with example_of("convolve"):
        start = perf_counter()
        for f in range(16):
            own["convolve"](images[0, :, :, 0], filters[:, :, 0, f], 2)
        loops = (perf_counter() - start) * len(images)
        with example_of("conv2d_matmul"):
            start = perf_counter()
            own["conv2d_matmul"](images, filters, [1, 2, 2, 1], "VALID")
            matmul = perf_counter() - start
            print(f"{len(images)} images by convolve: about {loops:.2f} s; by conv2d_matmul: {matmul:.4f} s")


def nudge() -> None:
    """Section 7: the student's gradients beside what nudging shows."""
    rng = np.random.default_rng(2)
    inputs, filters = rng.normal(size=(2, 5, 7, 3)), rng.normal(size=(2, 3, 3, 4))
    own = names_of_caller(1)
    with example_of("conv2d"):
        own["conv2d"](inputs, filters, [1, 2, 1, 1], "SAME")
        with example_of("conv2d_gradients"):
            gradient_check(own["conv2d"], own["conv2d_gradients"], inputs, filters, [1, 2, 1, 1], "SAME")


def ending(own: Mapping[str, object]) -> None:
    """What `progress` shows when all is right: what the student has built, at work in a trained network."""
    print(
        "\nYou have built what tf.nn.conv2d does, its fast form and its gradients: everything that a network needs in order "
        "to see,\nand to learn what to look for. Here your functions read a handwritten digit, with the weights of the article's "
        "network\n(trained, with 6 and 12 filters in place of 32 and 64). Choose another one with checks.read_digit(8), from 0 to "
        '499,\nor a picture file of your own, with checks.read_digit("mine.png").\n'
    )
    _read(own, 3)


def read_digit(which: int | str = 3) -> None:
    """Let the student's own functions read a digit of the sample, or a picture file, beside the article's network."""
    own = names_of_caller(1)
    with example_of("conv2d"):
        _read(own, which)


def _read(own: Mapping[str, Any], which: int | str) -> None:
    folder = _samples()
    if folder is None:
        print(
            "The digits and the trained network come with the students' zip, in data/samples; they are not here."
        )
        return
    if isinstance(which, str) and not Path(which).is_file():
        print(f"There is no picture file {which} in the folder {Path.cwd()}.")
        return
    with np.load(folder / "digit_network.npz") as arrays:
        network = {name: arrays[name].astype(float) for name in arrays.files}
    pixels, beside = _picture_file(which), None
    if pixels is None:
        with np.load(folder / "mnist.npz") as arrays:
            pixels = arrays["images"][int(which) % 500, :, :, 0] / 255
        beside = network["probabilities"][int(which) % 500]
    maps, found = _by_own_functions(own, network, pixels[None, :, :, None])
    said = f"With your functions the network reads a {found.argmax()}, with {found.max():.1%}."
    if beside is not None:
        away = np.abs(found - beside).max()
        said += f" The article's network says {beside.argmax()}, with {beside.max():.1%}; "
        said += "yours agrees." if away < 0.002 else f"a probability of yours is {away:.1%} away."
    print(said)
    if can_draw():
        _show_reading(pixels, maps, found, beside)


def _samples() -> Path | None:
    """Where the digits and the weights are: in the zip's and the kit's main folder, above this file or the notebook."""
    above = [*Path(__file__).resolve().parents, *Path.cwd().parents, Path.cwd()]
    folders = [folder / "data" / "samples" for folder in above]
    return next((folder for folder in folders if (folder / "digit_network.npz").is_file()), None)


def _picture_file(which: int | str) -> np.ndarray | None:
    """A picture file as the network wants it, 28×28 and white on black, from 0 to 1; None where `which` is a number."""
    if not isinstance(which, str):
        return None
    from PIL import Image, ImageOps

    gray = np.asarray(Image.open(which).convert("L"), float)
    ink = np.abs(gray - np.median(gray))  # most of a picture is paper, or a blackboard
    pixels = Image.fromarray(np.uint8(255 * ink / max(ink.max(), 1)))
    return np.asarray(ImageOps.pad(pixels, (28, 28)), float) / 255


def _by_own_functions(
    own: Mapping[str, Any], network: Mapping[str, np.ndarray], inputs: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The six maps of the first layer, [24, 24, 6], and the ten probabilities."""
    steps = [1, 1, 1, 1]
    maps = np.maximum(own["conv2d"](inputs, network["filters_1"], steps, "VALID") + network["biases_1"], 0)
    pooled = _largest(own, maps)
    second = own["conv2d_matmul"](pooled, network["filters_2"], steps, "VALID") + network["biases_2"]
    rest = _largest(own, np.maximum(second, 0))
    scores = rest.reshape(1, -1) @ own["flatten_filters"](network["filters_3"]) + network["biases_3"]
    powers = np.exp(scores[0] - scores.max())
    return maps[0], powers / powers.sum()


def _largest(own: Mapping[str, Any], maps: np.ndarray) -> np.ndarray:
    """The largest number of each 2×2 window, by the student's extract_patches."""
    patches = own["extract_patches"](maps, (2, 2), [1, 2, 2, 1], "VALID")
    return patches.reshape(*patches.shape[:3], 4, -1).max(axis=3)


def _show_reading(pixels: np.ndarray, maps: np.ndarray, found: np.ndarray, beside: np.ndarray | None) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.5, 2.9), facecolor="white")
    grid = figure.add_gridspec(
        2, 5, width_ratios=[2, 1, 1, 1, 2.6], left=0.02, right=0.98, bottom=0.16, top=0.86
    )
    axis = figure.add_subplot(grid[:, 0])
    axis.imshow(pixels, cmap="gray", vmin=0, vmax=1)
    axis.set_title("the picture", fontsize=10)
    axis.axis("off")
    for number in range(6):
        axis = figure.add_subplot(grid[number // 3, 1 + number % 3])
        axis.imshow(maps[:, :, number], cmap="magma")
        axis.axis("off")
        if number == 1:
            axis.set_title("your conv2d, first layer", fontsize=10)
    _show_bars(figure.add_subplot(grid[:, 4]), found, beside)
    others = (
        "" if beside is None else f" Beside them the article's network's, the longest for {beside.argmax()}."
    )
    show(
        figure,
        f"The digit, the six maps of the first layer by your conv2d, and ten bars for the classes: the longest is "
        f"{found.argmax()}, with {found.max():.0%}.{others}",
    )


def _show_bars(axis: Any, found: np.ndarray, beside: np.ndarray | None) -> None:
    places = np.arange(10)
    if beside is None:
        axis.bar(places, found, 0.7, color="#b34700", label="your functions")
    else:
        axis.bar(places - 0.2, found, 0.4, color="#b34700", label="your functions")
        axis.bar(
            places + 0.2,
            beside,
            0.4,
            color="#0072b2",
            hatch="//",
            edgecolor="white",
            label="the article's network",
        )
    axis.set(ylim=(0, 1.28), yticks=[0, 0.5, 1], title="probabilities")
    axis.set_xticks(places)
    axis.tick_params(labelsize=8, length=0)
    axis.title.set_fontsize(10)
    axis.legend(fontsize=8, loc="upper center", ncols=2, frameon=False)
    axis.spines[["top", "right"]].set_visible(False)
