"""How large the output is, and how many zeros SAME needs: along one axis, in whole numbers."""

from solutions.reference.arguments import integer


def output_size(input_size, filter_size, stride=1, padding=0):
    """Return how many positions a filter takes along one axis, floor((w - f + 2p) / s) + 1.

    The lecture's formula, with the floor that it leaves out: a last step that would leave the image is not
    taken. `padding` is the number of zeros on each side. All are integers. ValueError where a size or the
    stride is below 1, the padding is negative, or the filter is larger than the padded input.
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


def same_padding(input_size, filter_size, stride=1):
    """Return the zeros `(before, after)` one axis that make the output ceil(w / s) long.

    TensorFlow's rule: total = max((ceil(w / s) - 1) · s + f - w, 0), half of it before, and of an odd total
    the odd one after. All are integers. ValueError where one is below 1.
    """
    input_size = integer("input_size", input_size, 1)
    filter_size = integer("filter_size", filter_size, 1)
    stride = integer("stride", stride, 1)
    positions = -(-input_size // stride)
    total = max((positions - 1) * stride + filter_size - input_size, 0)
    before = total // 2
    return before, total - before
