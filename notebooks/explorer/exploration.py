"""What the explorer knows without a screen: the pictures, the kernels to start from, and asking conv2d."""

import io
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass

import numpy as np

from data import Images
from notebooks.labkit.geometry import window_starts, zeros_around
from notebooks.labkit.words import one_line, shortened

SHOWN = 100  # pictures of each set to choose from; more would make the list unwieldy


class NoResponse(Exception):
    """conv2d gave nothing that can be drawn; the message tells the student why."""


@dataclass(frozen=True)
class Answer:
    """What conv2d said to one request."""

    response: np.ndarray | None  # float64, of `shape`; None where there is a problem
    shape: tuple[int, int]  # rows and columns of the right response
    zeros: tuple[tuple[int, int], tuple[int, int]]  # around the picture: (top, bottom), (left, right)
    milliseconds: float  # spent in conv2d
    problem: str  # what went wrong, for the student; "" where nothing did


class Exploration:
    """Pictures, and a conv2d to ask about them.

    Settings are a dictionary as the browser sends it: `set` and `number` of the picture, `gray` (whether a
    colour picture is turned gray), `size` and `kernel` (size · size · channels numbers, the channels of one
    place side by side), `stride`, `padding` ("VALID", "SAME" or a number of zeros on every side), `preset`
    (the kernel's name) and `serial`, which is another number at every change.
    """

    def __init__(self, conv2d: Callable, sets: Mapping[str, Images]):
        self.conv2d = conv2d
        self.sets = sets
        name = next(iter(sets))
        channels = sets[name].images.shape[3]
        self.start = {
            **{"set": name, "number": min(3, len(sets[name].images) - 1), "gray": False},
            **{"preset": "outline", "size": 3, "stride": 1, "padding": "SAME", "serial": 0},
            "kernel": np.repeat(presets(3)["outline"].ravel(), channels).tolist(),
        }

    def catalogue(self) -> dict[str, dict]:
        """Return for each set its number of channels and the titles of its first pictures."""
        return {
            name: {
                "channels": images.images.shape[3],
                "titles": [
                    f"{images.class_names[label]} (no. {number})"
                    for number, label in enumerate(images.labels[:SHOWN])
                ],
            }
            for name, images in self.sets.items()
        }

    def picture(self, settings: Mapping) -> np.ndarray:
        """Return the chosen picture: float64 (height, width, channels), from 0 (black) to 1."""
        picture = self.sets[settings["set"]].images[settings["number"]] / 255
        return picture.mean(axis=2, keepdims=True) if settings["gray"] else picture

    def kernel(self, settings: Mapping) -> np.ndarray:
        """Return the kernel as conv2d wants it: float64 (rows, columns, channels, 1)."""
        size = settings["size"]
        return np.array(settings["kernel"], dtype=np.float64).reshape(size, size, -1, 1)

    def ask(self, settings: Mapping) -> Answer:
        """Return conv2d's Answer; whatever goes wrong in conv2d is told there."""
        picture, kernel = self.picture(settings), self.kernel(settings)
        stride, padding = settings["stride"], settings["padding"]
        axes = [(size, settings["size"], stride) for size in picture.shape[:2]]
        zeros = tuple(zeros_around(*axis, padding) for axis in axes)
        shape = tuple(len(window_starts(*axis, around)) for axis, around in zip(axes, zeros, strict=True))
        if isinstance(padding, int):  # conv2d knows SAME and VALID only
            inputs, padding = np.pad(picture, (*zeros, (0, 0))), "VALID"
        else:
            inputs = picture
        begun, response, problem = time.perf_counter(), None, ""
        try:
            with redirect_stdout(io.StringIO()):  # what a conv2d prints would come once for every key
                found = self.conv2d(inputs[np.newaxis], kernel, [1, stride, stride, 1], padding)
            response = as_response(found, (1, *shape, 1))
        except NoResponse as reason:
            problem = str(reason)
        except (Exception, SystemExit, KeyboardInterrupt) as error:
            problem = told(error)
        return Answer(response, shape, zeros, 1000 * (time.perf_counter() - begun), problem)


def as_response(found: object, shape: tuple[int, ...]) -> np.ndarray:
    """Return what conv2d gave as one float64 image; NoResponse where it is not of `shape`, or not numbers."""
    if found is None:
        raise NoResponse("Your conv2d gave nothing back (None). Does it end with a return?")
    try:
        values = np.array(found, dtype=np.float64)
    except (TypeError, ValueError):
        raise NoResponse(
            f"Your conv2d must give an array of numbers; it gave {shortened(str(found))}."
        ) from None
    if values.shape != shape:
        raise NoResponse(
            f"Your conv2d gave an array of shape {values.shape}; here it must be {shape}: (how many, rows, "
            "columns, filters)."
        )
    if not np.isfinite(values).all():
        raise NoResponse("Your conv2d gave values that are not finite (nan or inf); nothing can be drawn.")
    return values[0, :, :, 0]


def told(error: BaseException) -> str:
    """Return for the student what an error says and in which line it happened."""
    said = one_line(error)
    frames = [f for f in traceback.extract_tb(error.__traceback__)[1:] if "site-packages" not in f.filename]
    if not frames:
        return f"Your conv2d stopped with {said}"
    where = f"{frames[-1].filename}, line {frames[-1].lineno}"
    return f"Your conv2d stopped with {said} — in {where}: {frames[-1].line}"


def presets(size: int) -> dict[str, np.ndarray]:
    """Return the kernels to start from, by name: float64 arrays (size, size)."""
    middle = size // 2
    identity = np.zeros((size, size))
    identity[middle, middle] = 1
    blur = np.full((size, size), 1 / size**2)  # the mean of the window
    outline = identity - blur  # zero wherever the picture is even
    brighter_right = np.tile(np.sign(np.arange(size) - middle), (size, 1)).astype(np.float64)
    return {
        "identity": identity,
        "blur": blur,
        "sharpen": identity + outline,
        "outline": outline,
        "shift": np.roll(identity, middle, axis=1),  # the picture moves to the left
        "upright edges": brighter_right,
        "flat edges": brighter_right.T,
    }
