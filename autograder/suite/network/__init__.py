"""The assignment on a network: twelve functions on top of convolution, from relu to a network that reads clothes."""

from autograder.judge.assignment import Assignment, Exercise
from autograder.judge.bank import Bank
from autograder.judge.window import draw
from autograder.suite.network import origins, right
from autograder.suite.network.twins import TWINS
from solutions import reference


def bank() -> Bank:
    """The modelled mistakes, which take a while to import."""
    from autograder.suite.network import mistakes

    return mistakes.bank()


# What a function may be built from: a part of its work, never all of it. `train` may call everything.
LAYERS = ("conv2d", "relu", "max_pool", "dense", "softmax", "cross_entropy")
BACKWARD = (
    *("conv2d_gradients", "relu_gradient", "max_pool_gradient", "dense_gradients"),
    *("cross_entropy_gradient", "sgd_step"),
)

ASSIGNMENT = Assignment(
    name="network",
    title="A network by hand that reads clothes",
    summary="You write the layers of a small network yourself, on your own convolution, with their gradients, and train it "
    "until it tells shirts from shoes.",
    exercises=(
        Exercise("conv2d", 0, right.conv2d),
        Exercise("conv2d_gradients", 0, right.conv2d_gradients),
        Exercise("relu", 3, right.relu),
        Exercise("relu_gradient", 4, right.relu_gradient, builds_on=("relu",)),
        Exercise("max_pool", 14, right.max_pool),
        Exercise("max_pool_gradient", 14, right.max_pool_gradient, builds_on=("max_pool",)),
        Exercise("dense", 5, right.dense),
        Exercise("dense_gradients", 9, right.dense_gradients),
        Exercise("softmax", 8, right.softmax),
        Exercise("cross_entropy", 8, right.cross_entropy, builds_on=("softmax",)),
        Exercise("cross_entropy_gradient", 9, right.cross_entropy_gradient, builds_on=("softmax",)),
        Exercise("glorot_uniform", 6, right.glorot_uniform),
        Exercise("sgd_step", 6, right.sgd_step),
        Exercise("train", 14, right.train, builds_on=(*LAYERS, *BACKWARD)),
    ),
    bank=bank,
    draw=draw,
    baseline=right,
    origins=origins,
    helpers=(right, reference),
    hints=origins.HINTS,
    twins=TWINS,
    pictures=("fashion_mnist",),
)
