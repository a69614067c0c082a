"""The windows of hidden tests, as a report draws them."""

from autograder.judge.picture import Picture
from autograder.judge.window import WindowPlace
from autograder.suite.conv2d.origins import Window


class PicturedWindow(Window):
    """A `Window` of a hidden test, whose places a report draws."""

    def picture(self, index: tuple[int, ...], shape: tuple[int, ...]) -> Picture | None:
        corner = self.corner_of(index)
        if corner is None:
            return None
        axes = slice(0, 2) if len(index) == 2 else slice(1, 3)
        before, output = self.before or (0, 0), shape[axes]
        sizes = zip(output, self.strides, self.filter, self.image, before, strict=True)
        after = tuple(max((out - 1) * step + f - n - zeros, 0) for out, step, f, n, zeros in sizes)
        place = WindowPlace(self.image, self.filter, before, after, corner, output, index[axes])
        return place.picture()
