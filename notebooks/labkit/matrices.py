"""Pictures of whole matrices: a convolutional layer as a matrix product, and layers as matrices of weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from notebooks.labkit.grids import Grid, draw_grids
from notebooks.labkit.sheet import BAR, WIDTH, Place, Sheet


def draw_layer(
    image: np.ndarray,
    patches: np.ndarray,
    filters: np.ndarray,
    product: np.ndarray,
    shape: tuple[int, int],
    chosen: int,
) -> Figure:
    """Draw a layer as a matrix product: picture, patches @ flattened filters = product, one response.

    image: (H, W, 1), of values 0..1; patches: (windows, weights); filters: (weights, N); product: (windows, N)
    shape: (H', W') of a response; the column `chosen` of filters and product is framed, and the one of the
    product is drawn as the picture that it is. A row of the patches lies at the height of its row of the product.
    """
    sheet = Sheet(4.3)
    response = product[:, chosen].reshape(shape)
    places = [
        Place(left, 0.5, width, 3.5) for left, width in ((0.1, 1.9), (2.4, 1.6), (4.4, 0.95), (5.75, 0.95))
    ]
    picture, windows, weights, sums = places
    last = Place(7.0, 0.5, 1.9, 3.5)
    for place, values, name, gray in (
        (picture.fitted(*image.shape[:2]), image[:, :, 0], f"one picture\n{_size(image)}", True),
        (windows, patches, f"its patches\n{_size(patches)}", True),
        (weights, filters, f"@  filters\n{_size(filters)}", False),
        (sums, product, f"=  product\n{_size(product)}", False),
        (last.fitted(*shape), response, f"column {chosen} of the product\nas {_size(response)}", False),
    ):
        (sheet.image if gray else sheet.signed)(place, values)
        sheet.title(place, name)
    for place, values in ((weights, filters), (sums, product)):
        sheet.frame(place.part(*values.shape, (0, chosen, len(values), 1)), width=2)
    for place, across, down in (
        (windows, "weights of a window", "windows"),
        (weights, "filters", "weights of a filter"),
        (sums, "filters", "windows"),
    ):
        sheet.below(place, across, 9)
        sheet.beside(place, down)
    return sheet.figure


def draw_matrices(matrices: Sequence[np.ndarray], names: Sequence[str]) -> Figure:
    """Draw matrices (outputs, pixels) of one shape side by side; each has its own scale, and a 0 is white."""
    outputs, pixels = matrices[0].shape
    width = (WIDTH - BAR - 0.3) / len(matrices) - 0.15
    height = width * outputs / pixels
    sheet = Sheet(height + 0.75)
    for number, (matrix, name) in enumerate(zip(matrices, names, strict=True)):
        place = Place(0.3 + number * (width + 0.15), 0.45, width, height)
        sheet.signed(place, matrix)
        sheet.title(place, name)
        sheet.below(place, f"{pixels} pixels", 9)
        if number == 0:
            sheet.beside(place, f"{outputs} outputs")
    sheet.bar(place.right + 0.08, place.top, height, None, "weight")
    return sheet.figure


def draw_linear_map(weights: np.ndarray, picture: np.ndarray) -> Figure:
    """Draw a matrix of weights (outputs, pixels) below the pixels of a picture (H, W), and beside it its outputs.

    NaN leaves a cell empty: there, an output does not see the pixel. One row and its output are framed.
    """
    pixels, outputs = picture.reshape(-1), np.nansum(weights * picture.reshape(-1), axis=1)
    rows = ["the pixels", *(f"output {k}" for k in range(len(outputs)))]
    title = "the picture as one row, and below it W"
    mark = (2, 0, 1, len(pixels))
    return draw_grids(
        Grid(title, np.vstack([pixels, weights]), names=(rows, range(len(pixels))), marks=(mark,)),
        Grid(
            "= output",
            np.append(np.nan, outputs)[:, None],
            names=([""] * len(rows), [""]),
            marks=((2, 0, 1, 1),),
        ),
    )


def _size(values: np.ndarray) -> str:
    return f"{values.shape[0]} × {values.shape[1]}"
