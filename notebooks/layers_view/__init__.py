"""A digit's way through a trained network: every layer's numbers, and for each of them the window that made it."""

from collections.abc import Callable, Mapping
from importlib.util import find_spec

import numpy as np

from data import Images
from notebooks.layers_view.still import StillLayers
from notebooks.layers_view.way import Way

__all__ = ["follow"]


def follow(read: Callable, digits: Images, weights: Mapping[str, np.ndarray]):
    """Return a view of what `read` finds in one of the `digits`; as the last line of a cell it is displayed.

    `read(pictures, stride)` returns what each layer gave, as way.Way says; `weights` are those that it works with. With the
    package anywidget the view is a widget; without it, one figure of where the widget would start.
    """
    way = Way(read, digits, weights)
    if find_spec("anywidget") is None:
        print("This is a still picture: to follow, run `pip install anywidget`, and restart the kernel.")
        return StillLayers(way)
    from notebooks.layers_view.widget import LayersView

    return LayersView(way)
