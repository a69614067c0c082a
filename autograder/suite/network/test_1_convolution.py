"""What students bring along from the first assignment: no points, but its mistakes are told and followed through."""

from autograder.judge import assert_agrees, graded
from autograder.suite.network import right

ONE = [1, 1, 1, 1]


@graded(points=0, cell="test_conv2d", title="Your conv2d of the first assignment, as the network needs it")
def test_conv2d_brought(student, numbers):
    for images, filters in [((2, 6, 9, 3), (3, 2, 3, 4)), ((1, 7, 6, 1), (3, 3, 1, 2))]:
        assert_agrees(student.conv2d, right.conv2d, numbers(1, *images), numbers(2, *filters), ONE, "VALID")


@graded(
    points=0,
    cell="test_conv2d_gradients",
    title="Your conv2d_gradients of the first assignment, as the network needs it",
)
def test_conv2d_gradients_brought(student, numbers):
    inputs, filters = numbers(3, 2, 6, 7, 2), numbers(4, 3, 2, 2, 3)
    upstream = numbers(5, 2, 4, 6, 3)
    assert_agrees(student.conv2d_gradients, right.conv2d_gradients, inputs, filters, ONE, "VALID", upstream)
