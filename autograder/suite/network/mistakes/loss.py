"""Mistakes of softmax, of the loss and of its gradient."""

import numpy as np

from autograder.judge.bank import mistake

SOFTMAX = "4. softmax"
LOSS = "5. The loss"


def _powers(logits):
    return np.exp(np.asarray(logits, float))


@mistake(
    "softmax", sentence="The largest logit is not taken off first, so large ones overflow.", lecture=SOFTMAX
)
def without_the_maximum(right, logits):
    return _powers(logits) / _powers(logits).sum(axis=1, keepdims=True)


@mistake(
    "softmax",
    sentence="One maximum of the whole batch is taken off: rows far below it become 0/0. Take each row's own.",
    lecture=SOFTMAX,
)
def maximum_of_the_batch(right, logits):
    return without_the_maximum(right, logits - np.max(logits))


@mistake(
    "softmax",
    sentence="You divide by the sum of all numbers: each row has its own (axis=1, keepdims=True).",
    lecture=SOFTMAX,
)
def sum_of_the_batch(right, logits):
    powers = _powers(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum()


@mistake(
    "softmax",
    sentence="You add up over the batch (axis 0): the classes of one picture are axis 1.",
    lecture=SOFTMAX,
)
def over_the_batch(right, logits):
    return right(np.transpose(logits)).T


@mistake("softmax", sentence="The powers are not divided by their sum.", lecture=SOFTMAX)
def not_divided(right, logits):
    return _powers(logits - logits.max(axis=1, keepdims=True))


@mistake("softmax", sentence="You return logarithms of the probabilities.", lecture=SOFTMAX)
def logarithms(right, logits):
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


@mistake("softmax", sentence="The logits are divided by their sum: their exponentials are.", lecture=SOFTMAX)
def without_exponentials(right, logits):
    return logits / logits.sum(axis=1, keepdims=True)


@mistake(
    "softmax",
    sentence="The exponential has the wrong sign: the largest logit gets the smallest share.",
    lecture=SOFTMAX,
)
def negative_exponents(right, logits):
    return right(-np.asarray(logits, float))


@mistake(
    "softmax",
    sentence="softmax changes the logits that it is given: `-=` works on the caller's array.",
    lecture=SOFTMAX,
)
def logits_in_place(right, logits):
    if logits.dtype.kind != "f":
        return right(logits)
    answer = right(logits)
    logits -= logits.max(axis=1, keepdims=True)
    return answer


@mistake("cross_entropy", sentence="You add up the losses of the batch: it is their mean.", lecture=LOSS)
def sum_for_mean(right, logits, labels):
    return right(logits, labels) * len(labels)


@mistake(
    "cross_entropy", sentence="The sign is missing: the loss is −log, which is never negative.", lecture=LOSS
)
def sign_missing(right, logits, labels):
    return -right(logits, labels)


@mistake(
    "cross_entropy",
    sentence="You divide by batch and classes: the mean is over the batch alone.",
    lecture=LOSS,
)
def divided_by_classes(right, logits, labels):
    return right(logits, labels) / np.shape(logits)[1]


@mistake("cross_entropy", sentence="The logarithm is to base 2: it is the natural one, np.log.", lecture=LOSS)
def base_two(right, logits, labels):
    return right(logits, labels) / np.log(2)


@mistake(
    "cross_entropy", sentence="The logarithm is to base 10: it is the natural one, np.log.", lecture=LOSS
)
def base_ten(right, logits, labels):
    return right(logits, labels) / np.log(10)


@mistake(
    "cross_entropy",
    sentence="You return the loss of each picture: it is their mean, one number.",
    lecture=LOSS,
    on_answer=True,
)
def one_for_each(right, logits, labels):
    return np.array([right(logits[n : n + 1], labels[n : n + 1]) for n in range(len(labels))])


@mistake(
    "cross_entropy", sentence="You take the probabilities themselves: the loss is −log of them.", lecture=LOSS
)
def probabilities(right, logits, labels):
    return float(np.mean([np.exp(-right(logits[n : n + 1], labels[n : n + 1])) for n in range(len(labels))]))


@mistake(
    "cross_entropy", sentence="The labels count from 1: they count from 0, as Python does.", lecture=LOSS
)
def labels_from_one(right, logits, labels):
    return right(logits, labels - 1)


def _probabilities(logits):
    powers = _powers(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@mistake(
    "cross_entropy",
    sentence="A probability of 0 makes the loss infinite. log(softmax) is logit − max − log(sum of exp(logits − max)).",
    lecture=LOSS,
)
def logarithm_of_zero(right, logits, labels):
    return float(np.mean(-np.log(_probabilities(logits)[np.arange(len(labels)), labels])))


@mistake(
    "cross_entropy",
    sentence="A small number is added to the probabilities, so that the loss of hopeless pictures is far too small. "
    "log(softmax) is logit − max − log(sum of exp(logits − max)).",
    lecture=LOSS,
)
def small_number_added(right, logits, labels):
    return float(np.mean(-np.log(_probabilities(logits)[np.arange(len(labels)), labels] + 1e-12)))


@mistake(
    "cross_entropy",
    sentence="The logits' exponentials overflow: take the largest logit of each row off first.",
    lecture=LOSS,
)
def loss_without_the_maximum(right, logits, labels):
    chosen = np.asarray(logits, float)[np.arange(len(labels)), labels]
    return float(np.mean(np.log(_powers(logits).sum(axis=1)) - chosen))


def of_gradient(sentence, **about):
    return mistake("cross_entropy_gradient", sentence=sentence, lecture=LOSS, **about)


@of_gradient("The gradient is not divided by the batch: the loss is a mean.")
def batch_not_divided(right, logits, labels):
    return right(logits, labels) * len(labels)


@of_gradient("The gradient is divided by batch and classes: the mean is over the batch alone.")
def gradient_by_classes(right, logits, labels):
    return right(logits, labels) / np.shape(logits)[1]


@of_gradient("The sign is wrong: it is softmax − 1 at the label, not 1 − softmax.")
def gradient_sign(right, logits, labels):
    return -right(logits, labels)


@of_gradient("You return softmax, without the 1 that is taken off at the label.")
def label_forgotten(right, logits, labels):
    return _probabilities(logits) / len(labels)


@of_gradient(
    "The 1 is taken off in every row at every label of the batch: in each row at its own (np.arange(batch), labels)."
)
def all_labels_in_all_rows(right, logits, labels):
    gradient = _probabilities(logits)
    gradient[:, labels] -= 1
    return gradient / len(labels)


@of_gradient("The labels count from 1: they count from 0, as Python does.")
def gradient_labels_from_one(right, logits, labels):
    return right(logits, labels - 1)


@of_gradient("Only the label's number is kept: the other classes have a gradient, too, their probability.")
def label_alone(right, logits, labels):
    gradient = np.zeros(np.shape(logits))
    rows = np.arange(len(labels))
    gradient[rows, labels] = right(logits, labels)[rows, labels]
    return gradient


@of_gradient("That is the gradient for the probabilities, −1/p: here it is for the logits.")
def for_probabilities(right, logits, labels):
    gradient, rows = np.zeros(np.shape(logits)), np.arange(len(labels))
    gradient[rows, labels] = -1 / _probabilities(logits)[rows, labels] / len(labels)
    return gradient


@of_gradient("The logits' exponentials overflow: take the largest logit of each row off first.")
def gradient_without_the_maximum(right, logits, labels):
    gradient = _powers(logits) / _powers(logits).sum(axis=1, keepdims=True)
    gradient[np.arange(len(labels)), labels] -= 1
    return gradient / len(labels)
