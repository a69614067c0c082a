"""From logits to a loss and back: softmax, cross_entropy and its gradient."""

from autograder.judge import assert_agrees, assert_inputs_unchanged, graded
from autograder.suite.network import right
from autograder.suite.network.inputs import labels_of, large_logits, large_logits_and_labels

SIZES = ((4, 3), (7, 5), (2, 10), (1, 6))


def assert_softmax(student, logits):
    """The student's softmax agrees with the right one; float32 has seven digits, of logits in the thousands as well."""
    assert_agrees(student.softmax, right.softmax, logits, allowed=1e-6 * max(10, abs(logits).max()))


@graded(points=4, cell="test_softmax", title="Each row as probabilities")
def test_softmax_values(student, numbers):
    for batch, classes in SIZES:
        assert_softmax(student, numbers(1, batch, classes, low=-3, high=3))


@graded(points=3, cell="test_softmax", title="Logits of any size, far above 0 and far below")
def test_softmax_large(student, numbers):
    assert_softmax(student, large_logits(numbers, 2, 5, 4))
    near = numbers(3, 4, 3) + 1000
    for logits in (near, near - 2000):
        assert_softmax(student, logits)


@graded(points=1, cell="test_softmax", title="float32 and whole numbers; the given array does not change")
def test_softmax_kinds_of_numbers(student, numbers):
    assert_softmax(student, numbers(4, 3, 4, dtype="float32"))
    assert_softmax(student, numbers(5, 3, 4, dtype="int64", low=-4, high=4))
    assert_inputs_unchanged(student.softmax, numbers(6, 3, 4))


@graded(
    points=4,
    cell="test_cross_entropy",
    title="The mean loss of a batch, the first class and the last among its labels",
)
def test_cross_entropy_values(student, numbers):
    for batch, classes in SIZES:
        call = numbers(7, batch, classes, low=-3, high=3), labels_of(numbers, 8, batch, classes)
        assert_agrees(student.cross_entropy, right.cross_entropy, *call)


@graded(points=3, cell="test_cross_entropy", title="Logits of any size: the loss is large then, and finite")
def test_cross_entropy_large(student, numbers):
    for seed, (batch, classes) in enumerate([(5, 4), (6, 3)]):
        call = large_logits_and_labels(numbers, 9 + seed, 11, batch, classes)
        assert_agrees(student.cross_entropy, right.cross_entropy, *call)


@graded(
    points=1, cell="test_cross_entropy", title="float32 and whole numbers; the given arrays do not change"
)
def test_cross_entropy_kinds_of_numbers(student, numbers):
    labels = labels_of(numbers, 12, 4, 3)
    for logits in (numbers(13, 4, 3, dtype="float32"), numbers(14, 4, 3, dtype="int64", low=-4, high=4)):
        assert_agrees(student.cross_entropy, right.cross_entropy, logits, labels)
    assert_inputs_unchanged(student.cross_entropy, numbers(15, 4, 3), labels)


@graded(
    points=5,
    cell="test_cross_entropy_gradient",
    title="softmax, less 1 at the label, by the size of the batch",
)
def test_cross_entropy_gradient_values(student, numbers):
    for batch, classes in SIZES:
        call = numbers(16, batch, classes, low=-3, high=3), labels_of(numbers, 17, batch, classes)
        assert_agrees(student.cross_entropy_gradient, right.cross_entropy_gradient, *call)


@graded(points=3, cell="test_cross_entropy_gradient", title="Logits of any size")
def test_cross_entropy_gradient_large(student, numbers):
    for seed, (batch, classes) in enumerate([(5, 4), (6, 3)]):
        call = large_logits_and_labels(numbers, 18 + seed, 20, batch, classes)
        assert_agrees(student.cross_entropy_gradient, right.cross_entropy_gradient, *call)


@graded(
    points=1,
    cell="test_cross_entropy_gradient",
    title="float32 and whole numbers; the given arrays do not change",
)
def test_cross_entropy_gradient_kinds_of_numbers(student, numbers):
    labels = labels_of(numbers, 21, 4, 3)
    for logits in (numbers(22, 4, 3, dtype="float32"), numbers(23, 4, 3, dtype="int64", low=-4, high=4)):
        assert_agrees(student.cross_entropy_gradient, right.cross_entropy_gradient, logits, labels)
    assert_inputs_unchanged(student.cross_entropy_gradient, numbers(24, 4, 3), labels)
