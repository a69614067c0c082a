"""The assignment on convolution: ten functions, from one window to what `tf.nn.conv2d` does, and its gradients."""

from autograder.judge.assignment import Assignment, Exercise
from autograder.judge.bank import Bank
from autograder.judge.window import draw
from autograder.suite.conv2d import helpers, origins, right
from autograder.suite.conv2d.twins import TWINS
from solutions import reference
from solutions.reference import textbook


def bank() -> Bank:
    """The modelled mistakes, which take a while to import."""
    from autograder.suite.conv2d import mistakes

    return mistakes.bank()


# What a function may be built from. Each of these does a part of the work, and stands earlier in the notebook. conv2d is no
# part of conv2d_matmul, nor of extract_patches: one call of it would be the whole answer.
SIZES_AND_ZEROS = ("output_size", "same_padding", "pad")

ASSIGNMENT = Assignment(
    name="conv2d",
    title="Convolution by hand and in NumPy",
    summary="You write convolution yourself, in @functions@ small NumPy functions, and look at what it does to real "
    "pictures.",
    exercises=(
        Exercise("apply_kernel", 8, reference.apply_kernel),
        Exercise("output_size", 8, reference.output_size),
        Exercise("convolve", 12, reference.convolve, builds_on=("apply_kernel", "output_size")),
        Exercise("same_padding", 8, reference.same_padding, builds_on=("output_size",)),
        Exercise("pad", 6, reference.pad),
        Exercise("conv2d", 20, right.conv2d, builds_on=("apply_kernel", "convolve", *SIZES_AND_ZEROS)),
        Exercise("flatten_filters", 6, reference.flatten_filters),
        Exercise("extract_patches", 10, reference.extract_patches, builds_on=SIZES_AND_ZEROS),
        Exercise(
            "conv2d_matmul",
            12,
            right.conv2d_matmul,
            builds_on=(*SIZES_AND_ZEROS, "flatten_filters", "extract_patches"),
        ),
        Exercise(
            "conv2d_gradients",
            10,
            reference.conv2d_gradients,
            builds_on=(*SIZES_AND_ZEROS, "conv2d", "flatten_filters", "extract_patches", "conv2d_matmul"),
        ),
    ),
    bank=bank,
    baseline=textbook,
    origins=origins,
    helpers=(helpers, right, reference),
    hints=origins.HINTS,
    draw=draw,
    twins=TWINS,
    labs=(
        "kernels",
        "stride_and_padding",
        "filter_bank",
        "colour_filters",
        "curve_detector",
        "matrix_product",
        "learned_filters",
        "cnn_layers",
        "kernel_explorer",
    ),
)
