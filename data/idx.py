"""The IDX format of MNIST and its successors: a magic number, the shape, then the values.

Format: the end of http://yann.lecun.com/exdb/mnist/. Two zero bytes, one for the type of the values (8: uint8),
one for the number of dimensions; each dimension as a big-endian 32-bit integer; the values, last index fastest.
"""

import math

import numpy as np

from data.content import Damaged

UINT8 = 8


def decode(content: bytes) -> np.ndarray:
    """Return the array in an IDX file of bytes: uint8, read-only, without a copy."""
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] != UINT8:
        raise Damaged(f"does not start as an IDX file of bytes does (but with {content[:4].hex(' ')})")
    dimensions = content[3]
    header = 4 + 4 * dimensions
    if len(content) < header:
        raise Damaged(f"ends within its own header of {header} bytes")
    shape = np.frombuffer(content, ">u4", dimensions, offset=4).tolist()
    promised, found = math.prod(shape), len(content) - header
    if promised != found:
        raise Damaged(f"promises {' × '.join(map(str, shape))} = {promised:,} values and has {found:,}")
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)


def decode_pictures(images: bytes, labels: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Return what a file of images and its file of labels hold: (N, H, W, 1) and (N,), both uint8."""
    pixels, classes = decode(images), decode(labels)
    if pixels.ndim != 3 or classes.ndim != 1:
        raise Damaged(f"hold {pixels.ndim}-D images and {classes.ndim}-D labels, not 3-D and 1-D ones")
    if len(pixels) != len(classes):
        raise Damaged(f"do not belong together: {len(pixels):,} images, {len(classes):,} labels")
    return pixels[..., np.newaxis], classes
