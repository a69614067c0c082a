"""Each function is a right conv2d_matmul for strides of 1 and VALID, with a loop in Python over all numbers."""

import numpy as np


def term_by_term(inputs, filters, strides, padding):
    height, width, channels, out_channels = filters.shape
    rows, columns = inputs.shape[1] - height + 1, inputs.shape[2] - width + 1
    output = np.zeros((len(inputs), rows, columns, out_channels))
    for b in range(len(inputs)):
        for x in range(rows):
            for y in range(columns):
                for o in range(out_channels):
                    total = 0.0
                    for m in range(height):
                        for n in range(width):
                            for c in range(channels):
                                total += inputs[b, x + m, y + n, c] * filters[m, n, c, o]
                    output[b, x, y, o] = total
    return output


def in_lists(inputs, filters, strides, padding):
    height, width, channels, out_channels = filters.shape
    weights = filters.tolist()

    def at(image, x, y, o):
        places = ((m, n, c) for m in range(height) for n in range(width) for c in range(channels))
        return sum(image[x + m][y + n][c] * weights[m][n][c][o] for m, n, c in places)

    return np.array(
        [
            [
                [[at(image, x, y, o) for o in range(out_channels)] for y in range(len(image[0]) - width + 1)]
                for x in range(len(image) - height + 1)
            ]
            for image in inputs.tolist()
        ]
    )


STYLES = (term_by_term, in_lists)
