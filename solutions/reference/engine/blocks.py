"""The output cut into blocks, each small enough for a core's own cache."""

from typing import NamedTuple

from solutions.reference.engine.threads import cut
from solutions.reference.engine.tuning import BUFFER_BYTES, BUFFERS_FOR_THREADS
from solutions.reference.geometry import Geometry


class Block(NamedTuple):
    """The windows of some images at some rows of the output."""

    images: slice
    rows: slice

    @property
    def size(self) -> tuple[int, int]:
        """How many images, and how many rows of each."""
        return self.images.stop - self.images.start, self.rows.stop - self.rows.start


def blocks_of(images: range, geometry: Geometry, window_bytes: int, shares: int = 1) -> list[Block]:
    """Return the blocks of the images in the range `images`, in order.

    Their windows, of `window_bytes` each, fill a buffer: whole images where several fit, else rows of one,
    and one row of windows at least. There are as many for each of so many threads, which share the work, as
    far as the numbers allow.

    Nine images of 14 × 14 windows, of 1000 bytes each: four images fit into 768 KiB.

    >>> geometry = Geometry((5, 5), (1, 1), (1, 1), ((0, 0), (0, 0)), (14, 14), 1)
    >>> [block.size for block in blocks_of(range(9), geometry, 1000)]
    [(3, 14), (3, 14), (3, 14)]

    Windows of 20,000 bytes: two rows of an image fit.

    >>> [block.size for block in blocks_of(range(1), geometry, 20_000)]
    [(1, 2), (1, 2), (1, 2), (1, 2), (1, 2), (1, 2), (1, 2)]
    """
    out_height, out_width = geometry.output_size
    buffer = BUFFER_BYTES if shares == 1 else BUFFERS_FOR_THREADS * BUFFER_BYTES
    # The usual case of a small convolution first: everything fits, and there is nothing to cut.
    if shares == 1 and images and len(images) * out_height * out_width * window_bytes <= buffer:
        return [Block(slice(images.start, images.stop), slice(0, out_height))]
    rows = max(1, buffer // max(1, window_bytes * out_width))
    enough = len(images) >= shares
    if rows >= out_height and enough:
        return [Block(some, slice(0, out_height)) for some in _cut(images, rows // out_height, shares)]
    # Each image by itself. Where there are fewer images than threads, the rows are what the threads share.
    strips = _cut(range(out_height), rows, 1 if enough else shares)
    return [Block(slice(image, image + 1), strip) for image in images for strip in strips]


def _cut(whole: range, longest: int, shares: int) -> list[slice]:
    """Cut a range into slices of nearly the same length, at most `longest`, and a multiple of `shares` of them."""
    count = -(-len(whole) // (longest * shares)) * shares
    return [slice(part.start, part.stop) for part in cut(whole, count)] if whole else []
