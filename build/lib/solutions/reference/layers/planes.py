"""How many positions a window takes on an image's plane: what Conv2D and MaxPooling2D ask when they are built."""

import functools

from solutions.reference import output_size


@functools.lru_cache(maxsize=256)  # a training asks the same for every batch
def positions(name, image_size, window_size, strides, padding, dilation=(1, 1)):
    """Return the output's (rows, columns); all the sizes are such tuples, and `padding` is "same" or "valid".

    ValueError, naming the argument `name`, where the window is larger than the image under "valid".
    """
    if padding == "same":
        return tuple(-(-size // stride) for size, stride in zip(image_size, strides, strict=True))
    reach = tuple((w - 1) * d + 1 for w, d in zip(window_size, dilation, strict=True))
    if any(r > size for r, size in zip(reach, image_size, strict=True)):
        spread = "" if reach == tuple(window_size) else f" (with its dilation {_by(reach)})"
        raise ValueError(
            f"{name} must not be larger than the image unless the padding is 'same', but it is "
            f"{_by(window_size)}{spread} and the image {_by(image_size)} (rows × columns)"
        )
    return tuple(map(output_size, image_size, reach, strides))


def _by(size):
    return f"{size[0]} × {size[1]}"
