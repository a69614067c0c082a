"""The windows of hidden tests, as a report draws them."""

from autograder.judge.picture import Picture
from autograder.judge.window import WindowPlace
from autograder.suite.network.origins import Pooled

NO_ZEROS = 0, 0


class PicturedPool(Pooled):
    """The windows of a max_pool in a hidden test, whose places a report draws."""

    def picture(self, index: tuple[int, ...], shape: tuple[int, ...]) -> Picture | None:
        row, column = index[1:3]
        corner = row * self.strides[0], column * self.strides[1]
        place = WindowPlace(self.image, self.size, NO_ZEROS, NO_ZEROS, corner, shape[1:3], (row, column))
        return place.picture()
