"""The network's functions give what Keras gave: `tests/golden/record_network.py` has recorded it."""

import ast
import json
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from conftest import ROOT

from autograder.suite.network import right

GOLDEN = ROOT / "tests" / "golden"
CLOSE = (
    1e-12  # of the largest number: some thousand roundings of float64, where the longest sum has 800 products
)


def recorder() -> SimpleNamespace:
    """The recorder's lists and what makes its inputs, without TensorFlow: its last functions use that, and do not run."""
    tree = ast.parse((GOLDEN / "record_network.py").read_text())
    kept = [node for node in tree.body if isinstance(node, (ast.Assign, ast.FunctionDef))]
    names: dict[str, Any] = {"np": np, "Path": lambda _: GOLDEN, "__file__": ""}
    kept = [
        node for node in kept if not (isinstance(node, ast.Assign) and ast.unparse(node).startswith("HERE"))
    ]
    exec(compile(ast.Module(kept, []), "record_network", "exec"), names)
    return SimpleNamespace(**names)


def answers() -> SimpleNamespace:
    """The text's own answers."""
    notebook = json.loads((ROOT / "solutions" / "source" / "network" / "network.ipynb").read_text())
    names: dict[str, Any] = {"np": np}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and cell["metadata"].get("nbgrader", {}).get("solution"):
            exec("".join(cell["source"]), names)
    return SimpleNamespace(**names)


RECORDED = recorder()


@pytest.fixture(scope="module")
def golden() -> dict[str, np.ndarray]:
    with np.load(GOLDEN / "network.npz") as arrays:
        return dict(arrays)


@pytest.fixture(params=["right", "answers"])
def functions(request) -> Any:
    return right if request.param == "right" else answers()


def assert_close(actual: np.ndarray, expected: np.ndarray) -> None:
    assert np.shape(actual) == expected.shape
    assert np.max(np.abs(actual - expected)) <= CLOSE * max(1.0, float(np.max(np.abs(expected))))


def test_max_pool_and_its_gradient_are_those_of_keras_ties_and_remainders_too(functions, golden):
    for place, (shape, size, strides, tied) in enumerate(RECORDED.POOLS):
        inputs, expected = RECORDED.pooled_images(place, shape, tied), golden[f"pool {place}"]
        assert_close(functions.max_pool(inputs, size, strides), expected)
        upstream = RECORDED.made(100 + place, *expected.shape)
        assert_close(
            functions.max_pool_gradient(inputs, size, strides, upstream), golden[f"pool gradient {place}"]
        )


def test_softmax_the_loss_and_its_gradient_are_those_of_tensorflow(functions, golden):
    for place, (batch, classes, scale) in enumerate(RECORDED.LOSSES):
        logits, labels = RECORDED.made(200 + place, batch, classes) * scale, np.arange(batch) * 3 % classes
        assert_close(functions.softmax(logits), golden[f"softmax {place}"])
        assert_close(np.array(functions.cross_entropy(logits, labels)), golden[f"loss {place}"])
        assert_close(functions.cross_entropy_gradient(logits, labels), golden[f"loss gradient {place}"])


def test_one_step_of_the_articles_network_is_that_of_keras(functions, golden):
    arrays = RECORDED.first_arrays()
    images, labels = RECORDED.pictures()
    [loss] = functions.train(
        arrays, images, labels, 1, RECORDED.RATE, RECORDED.BATCH, np.random.default_rng(0)
    )
    assert_close(np.array(loss), golden["step loss"])
    for place, array in enumerate(arrays):
        assert_close(RECORDED.projected(array), golden[f"after {place}"])
    unchanged = RECORDED.first_arrays()
    assert not any(np.array_equal(one, other) for one, other in zip(arrays, unchanged, strict=True))
