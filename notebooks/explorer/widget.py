"""The explorer as a widget: explorer.js draws and listens, Python asks the student's conv2d.

The browser sends `settings`; `answer`, `pixels` and `response` go back in one message. While Python is at
work the browser holds further settings back and then sends only the newest (ipywidgets does that), so that
a slow conv2d never works on a backlog. A quick one then answers `settings["ahead"]` as well, what the next key
may ask for: a message of its own for each.
"""

from itertools import count
from pathlib import Path

import anywidget
import matplotlib
import numpy as np
from traitlets import Bytes, Dict, Unicode, observe

from notebooks.explorer.exploration import presets
from notebooks.explorer.script import script
from notebooks.explorer.still import still_html
from notebooks.labkit.sheet import SIGNED

HERE = Path(__file__).parent
QUICK = 5.0  # milliseconds: a conv2d that takes longer is not called ahead


class KernelExplorer(anywidget.AnyWidget):
    """A widget on an Exploration; `kernel` and `response` are what it shows now."""

    _esm = script()
    _css = HERE / "explorer.css"

    _numbers = count(1)

    name = Unicode().tag(sync=True)  # what a screen reader calls it: each explorer of a kernel has its own
    catalogue = Dict().tag(sync=True)
    presets = Dict().tag(sync=True)  # the weights row by row, by size and name
    colours = Bytes().tag(
        sync=True
    )  # 256 times red, green, blue: from the most negative to the most positive
    settings = Dict().tag(sync=True, echo_update=False)  # the answer repeats them
    answer = Dict().tag(sync=True)
    pixel_bytes = Bytes().tag(sync=True)  # float64, (height, width, channels)
    response_bytes = Bytes().tag(sync=True)  # float64, (rows, columns)

    def __init__(self, exploration):
        self._exploration = exploration
        super().__init__(
            name=f"Kernel explorer {next(self._numbers)}",
            catalogue=exploration.catalogue(),
            presets={
                str(size): {name: kernel.ravel().tolist() for name, kernel in presets(size).items()}
                for size in (3, 5)
            },
            colours=matplotlib.colormaps[SIGNED](np.arange(256), bytes=True)[:, :3].tobytes(),
            settings=exploration.start,
        )

    @property
    def kernel(self):
        """The kernel: float64 (rows, columns, channels, 1)."""
        return self._exploration.kernel(self.settings)

    @property
    def response(self):
        """What conv2d answered: float64 (rows, columns); None where it failed."""
        if self.answer["problem"]:
            return None
        return np.frombuffer(self.response_bytes).reshape(self.answer["rows"], self.answer["columns"])

    @observe("settings")
    def _ask(self, change):
        settings = change["new"]
        answer, pixels, response = self._answer(settings)
        with self.hold_sync():
            self.pixel_bytes, self.response_bytes, self.answer = pixels, response, answer
        if answer["milliseconds"] <= QUICK:
            for step in settings.get("ahead", ()):
                answer, *buffers = self._answer(step)
                self.send(answer, buffers)

    def _answer(self, settings):
        """What goes to the browser: a dictionary, and the bytes of the picture and of the response."""
        picture, answer = self._exploration.picture(settings), self._exploration.ask(settings)
        told = {
            "settings": {name: value for name, value in settings.items() if name != "ahead"},
            **dict(zip(("height", "width", "channels"), picture.shape, strict=True)),
            **dict(zip(("rows", "columns"), answer.shape, strict=True)),
            **{"zeros": answer.zeros, "milliseconds": answer.milliseconds, "problem": answer.problem},
        }
        return told, picture.tobytes(), b"" if answer.problem else answer.response.tobytes()

    def _repr_mimebundle_(self, **kwargs):
        """Add a still picture to what anywidget displays, for frontends without widgets."""
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return {**data, "text/html": still_html(self._exploration)}, metadata
