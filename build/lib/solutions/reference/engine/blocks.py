"""The output cut into blocks, each small enough for a core's own cache."""

from typing import NamedTuple

from solutions.reference.engine.threads import cut

# With the pixels, the products and the filters this stays within a cache of about 1 MB.
BUFFER_BYTES = 3 << 18
# Threads meet at Python's lock between any two calls of NumPy, and one that has to wait there falls asleep. So theirs are
# fewer and longer, though they leave the cache.
SEVERAL_THREADS = 4


class Block(NamedTuple):
    """The windows of some images at some rows of the output."""

    images: slice
    rows: slice

    @property
    def size(self):
        """How many images, and how many rows of each."""
        return self.images.stop - self.images.start, self.rows.stop - self.rows.start


def blocks_of(images, geometry, window_bytes, shares=1):
    """Return the blocks of the images in the range `images`, in order.

    Their windows, of `window_bytes` each, fill a buffer: whole images where several fit, else rows of one, and one row
    of windows at least. There are as many for each of so many threads, which share the work, as far as the numbers allow.
    """
    out_height, out_width = geometry.output_size
    buffer = BUFFER_BYTES if shares == 1 else SEVERAL_THREADS * BUFFER_BYTES
    if shares == 1 and images and len(images) * out_height * out_width * window_bytes <= buffer:
        return [Block(slice(images.start, images.stop), slice(0, out_height))]
    rows = max(1, buffer // max(1, window_bytes * out_width))
    enough = len(images) >= shares
    if rows >= out_height and enough:
        return [Block(some, slice(0, out_height)) for some in _cut(images, rows // out_height, shares)]
    strips = _cut(range(out_height), rows, 1 if enough else shares)
    return [Block(slice(image, image + 1), strip) for image in images for strip in strips]


def _cut(whole, longest, shares):
    """Cut a range into slices of nearly the same length, at most `longest`, and a multiple of `shares` of them."""
    count = -(-len(whole) // (longest * shares)) * shares
    return [slice(part.start, part.stop) for part in cut(whole, count)] if whole else []
