"""Weights to begin with, one step, and the training of a whole network."""

import copy

import numpy as np

from autograder.judge import Mismatch, assert_agrees, assert_inputs_unchanged, assert_same, graded
from autograder.judge.ladder import Uniform
from autograder.suite.network import right
from autograder.suite.network.inputs import (
    BATCH,
    BOUND,
    EPOCHS,
    LEARNED,
    RATE,
    SIDE,
    TRAINING_SECONDS,
    UNSEEN,
    generator,
    network,
    pictures,
    with_biases,
)


@graded(points=3, cell="test_glorot_uniform", title="A dense layer: shape, limits and spread")
def test_glorot_uniform_dense(student, numbers):
    for seed, shape in enumerate([(300, 70), (40, 500)]):
        weights = student.glorot_uniform(shape, generator(numbers, seed))
        assert_same(weights, Uniform(shape, right.glorot_limit(shape)))


@graded(points=2, cell="test_glorot_uniform", title="Filters: each place of a filter counts for both fans")
def test_glorot_uniform_filters(student, numbers):
    for seed, shape in enumerate([(5, 4, 30, 40), (3, 3, 16, 130)]):
        weights = student.glorot_uniform(shape, generator(numbers, 10 + seed))
        assert_same(weights, Uniform(shape, right.glorot_limit(shape)))


@graded(points=1, cell="test_glorot_uniform", title="The numbers come from the generator that is given")
def test_glorot_uniform_uses_the_generator(student, numbers):
    one, same, other = (student.glorot_uniform((6, 5), generator(numbers, seed)) for seed in (20, 20, 21))
    for weights in (one, same, other):
        assert_same(weights, Uniform((6, 5), right.glorot_limit((6, 5))))
    if not np.array_equal(one, same) or np.array_equal(one, other):
        said = "The same generator should give the same weights, and another one others: draw them with `rng` alone."
        raise Mismatch("values", said, facts=())


@graded(points=4, cell="test_sgd_step", title="Each array less its gradient times the learning rate")
def test_sgd_step_values(student, numbers):
    for seed, shapes in enumerate([((3, 4), (4,)), ((2, 3, 2, 4), (4,), (5, 2), (2,)), ((3,),)]):
        parameters = [numbers(10 * seed + place, *shape) for place, shape in enumerate(shapes)]
        gradients = [numbers(10 * seed + 5 + place, *shape) for place, shape in enumerate(shapes)]
        assert_agrees(student.sgd_step, right.sgd_step, parameters, gradients, 0.3)
        assert_agrees(student.sgd_step, right.sgd_step, parameters, gradients, 2)


@graded(points=2, cell="test_sgd_step", title="The list and the arrays that are given stay as they are")
def test_sgd_step_leaves_its_inputs(student, numbers):
    parameters, gradients = [numbers(30, 3, 4), numbers(31, 4)], [numbers(32, 3, 4), numbers(33, 4)]
    assert_agrees(student.sgd_step, right.sgd_step, parameters, gradients, 0.5)
    assert_inputs_unchanged(student.sgd_step, parameters, gradients, 0.5)


def assert_trains(student, begun, *arguments):
    """The student's train gives the right losses, and leaves the network as the right one does.

    Args:
        begun: the network before. With one batch in each epoch no order of the pictures changes anything.
    """
    trained = copy.deepcopy(begun)
    losses = right.train(trained, *copy.deepcopy(arguments))
    answer = student.train.answer(copy.deepcopy(begun), *arguments)
    assert_same(answer.value, losses)
    after = network_of(answer)
    if all(map(np.array_equal, begun, after)) and not all(map(np.array_equal, begun, trained)):
        raise Mismatch("values", "The losses are right, but the network has not changed.", facts=())
    assert_same(after, trained)


def network_of(answer):
    """The network that a training leaves behind."""
    return (answer.arguments or [None])[0]


@graded(
    points=4, cell="test_train", title="One step: the loss before it, and every array of the network after it"
)
def test_train_one_step(student, numbers):
    # Nine are so many that no wrong order puts all labels to their own pictures by chance.
    for seed, count in ((40, 9), (60, 1)):
        begun = with_biases(numbers, seed + 20, network(numbers, seed, SIDE))
        images, labels = numbers(seed + 30, count, *SIDE, 1), numbers(seed + 31, count, dtype="int64", high=2)
        assert_trains(student, begun, images, labels, 1, 0.5, 100, generator(numbers, seed))
    wide = network(numbers, 50, (13, 12), channels=2, classes=4, filters=((4, 3, 2), (2, 2, 3)))
    images, labels = numbers(58, 4, 13, 12, 2), numbers(59, 4, dtype="int64", high=3)
    assert_trains(student, wide, images, labels, 1, 0.2, 4, generator(numbers, 59))


@graded(points=3, cell="test_train", title="Several epochs: a loss for each, every picture once in each")
def test_train_epochs(student, numbers):
    begun = network(numbers, 70, SIDE)
    images, labels = pictures(numbers, 72, 6)
    assert_trains(student, begun, images, labels, 3, 0.2, 6, generator(numbers, 73))
    # Without a step, the mean of an epoch's losses is that of all pictures, in whatever order and batches they come.
    for batch_size in (1, 2, 3, 4):
        assert_trains(student, begun, images, labels, 2, 0.0, batch_size, generator(numbers, 74))


@graded(points=1, cell="test_train", title="The pictures and the labels that are given do not change")
def test_train_leaves_its_pictures(student, numbers):
    images, labels = pictures(numbers, 75, 12)
    call = network(numbers, 77, SIDE), images, labels, 1, 0.1, 12, generator(numbers, 78)
    assert_trains(student, *call)
    after = student.train.answer(*copy.deepcopy(call)).arguments or []
    if not all(map(np.array_equal, (images, labels), after[1:3])):
        said = "train changed the pictures or the labels that it was given. To shuffle, take images[order] into new arrays."
        raise Mismatch("inputs", said, facts=())


@graded(points=6, cell="test_train", title="A trained network knows pictures that it has never seen")
def test_train_reaches_its_bound(student, numbers):
    images, labels = pictures(numbers, 80, LEARNED)
    begun = network(numbers, 82, SIDE)
    call = begun, images, labels, EPOCHS, RATE, BATCH, generator(numbers, 83)
    answer = student.train.answer(*call, cpu_seconds=TRAINING_SECONDS)
    trained = network_of(answer)
    assert_same(
        trained, [np.zeros_like(each) for each in begun], allowed=np.inf
    )  # six finite arrays of their shapes
    # The pictures that decide never leave this side.
    if (
        right.cross_entropy(
            right.forward(trained, pictures(numbers, 84, UNSEEN)[0]), pictures(numbers, 84, UNSEEN)[1]
        )
        > BOUND
    ):
        said = (
            f"After {EPOCHS} epochs on {LEARNED} pictures the network still does badly on new pictures of the same kind: "
            "its loss is hardly lower than before. Does every batch change the network, with the gradients of that batch?"
        )
        raise Mismatch("values", said, facts=())
