"""The place that a message speaks of, without any hidden value."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Window:
    """Where the first differing output number comes from: sizes and places alone, as (rows, columns).

    Attributes:
        image: size of the image, without padding.
        filter: size of the window.
        before: zeros above and to the left of the image.
        after: zeros below and to the right of it.
        corner: the image row and column of the window's first number; negative ones are padding.
        output: size of the output.
        place: the output number's row and column.
    """

    image: tuple[int, int]
    filter: tuple[int, int]
    before: tuple[int, int]
    after: tuple[int, int]
    corner: tuple[int, int]
    output: tuple[int, int]
    place: tuple[int, int]

    @property
    def padded(self) -> tuple[int, int]:
        """Size of the image with its zeros."""
        rows, columns = (sum(sizes) for sizes in zip(self.before, self.image, self.after, strict=True))
        return rows, columns
