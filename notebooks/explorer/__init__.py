"""The kernel explorer: change a kernel, the stride or the padding, and see at once what conv2d answers."""

from importlib.util import find_spec

from notebooks.explorer.exploration import Exploration
from notebooks.explorer.still import StillExplorer

__all__ = ["explore"]


def explore(conv2d, sets):
    """Return an explorer of pictures on `conv2d`; as the last line of a cell it is displayed.

    `sets` maps the names of picture sets to what `data.load` returns. With the package anywidget the explorer
    is a widget; without it, one figure of where the widget would start. Either has `kernel`, an array
    (rows, columns, channels, 1), and `response`, an array (rows, columns), or None where conv2d failed.
    """
    exploration = Exploration(conv2d, sets)
    if find_spec("anywidget") is None:
        print("This is a still picture: to explore, run `pip install anywidget`, and restart the kernel.")
        return StillExplorer(exploration)
    from notebooks.explorer.widget import KernelExplorer

    return KernelExplorer(exploration)
