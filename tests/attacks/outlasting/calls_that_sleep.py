"""Sleeps in every call of every function, less long than any limit of one call."""

from attacks.submitting import hand_in, notebook

HONEST = 0.0

NAMES = (
    *("apply_kernel", "output_size", "convolve", "same_padding", "pad", "conv2d", "flatten_filters"),
    *("extract_patches", "conv2d_matmul", "conv2d_gradients"),
)


def submit(submitted, targets):
    hand_in(
        submitted,
        notebook("\n".join(f"def {name}(*_):\n    __import__('time').sleep(0.5)" for name in NAMES)),
    )
