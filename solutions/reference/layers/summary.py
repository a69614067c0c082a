"""A table of a network's layers."""

from collections.abc import Sequence

from solutions.reference.layers.layer import Layer

HEADINGS = ("layer", "type", "output shape", "parameters")


def summary(layers: Sequence[Layer]) -> str:
    """Return the table as text: names, types, output shapes with None for the batch, numbers of parameters."""
    rows = [
        (layer.name, type(layer).__name__, str((None, *layer.built_shapes()[1])), f"{layer.count_params():,}")
        for layer in layers
    ]
    total = f"{sum(layer.count_params() for layer in layers):,}"
    widths = [max(map(len, column)) for column in zip(HEADINGS, *rows, ("", "", "total", total), strict=True)]
    rule = "─" * (sum(widths) + 2 * (len(widths) - 1))
    lines = [_line(HEADINGS, widths), rule, *(_line(row, widths) for row in rows), rule]
    return "\n".join([*lines, _line(("", "", "total", total), widths)])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    *words, number = cells
    padded = [word.ljust(width) for word, width in zip(words, widths[:-1], strict=True)]
    return "  ".join([*padded, number.rjust(widths[-1])])
