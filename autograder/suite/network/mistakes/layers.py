"""Mistakes of relu and of the dense layer."""

import numpy as np

from autograder.judge.bank import mistake

RELU = "1. relu"
DENSE = "3. A dense layer"


@mistake("relu", sentence="You return absolute values: negative numbers should become 0.", lecture=RELU)
def absolute_values(right, values):
    return np.abs(np.asarray(values, float))


@mistake(
    "relu",
    sentence="You return 1 and 0, which is the gradient; relu keeps the numbers above 0.",
    lecture=RELU,
)
def steps_for_relu(right, values):
    return (np.asarray(values) > 0).astype(float)


@mistake(
    "relu", sentence="You keep the negative numbers and drop the others: it is max(0, value).", lecture=RELU
)
def minimum_for_maximum(right, values):
    return np.minimum(np.asarray(values, float), 0)


@mistake("relu", sentence="You scale negative numbers (a leaky relu): here they become 0.", lecture=RELU)
def leaky(right, values):
    return np.where(np.asarray(values) > 0, values, 0.01 * np.asarray(values, float))


@mistake(
    "relu",
    sentence="relu changes the array that it is given. Work on a copy, or use np.maximum.",
    lecture=RELU,
)
def relu_in_place(right, values):
    values[values < 0] = 0
    return values


@mistake("relu_gradient", sentence="At 0 itself your gradient passes: `>=` should be `>`.", lecture=RELU)
def passes_at_zero(right, values, upstream):
    return np.where(values >= 0, upstream, 0.0)


@mistake(
    "relu_gradient", sentence="The upstream numbers are not used: multiply 1 and 0 by them.", lecture=RELU
)
def relu_without_upstream(right, values, upstream):
    return (values > 0).astype(float)


@mistake(
    "relu_gradient",
    sentence="You look at the sign of the upstream numbers. It is `values` that decides where they pass.",
    lecture=RELU,
)
def relu_of_upstream(right, values, upstream):
    return np.maximum(upstream, 0)


@mistake(
    "relu_gradient",
    sentence="All of the upstream passes: where values is 0 or below, nothing should.",
    lecture=RELU,
)
def all_passes(right, values, upstream):
    return upstream * 1.0


@mistake(
    "relu_gradient",
    sentence="You multiply by the values themselves: it is 1 where they are above 0.",
    lecture=RELU,
)
def times_values(right, values, upstream):
    return np.maximum(values, 0) * upstream


@mistake(
    "relu_gradient", sentence="It passes where values is below 0: it should where it is above.", lecture=RELU
)
def passes_below(right, values, upstream):
    return np.where(values < 0, upstream, 0.0)


@mistake("relu_gradient", sentence="The upstream array that is given changes. Work on a copy.", lecture=RELU)
def upstream_in_place(right, values, upstream):
    upstream[values <= 0] = 0
    return upstream


@mistake("dense", sentence="The bias is not added.", lecture=DENSE)
def bias_forgotten(right, inputs, weights, bias):
    return right(inputs, weights, 0 * bias)


@mistake("dense", sentence="You subtract the bias: it is added.", lecture=DENSE)
def bias_subtracted(right, inputs, weights, bias):
    return right(inputs, weights, -bias)


@mistake(
    "dense", sentence="Negative results became 0: a dense layer has no relu of its own here.", lecture=DENSE
)
def dense_with_relu(right, *arguments):
    return np.maximum(right(*arguments), 0)


@mistake(
    "dense",
    sentence="The weights are transposed: they are [in, out] already, so it is inputs @ weights.",
    lecture=DENSE,
)
def weights_transposed(right, inputs, weights, bias):
    return inputs @ weights.T + bias


@mistake("dense_gradients", sentence="d_bias is the mean over the batch: it is the sum.", lecture=DENSE)
def bias_mean(right, inputs, weights, upstream):
    d_inputs, d_weights, d_bias = right(inputs, weights, upstream)
    return d_inputs, d_weights, d_bias / len(inputs)


@mistake(
    "dense_gradients",
    sentence="d_weights and d_bias are divided by the batch. The loss has divided already: here they are sums.",
    lecture=DENSE,
)
def dense_divided(right, inputs, weights, upstream):
    d_inputs, d_weights, d_bias = right(inputs, weights, upstream)
    return d_inputs, d_weights / len(inputs), d_bias / len(inputs)


@mistake(
    "dense_gradients",
    sentence="d_weights is divided by the batch: it is a sum, as inputs.T @ upstream.",
    lecture=DENSE,
)
def weights_divided(right, inputs, weights, upstream):
    d_inputs, d_weights, d_bias = right(inputs, weights, upstream)
    return d_inputs, d_weights / len(inputs), d_bias


@mistake(
    "dense_gradients",
    sentence="d_bias adds up along the wrong axis: one number for each unit, so the sum is over the batch, axis 0.",
    lecture=DENSE,
)
def bias_over_units(right, inputs, weights, upstream):
    d_inputs, d_weights, _ = right(inputs, weights, upstream)
    return d_inputs, d_weights, upstream.sum(axis=1)


@mistake(
    "dense_gradients",
    sentence="d_bias is one number: it has one for each unit, the sum over axis 0.",
    lecture=DENSE,
)
def bias_one_number(right, inputs, weights, upstream):
    d_inputs, d_weights, _ = right(inputs, weights, upstream)
    return d_inputs, d_weights, np.array(upstream.sum())


@mistake(
    "dense_gradients", sentence="d_bias is upstream itself: add it up over the batch, axis 0.", lecture=DENSE
)
def bias_not_summed(right, inputs, weights, upstream):
    d_inputs, d_weights, _ = right(inputs, weights, upstream)
    return d_inputs, d_weights, upstream


@mistake(
    "dense_gradients",
    sentence="d_weights is transposed: it has the shape of weights, [in, out].",
    lecture=DENSE,
)
def d_weights_transposed(right, *arguments):
    d_inputs, d_weights, d_bias = right(*arguments)
    return d_inputs, d_weights.T, d_bias


@mistake(
    "dense_gradients",
    sentence="The gradients come in another order: d_inputs, then d_weights, then d_bias.",
    lecture=DENSE,
    on_answer=True,
)
def order_of_gradients(right, *arguments):
    d_inputs, d_weights, d_bias = right(*arguments)
    return d_weights, d_inputs, d_bias


@mistake(
    "dense_gradients",
    sentence="d_bias is missing: return (d_inputs, d_weights, d_bias).",
    lecture=DENSE,
    on_answer=True,
)
def bias_left_out(right, *arguments):
    return right(*arguments)[:2]


@mistake(
    "dense_gradients",
    sentence="d_inputs takes the weights as they are: upstream goes back through weights.T.",
    lecture=DENSE,
)
def weights_not_transposed_back(right, inputs, weights, upstream):
    _, d_weights, d_bias = right(inputs, weights, upstream)
    return upstream @ weights, d_weights, d_bias
