"""The view as a widget: view.js draws and listens, Python asks the student's function.

The browser sends `settings`; `answer` and `values` go back in one message. The weights are sent once: with them and the values the
browser shows the arithmetic behind every number.
"""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import anywidget
import matplotlib
import numpy as np
from traitlets import Bytes, Dict, List, observe

from notebooks.explorer.script import script
from notebooks.labkit.sheet import SIGNED
from notebooks.layers_view.still import still_html
from notebooks.layers_view.way import Way

HERE = Path(__file__).parent
EXPLORER = HERE.parent / "explorer"
SHARED = [EXPLORER / f"{name}.js" for name in ("answers", "drawing", "elements", "numbers")]


def view_script() -> str:
    """Return the view's JavaScript, with what it shares with the explorer, as one ES module."""
    return script(HERE, SHARED)


class LayersView(anywidget.AnyWidget):
    """A widget on a Way."""

    _esm = view_script()
    _css = "\n".join(
        path.read_text(encoding="utf-8") for path in (EXPLORER / "explorer.css", HERE / "layers.css")
    )

    titles = List().tag(sync=True)
    colours = Bytes().tag(
        sync=True
    )  # 256 times red, green, blue: from the most negative to the most positive
    weight_shapes = Dict().tag(sync=True)
    weight_bytes = Bytes().tag(sync=True)  # float64, one array after the other
    settings = Dict().tag(sync=True, echo_update=False)  # the answer repeats them
    answer = Dict().tag(sync=True)
    values = Bytes().tag(sync=True)  # float64, one layer after the other

    def __init__(self, way: Way):
        self._way = way
        weights = {name: np.asarray(array, dtype=np.float64) for name, array in way.weights.items()}
        weights.pop("probabilities", None)
        super().__init__(
            titles=way.titles(),
            colours=matplotlib.colormaps[SIGNED](np.arange(256), bytes=True)[:, :3].tobytes(),
            weight_shapes={name: list(array.shape) for name, array in weights.items()},
            weight_bytes=b"".join(array.tobytes() for array in weights.values()),
            settings=way.start,
        )

    @observe("settings")
    def _ask(self, change: Mapping) -> None:
        answer = self._way.ask(change["new"])
        told = {
            "settings": change["new"],
            "layers": [asdict(layer) for layer in answer.layers],
            "problem": answer.problem,
        }
        with self.hold_sync():
            self.values, self.answer = b"".join(each.tobytes() for each in answer.values), told

    def _repr_mimebundle_(self, **kwargs: object) -> tuple[dict, dict]:
        """Add a still picture to what anywidget displays, for frontends without widgets."""
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return {**data, "text/html": still_html(self._way)}, metadata
