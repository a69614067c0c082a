"""The picture on the site's first page: one real digit, one kernel, and the number that they make, as SVG."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator

import numpy as np

import data
from solutions import reference

DIGIT = 3  # which of the sample's digits
KERNEL = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])  # Sobel's, for upright edges
WINDOW = 13, 13  # row and column of the window's corner
CELL = 9  # pixels of the drawing to a pixel of the digit
PURPLE, ORANGE, MARK = (94, 60, 153), (230, 97, 1), "#0072b2"
PLACES = 4, 262, 450  # where digit, kernel and response begin
TOP, HEIGHT = 4, 208


def picture() -> str:
    """Return the SVG. Its text takes the colour of the page around it, so that it is read in the dark, too."""
    digit = data.load("mnist").images[DIGIT, 3:25, 3:25, 0] / 255
    response = reference.convolve(digit, KERNEL)
    row, column = WINDOW
    value = response[row, column]
    alt = (
        f"A handwritten digit with one window of three by three pixels marked; a kernel of nine weights, {KERNEL.tolist()}; "
        f"and the response of {response.shape[0]} by {response.shape[1]} numbers, of which this window makes one, {value:.2f}."
    )
    at_digit, at_kernel, at_response = PLACES
    parts = [
        *_pixels(digit, at_digit, _gray),
        *_mark(at_digit + column * CELL, TOP + row * CELL, 3 * CELL),
        *_weights(KERNEL, at_kernel, TOP + 48),
        *_pixels(response / abs(response).max(), at_response, _signed),
        *_mark(at_response + column * CELL, TOP + row * CELL, CELL),
        *_arrow(214, 250),
        *_arrow(394, 438),
        f'<text x="642" y="{TOP + row * CELL + 12}" font-size="22">{f"{value:.2f}".replace("-", "−")}</text>',
    ]
    return (
        f'<svg class="first-picture" viewBox="0 0 720 {HEIGHT}" role="img" aria-label="{html.escape(alt)}" '
        f'xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" fill="currentColor">{"".join(parts)}</svg>\n'
    )


def _pixels(values: np.ndarray, left: int, colour: Callable[[float], str]) -> Iterator[str]:
    """One square for each number, without seams between them."""
    yield '<g shape-rendering="crispEdges">'
    for (row, column), value in np.ndenumerate(values):
        place = f'x="{left + column * CELL}" y="{TOP + row * CELL}" width="{CELL}" height="{CELL}"'
        yield f'<rect {place} fill="{colour(value)}"/>'
    yield "</g>"


def _gray(value: float) -> str:
    return "#" + f"{round(255 * value):02x}" * 3


def _signed(value: float) -> str:
    """White for 0, purple below, orange above, as in the labs."""
    full = ORANGE if value > 0 else PURPLE
    return "#" + "".join(f"{round(255 + (each - 255) * abs(value)):02x}" for each in full)


def _mark(left: int, top: int, size: int) -> Iterator[str]:
    yield f'<rect x="{left}" y="{top}" width="{size}" height="{size}" fill="none" stroke="{MARK}" stroke-width="3"/>'


def _weights(kernel: np.ndarray, left: int, top: int) -> Iterator[str]:
    for (row, column), weight in np.ndenumerate(kernel):
        x, y = left + 40 * column, top + 34 * row
        colour = _signed(weight / 4)
        yield f'<rect x="{x}" y="{y}" width="40" height="34" fill="{colour}" stroke="#767676"/>'
        yield (
            f'<text x="{x + 20}" y="{y + 24}" text-anchor="middle" font-size="20" fill="#000">'
            f"{str(weight).replace('-', '−')}</text>"
        )


def _arrow(left: int, right: int) -> Iterator[str]:
    y = TOP + 99
    yield f'<path d="M{left} {y}H{right}m-8 -6l8 6l-8 6" fill="none" stroke="currentColor" stroke-width="2"/>'
