"""How large the output is, and how many zeros SAME needs: along one axis, in whole numbers."""

from solutions.reference.arguments import integer


def output_size(input_size: int, filter_size: int, stride: int = 1, padding: int = 0) -> int:
    """Return how many positions a filter takes along one axis, floor((w - f + 2p) / s) + 1.

    The lecture's formula, with the floor that it leaves out: a last step that would leave the image is not
    taken. `padding` is the number of zeros on each side. All are integers. ValueError where a size or the
    stride is below 1, the padding is negative, or the filter is larger than the padded input.

    >>> output_size(28, 5), output_size(28, 5, stride=2), output_size(28, 5, padding=2)
    (24, 12, 28)
    """
    input_size = integer("input_size", input_size, 1)
    filter_size = integer("filter_size", filter_size, 1)
    stride = integer("stride", stride, 1)
    padding = integer("padding", padding, 0)
    room = input_size - filter_size + 2 * padding
    if room < 0:
        raise ValueError(
            f"filter_size must be at most input_size + 2 · padding = {input_size + 2 * padding}, "
            f"but it is {filter_size}"
        )
    return room // stride + 1


def same_padding(input_size: int, filter_size: int, stride: int = 1) -> tuple[int, int]:
    """Return the zeros `(before, after)` one axis that make the output ceil(w / s) long.

    TensorFlow's rule: total = max((ceil(w / s) - 1) · s + f - w, 0), half of it before, and of an odd total
    the odd one after. All are integers. ValueError where one is below 1.

    >>> same_padding(28, 5), same_padding(28, 5, 2), same_padding(28, 1, 2)
    ((2, 2), (1, 2), (0, 0))
    """
    input_size = integer("input_size", input_size, 1)
    filter_size = integer("filter_size", filter_size, 1)
    stride = integer("stride", stride, 1)
    return same_zeros(input_size, filter_size, stride)


def same_zeros(input_size: int, filter_size: int, stride: int) -> tuple[int, int]:
    """Return what `same_padding` returns, also for an image without pixels, whose output has none."""
    total = max((same_output_size(input_size, stride) - 1) * stride + filter_size - input_size, 0)
    before = total // 2
    return before, total - before


def same_output_size(input_size: int, stride: int = 1) -> int:
    """Return how many positions a filter takes along one axis under SAME, ceil(w / s), whatever the filter's size.

    >>> [same_output_size(size, 2) for size in (4, 5, 6)]
    [2, 3, 3]
    """
    return -(-input_size // stride)
