"""Mistakes of the first weights, of a step and of the training."""

import numpy as np

from autograder.judge.bank import mistake, variant_of
from autograder.suite.network import right as truth

WEIGHTS = "6. Weights to begin with"
STEP = "7. One step"
TRAIN = "8. Train"


def of_weights(sentence, **about):
    return mistake("glorot_uniform", sentence=sentence, lecture=WEIGHTS, **about)


@of_weights(
    "The places of a filter do not count: fan_in is rows · columns · channels in, fan_out rows · columns · filters."
)
def places_forgotten(right, shape, rng):
    return _uniform(rng, np.sqrt(6 / (shape[-2] + shape[-1])), shape)


@of_weights("Only fan_in counts: it is fan_in + fan_out.")
def fan_in_alone(right, shape, rng):
    return _uniform(rng, np.sqrt(6 / np.prod(shape[:-1])), shape)


@of_weights(
    "The limit is √(2 / (fan_in + fan_out)), which is the standard deviation of Glorot's normal weights: it is √(6 / …)."
)
def two_for_six(right, shape, rng):
    return right(shape, rng) / np.sqrt(3)


@of_weights("The square root is missing.")
def without_root(right, shape, rng):
    return _uniform(rng, truth.glorot_limit(shape) ** 2, shape)


@of_weights("The weights go from 0 to the limit: half of them should be negative.")
def positive_alone(right, shape, rng):
    return rng.uniform(0, truth.glorot_limit(shape), tuple(shape))


@of_weights("The weights are normally distributed: here they are uniform between the limits.")
def normal(right, shape, rng):
    return rng.normal(0, truth.glorot_limit(shape) / np.sqrt(3), tuple(shape))


@of_weights("All weights are 0: then all filters learn the same.")
def zeros(right, shape, rng):
    return np.zeros(tuple(shape))


@of_weights(
    "Of a filter the first two numbers of the shape are taken as fans: they are its rows and columns."
)
def first_two_sides(right, shape, rng):
    return _uniform(rng, np.sqrt(6 / (shape[0] + shape[1])), shape)


@of_weights("The generator that is given is not used, so nobody can repeat a training: draw with rng.")
def own_generator(right, shape, rng):
    return right(shape, np.random.default_rng(0))


def _uniform(rng, limit, shape):
    return rng.uniform(-limit, limit, tuple(shape))


def of_step(sentence, **about):
    return mistake("sgd_step", sentence=sentence, lecture=STEP, **about)


@of_step("The step goes uphill: the gradient is subtracted.")
def uphill(right, parameters, gradients, learning_rate):
    return right(parameters, gradients, -learning_rate)


@of_step("The learning rate is not used.")
def no_learning_rate(right, parameters, gradients, learning_rate):
    return right(parameters, gradients, 1)


@of_step("You divide by the learning rate: the gradient is multiplied by it.")
def divided_by_the_rate(right, parameters, gradients, learning_rate):
    return right(parameters, gradients, 1 / learning_rate)


@of_step("The list that is given changes, or the arrays in it (-= works on them): make new ones.")
def arrays_in_place(right, parameters, gradients, learning_rate):
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter -= learning_rate * gradient
    return parameters


@variant_of(arrays_in_place)
def list_in_place(right, parameters, gradients, learning_rate):
    parameters[:] = right(parameters, gradients, learning_rate)
    return parameters


@of_step("Only the steps are returned: parameter − learning_rate · gradient is wanted.")
def steps_alone(right, parameters, gradients, learning_rate):
    return [learning_rate * gradient for gradient in gradients]


@of_step("Only the first array makes a step.")
def first_alone(right, parameters, gradients, learning_rate):
    return [*right(parameters[:1], gradients[:1], learning_rate), *parameters[1:]]


def of_training(sentence, **about):
    return mistake("train", sentence=sentence, lecture=TRAIN, **about)


@of_training(
    "The network does not change: `network = …` makes a new name inside the function. network[:] = … changes the list."
)
def name_rebound(right, network, *arguments):
    return right(list(network), *arguments)


@of_training("The network makes its steps uphill: the gradient is subtracted.")
def trains_uphill(right, *arguments):
    return right(*arguments, spoil=lambda gradients, count: [-each for each in gradients])


@of_training("The gradients are divided by the batch twice: cross_entropy_gradient has done so already.")
def divided_twice(right, *arguments):
    return right(*arguments, spoil=lambda gradients, count: [each / count for each in gradients])


@of_training("The gradients of a batch are not divided by its size.")
def batch_not_divided_in_training(right, *arguments):
    return right(*arguments, spoil=lambda gradients, count: [each * count for each in gradients])


def _only(places):
    return lambda gradients, count: [each * (place in places) for place, each in enumerate(gradients)]


@of_training(
    "The biases do not learn: the gradient of a layer's bias is the sum of its upstream over all but the last axis."
)
def biases_do_not_learn(right, *arguments):
    return right(*arguments, spoil=_only({0, 2, 4}))


@of_training(
    "The biases of the convolutions do not learn: their gradient is the sum of d_sums over axes 0, 1 and 2."
)
def filters_biases_do_not_learn(right, *arguments):
    return right(*arguments, spoil=_only({0, 2, 4, 5}))


@of_training("The first convolution does not learn.")
def first_does_not_learn(right, *arguments):
    return right(*arguments, spoil=_only({2, 3, 4, 5}))


@of_training("Only the dense layer learns.")
def dense_alone_learns(right, *arguments):
    return right(*arguments, spoil=_only({4, 5}))


def _mean_biases(gradients, count):
    return [each / count if each.ndim == 1 and place < 5 else each for place, each in enumerate(gradients)]


@of_training(
    "The biases of the convolutions get the mean over the batch: it is the sum, over axes 0, 1 and 2."
)
def biases_by_the_mean(right, *arguments):
    return right(*arguments, spoil=_mean_biases)


@of_training("The loss of a batch is taken after its step: it is that before it.")
def loss_after_the_step(right, *arguments):
    return right(*arguments, after=True)


@of_training("The losses of an epoch's batches are added up: their mean is asked for.")
def losses_added_up(right, *arguments):
    return right(*arguments, summed=lambda losses, counts: sum(losses))


@of_training("The loss of an epoch is that of its last batch: it is the mean over all.")
def loss_of_the_last_batch(right, *arguments):
    return right(*arguments, summed=lambda losses, counts: losses[-1])


@of_training(
    "The loss of an epoch is the mean over its batches: a smaller last batch counts for fewer pictures."
)
def mean_over_batches(right, *arguments):
    return right(*arguments, summed=lambda losses, counts: np.mean(losses))


@of_training(
    "Only the loss of the last epoch is returned: a list with one for each epoch is asked for.",
    on_answer=True,
)
def last_loss_alone(right, *arguments):
    return right(*arguments)[-1]


@of_training("There is a loss for each batch: one for each epoch is asked for, the mean of its batches.")
def loss_of_each_batch(right, *arguments):
    kept = []
    right(*arguments, summed=lambda losses, counts: kept.extend(losses) or 0.0)
    return kept


@of_training("There is no loss for the last epoch: do the epochs begin at 1?")
def one_epoch_less(right, network, images, labels, epochs, *rest):
    return right(network, images, labels, epochs - 1, *rest)


@of_training("The pictures are shuffled and their labels are not: take labels[order] as well.")
def labels_not_shuffled(right, *arguments):
    def where_they_stood(labels, batch):
        return labels[: len(batch)]

    return right(*arguments, labels_of=where_they_stood)


@of_training("Pictures are drawn with replacement: each should come once in an epoch, as in rng.permutation.")
def with_replacement(right, *arguments):
    return right(*arguments, order_of=lambda rng, count: rng.integers(0, count, count))


@of_training(
    "A last batch that is smaller is left out, so that few pictures make no step at all: it counts as well.",
    by_error=True,
)
def smaller_batch_left_out(right, *arguments):
    return right(*arguments, starts_of=lambda count, size: range(0, count - size + 1, size))


@of_training("Only the first batch of each epoch is used.")
def first_batch_alone(right, *arguments):
    return right(*arguments, starts_of=lambda count, size: range(0, size, size))
