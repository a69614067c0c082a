"""What the view knows without a screen: the digits, the network's layers, and what `read` says about a digit."""

import io
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass

import numpy as np

from data import Images
from notebooks.labkit.geometry import window_starts
from notebooks.labkit.words import one_line

NONE = (0, 0)  # no zeros around a picture: the network is VALID throughout


@dataclass(frozen=True)
class Layer:
    """How the numbers of a layer come about from those of the layer before it.

    The kinds: "picture"; "filters" (a window times a filter, plus a bias; below 0 they count as 0); "largest" (of a window);
    "scores" (as "filters", but kept below 0); "probabilities" (softmax of the scores).
    """

    name: str
    kind: str
    shape: tuple[int, int, int]  # rows, columns, channels
    size: int = 1  # of its windows
    stride: int = 1
    filters: str = ""  # the name of its filters in the weights, filters_1; its biases are biases_1

    def after(
        self, name: str, kind: str, size: int, stride: int, channels: int = 0, filters: str = ""
    ) -> "Layer":
        """The layer behind this one, of as many channels where nothing is said."""
        rows, columns = (len(window_starts(each, size, stride, NONE)) for each in self.shape[:2])
        return Layer(name, kind, (rows, columns, channels or self.shape[2]), size, stride, filters)


@dataclass(frozen=True)
class Answer:
    """What `read` said about one digit: an array (rows, columns, channels) for each layer; none where there is a problem."""

    layers: tuple[Layer, ...]
    values: tuple[np.ndarray, ...]
    problem: str  # what went wrong, for the student; "" where nothing did


class Way:
    """Digits, and a student's function that takes them through the network.

    Settings are a dictionary as the browser sends it: `digit`, its number in `digits`; `stride` of the first layer's filters; and
    `serial`, which is another number at every change. `read(pictures, stride)` returns a batch for each layer behind the picture:
    the first responses with their biases, before the ReLU; with stride 1, what pooling leaves of them; the second responses;
    what pooling leaves; the scores (N, classes); the probabilities (N, classes).
    """

    def __init__(self, read: Callable, digits: Images, weights: Mapping[str, np.ndarray]):
        self.read = read
        self.digits = digits
        self.weights = weights
        self.start = {"digit": 3, "stride": 1, "serial": 0}

    def titles(self) -> list[str]:
        """The digits to choose from."""
        names = self.digits.class_names
        return [f"a {names[label]} (no. {number})" for number, label in enumerate(self.digits.labels)]

    def picture(self, settings: Mapping) -> np.ndarray:
        """Return the chosen digit: float64 (rows, columns, 1), from 0 (black) to 1."""
        return self.digits.images[settings["digit"]] / 255

    def layers(self, stride: int) -> tuple[Layer, ...]:
        """Return the network's layers, from the picture to the probabilities."""
        first, second, last = (self.weights[f"filters_{number}"].shape for number in (1, 2, 3))
        layers = [Layer("picture", "picture", self.digits.images.shape[1:])]
        layers.append(layers[-1].after("6 filters", "filters", first[0], stride, first[3], "filters_1"))
        if stride == 1:
            layers.append(layers[-1].after("pooling", "largest", 2, 2))
        layers.append(layers[-1].after("12 filters", "filters", second[0], 1, second[3], "filters_2"))
        layers.append(layers[-1].after("pooling", "largest", 2, 2))
        layers.append(layers[-1].after("scores", "scores", last[0], 1, last[3], "filters_3"))
        layers.append(layers[-1].after("probabilities", "probabilities", 1, 1))
        return tuple(layers)

    def ask(self, settings: Mapping) -> Answer:
        """Return what `read` says about the chosen digit; whatever goes wrong in it is told there."""
        picture, layers = self.picture(settings), self.layers(settings["stride"])
        try:
            with redirect_stdout(io.StringIO()):
                found = list(self.read(picture[np.newaxis], settings["stride"]))
            values = [np.array(each, dtype=np.float64) for each in found]
        except (Exception, SystemExit, KeyboardInterrupt) as error:
            return Answer(layers, (), f"The network stopped with {one_line(error)}")
        shapes = [tuple(value.shape) for value in values]
        wanted = [(1, *layer.shape) for layer in layers[1:-2]] + 2 * [(1, layers[-1].shape[2])]
        if shapes != wanted:
            return Answer(layers, (), f"The layers must have the shapes {wanted}; they have {shapes}.")
        if not all(np.isfinite(value).all() for value in values):
            return Answer(
                layers, (), "Some of the numbers are not finite (nan or inf); nothing can be drawn."
            )
        shaped = (value.reshape(layer.shape) for value, layer in zip(values, layers[1:], strict=True))
        return Answer(layers, (picture, *shaped), "")
