"""How many positions a window takes on an image's plane: what Conv2D and MaxPooling2D ask when they are built."""

import functools

from solutions.reference.shapes import Pair, two
from solutions.reference.sizes import output_size, same_output_size


@functools.lru_cache(maxsize=256)  # a training asks the same for every batch
def positions(
    name: str, image_size: Pair, window_size: Pair, strides: Pair, padding: str, dilation: Pair = (1, 1)
) -> Pair:
    """Return the output's (rows, columns); all the sizes are such tuples, and `padding` is "same" or "valid".

    ValueError, naming the argument `name`, where the window is larger than the image under "valid".
    """
    if padding == "same":
        return two(map(same_output_size, image_size, strides))
    reach = two((w - 1) * d + 1 for w, d in zip(window_size, dilation, strict=True))
    if any(r > size for r, size in zip(reach, image_size, strict=True)):
        spread = "" if reach == window_size else f" (with its dilation {_by(reach)})"
        raise ValueError(
            f"{name} must not be larger than the image unless the padding is 'same', but it is "
            f"{_by(window_size)}{spread} and the image {_by(image_size)} (rows × columns)"
        )
    return two(map(output_size, image_size, reach, strides))


def _by(size: Pair) -> str:
    return f"{size[0]} × {size[1]}"
