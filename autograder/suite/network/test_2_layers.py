"""The layers without a loss: relu, max_pool, dense, and their gradients."""

from autograder.judge import assert_agrees, assert_inputs_unchanged, assert_not_much_slower, graded
from autograder.suite.network import right
from autograder.suite.network.inputs import distinct, tied
from autograder.suite.network.origins import Gradients, PooledGradient
from autograder.suite.network.picture import PicturedPool

# Times of the baseline, measured: the largest of slices of the whole batch, 1.3 in a loop over the output's places and 0.2 over the
# window's; in a loop over the pictures as well 12, which is borderline; over their channels as well 85.
SPEED_FACTOR = 10
TIMED = (48, 25, 25, 8)


def assert_pooled(student, inputs, size, *strides):
    """The student's max_pool agrees with the right one on these inputs."""
    steps = strides[0] if strides and strides[0] is not None else size
    origin = PicturedPool(inputs.shape[1:3], right.both(size), right.both(steps))
    assert_agrees(student.max_pool, right.max_pool, inputs, size, *strides, origin=origin)


def assert_pool_gradient(student, numbers, inputs, size, strides):
    """The student's max_pool_gradient agrees with the right one on these inputs."""
    upstream = numbers(19, *right.max_pool(inputs, size, strides).shape)
    call = inputs, size, strides, upstream
    assert_agrees(student.max_pool_gradient, right.max_pool_gradient, *call, origin=PooledGradient())


def assert_dense_gradients(student, numbers, inputs, units):
    """The student's dense_gradients agrees with the right one on these inputs."""
    weights, upstream = numbers(41, inputs.shape[1], units), numbers(42, len(inputs), units)
    call = inputs, weights, upstream
    assert_agrees(student.dense_gradients, right.dense_gradients, *call, origin=Gradients())


@graded(points=2, cell="test_relu", title="Negative numbers become 0, in arrays of any shape")
def test_relu_values(student, numbers):
    for shape in [(5,), (3, 4), (2, 3, 4, 2)]:
        assert_agrees(student.relu, right.relu, numbers(1, *shape, low=-3, high=3))


@graded(
    points=1,
    cell="test_relu",
    title="float32 and whole numbers, any order in memory; the given array does not change",
)
def test_relu_kinds_of_numbers(student, numbers):
    assert_agrees(student.relu, right.relu, numbers(2, 3, 4, dtype="float32").T)
    assert_agrees(student.relu, right.relu, numbers(3, 3, 4, dtype="int64", low=-9, high=9))
    assert_inputs_unchanged(student.relu, numbers(4, 6, 5))


@graded(
    points=3,
    cell="test_relu_gradient",
    title="Where the value is above 0 the upstream number passes, at 0 it does not",
)
def test_relu_gradient_values(student, numbers):
    for shape in [(9,), (6, 5), (2, 3, 4, 2)]:
        values = numbers(5, *shape, dtype="int64", low=-1, high=1).astype(float)
        assert_agrees(student.relu_gradient, right.relu_gradient, values, numbers(6, *shape))
    values, upstream = numbers(7, 5, 4), numbers(8, 5, 4)
    assert_agrees(student.relu_gradient, right.relu_gradient, values, upstream)


@graded(points=1, cell="test_relu_gradient", title="float32; the given arrays do not change")
def test_relu_gradient_leaves_its_inputs(student, numbers):
    values, upstream = numbers(9, 5, 4, dtype="float32"), numbers(10, 5, 4, dtype="float32")
    assert_agrees(student.relu_gradient, right.relu_gradient, values, upstream)
    assert_inputs_unchanged(student.relu_gradient, values, upstream)


@graded(points=4, cell="test_max_pool", title="One size for both axes; a window that sticks out is left out")
def test_max_pool_size(student, numbers):
    assert_pooled(student, numbers(11, 1, 4, 6, 1), 2)
    assert_pooled(student, numbers(12, 2, 7, 5, 3), 2)
    assert_pooled(student, numbers(13, 3, 8, 11, 2, low=-5, high=-1), 3)
    assert_pooled(student, numbers(14, 2, 3, 4, 2), 1)


@graded(points=4, cell="test_max_pool", title="Pairs, and strides that are not the size: gaps and overlaps")
def test_max_pool_strides(student, numbers):
    assert_pooled(student, numbers(16, 1, 9, 8, 3), (2, 3), (3, 4))
    assert_pooled(student, numbers(15, 2, 7, 9, 2), (3, 2))
    assert_pooled(student, numbers(17, 2, 8, 7, 1, low=-5, high=-1), 3, 1)
    assert_pooled(student, numbers(18, 1, 9, 7, 2), (2, 3), 2)
    assert_pooled(student, numbers(18, 1, 7, 9, 2), 2, (1, 3))
    assert_pooled(student, numbers(18, 1, 5, 9, 2), (5, 4), None)


@graded(
    points=3,
    cell="test_max_pool",
    title="float32, whole numbers, any order in memory; the given array does not change",
)
def test_max_pool_kinds_of_numbers(student, numbers):
    assert_pooled(student, numbers(20, 2, 6, 5, 2, dtype="float32").transpose(0, 2, 1, 3), 2)
    assert_pooled(student, numbers(21, 2, 5, 6, 2, dtype="uint8"), (2, 3))
    assert_pooled(student, numbers(22, 1, 6, 5, 2, dtype="int64", low=-90, high=-1), 2, 3)
    assert_inputs_unchanged(student.max_pool, numbers(23, 1, 5, 6, 2), 2)


@graded(points=3, cell="test_max_pool", title="Speed: no Python loop over images and channels")
def test_max_pool_speed(student, baseline):
    assert_not_much_slower(
        student.max_pool,
        baseline.max_pool,
        timed_arguments,
        factor=SPEED_FACTOR,
        advice="Take one slice of the whole batch for each place of the output, or for each place of the window, and no loop "
        "over images or channels.",
    )


def timed_arguments(generator):
    """A batch for one timed call."""
    return generator.uniform(-1, 1, TIMED).astype("float32"), 2


@graded(
    points=4,
    cell="test_max_pool_gradient",
    title="The largest number of each window gets the upstream number",
)
def test_max_pool_gradient_values(student, numbers):
    assert_pool_gradient(student, numbers, numbers(24, 1, 4, 6, 1), 2, None)
    assert_pool_gradient(student, numbers, numbers(25, 2, 7, 5, 3), 2, None)
    assert_pool_gradient(student, numbers, numbers(26, 2, 6, 9, 2, low=-5, high=-1), (2, 3), None)
    assert_pool_gradient(student, numbers, numbers(27, 3, 7, 4, 2), (3, 2), (3, 2))


@graded(
    points=4,
    cell="test_max_pool_gradient",
    title="Of several equal largest numbers the first, by rows, gets it",
)
def test_max_pool_gradient_ties(student, numbers):
    assert_pool_gradient(student, numbers, tied(numbers, 28, 2, 6, 8, 3), 2, None)
    assert_pool_gradient(student, numbers, tied(numbers, 29, 2, 7, 9, 2), (3, 2), None)
    assert_pool_gradient(student, numbers, tied(numbers, 30, 1, 5, 7, 2), 3, 1)


@graded(
    points=4,
    cell="test_max_pool_gradient",
    title="Strides that are not the size: overlaps add up, gaps get nothing",
)
def test_max_pool_gradient_strides(student, numbers):
    assert_pool_gradient(student, numbers, numbers(31, 2, 6, 7, 2), 3, 1)
    assert_pool_gradient(student, numbers, numbers(32, 1, 9, 8, 3), (2, 3), (3, 4))
    assert_pool_gradient(student, numbers, numbers(33, 1, 8, 9, 2), (3, 2), (2, 1))
    assert_pool_gradient(student, numbers, numbers(34, 2, 9, 7, 1), 2, 3)


@graded(
    points=2,
    cell="test_max_pool_gradient",
    title="float32 and whole numbers, any order in memory; the given arrays do not change",
)
def test_max_pool_gradient_kinds_of_numbers(student, numbers):
    assert_pool_gradient(
        student, numbers, numbers(35, 1, 6, 5, 2, dtype="float32").transpose(0, 2, 1, 3), 2, 1
    )
    assert_pool_gradient(student, numbers, distinct(numbers, 36, 2, 5, 6, 2), 2, None)
    assert_inputs_unchanged(
        student.max_pool_gradient, numbers(37, 1, 5, 6, 2), 2, None, numbers(38, 1, 2, 3, 2)
    )


@graded(points=3, cell="test_dense", title="A matrix product and the bias")
def test_dense_values(student, numbers):
    for batch, width, units in [(2, 4, 4), (4, 5, 3), (1, 7, 2), (6, 2, 1)]:
        call = numbers(39, batch, width), numbers(40, width, units), numbers(43, units)
        assert_agrees(student.dense, right.dense, *call)


@graded(points=2, cell="test_dense", title="float32 and whole numbers; the given arrays do not change")
def test_dense_kinds_of_numbers(student, numbers):
    call = numbers(44, 3, 5, dtype="uint8"), numbers(45, 5, 4, dtype="float32"), numbers(46, 4)
    assert_agrees(student.dense, right.dense, *call)
    call = numbers(47, 3, 5), numbers(48, 5, 4), numbers(49, 4)
    assert_inputs_unchanged(student.dense, *call)


@graded(points=6, cell="test_dense_gradients", title="The gradients of the inputs, the weights and the bias")
def test_dense_gradients_values(student, numbers):
    for batch, width, units in [(2, 3, 3), (4, 5, 3), (6, 2, 4)]:
        assert_dense_gradients(student, numbers, numbers(50, batch, width), units)


@graded(points=2, cell="test_dense_gradients", title="One picture, one unit, whole numbers")
def test_dense_gradients_sizes(student, numbers):
    assert_dense_gradients(student, numbers, numbers(51, 1, 4), 3)
    assert_dense_gradients(student, numbers, numbers(52, 5, 3), 1)
    assert_dense_gradients(student, numbers, numbers(53, 4, 3, dtype="uint8"), 2)


@graded(points=1, cell="test_dense_gradients", title="The given arrays do not change")
def test_dense_gradients_leave_their_inputs(student, numbers):
    call = numbers(54, 4, 3), numbers(55, 3, 2), numbers(56, 4, 2)
    assert_agrees(student.dense_gradients, right.dense_gradients, *call, origin=Gradients())
    assert_inputs_unchanged(student.dense_gradients, *call)
