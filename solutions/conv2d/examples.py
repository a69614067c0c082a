"""What the notebook's own cells show: pictures of small examples, and the student's functions at work.

Each is one call, so that a cell of the notebook leaves no name behind that a student's function could meet.
"""

from __future__ import annotations

from time import perf_counter

import numpy as np

from autograder.judge.drawing import Panel, can_draw, picture, show
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
    """Section 7: one weight is nudged, and the change of the loss compared with the student's gradient."""
    rng = np.random.default_rng(2)
    inputs, filters, strides = rng.normal(size=(2, 5, 7, 3)), rng.normal(size=(2, 3, 3, 4)), [1, 2, 1, 1]
    nudged = filters.copy()
    nudged[1, 0, 2, 3] += 1e-4
    own = names_of_caller(1)
    with example_of("conv2d"):
        before = own["conv2d"](inputs, filters, strides, "SAME")
        upstream = rng.normal(size=before.shape)
        change = own["conv2d"](inputs, nudged, strides, "SAME") - before
        with example_of("conv2d_gradients"):
            _, d_filters = own["conv2d_gradients"](inputs, filters, strides, "SAME", upstream)
            by_nudging = np.sum(upstream * change) / 1e-4
            print(f"by nudging {by_nudging:.6f}, by your function {d_filters[1, 0, 2, 3]:.6f}")
