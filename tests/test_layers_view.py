"""The view of a network's layers without a browser: what it asks a student's function, and what it tells the page."""

import re
from dataclasses import replace

import numpy as np
import pytest
from conftest import ROOT
from test_explorer_script import node

import data
from notebooks.labkit.standins import conv2d as standin
from notebooks.layers_view.still import still_html
from notebooks.layers_view.way import Way
from notebooks.layers_view.widget import LayersView, view_script

LAB = (ROOT / "notebooks" / "cnn_layers.py").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def way():
    return way_of_the_lab()


def way_of_the_lab():
    """The lab's own network, on stand-ins, and four digits."""
    names = {"np": np, "data": data, "conv2d": standin.conv2d, "extract_patches": standin.extract_patches}
    exec(LAB.partition("# %%\nweights = ")[2].partition("# %% [markdown]")[0].join(["weights = ", ""]), names)
    digits = data.load("mnist")
    return Way(
        names["read"], replace(digits, images=digits.images[:4], labels=digits.labels[:4]), names["weights"]
    )


def test_the_labs_network_says_what_the_kits_own_layers_say(way):
    for stride, layers in ((1, 7), (2, 6)):
        answer = way.ask(way.start | {"stride": stride})
        assert answer.problem == "" and len(answer.layers) == len(answer.values) == layers
        assert [value.shape for value in answer.values] == [layer.shape for layer in answer.layers]
    by_layers = way.weights["probabilities"][3]
    assert np.allclose(way.ask(way.start).values[-1].ravel(), by_layers, atol=1e-3)


@pytest.mark.parametrize(
    ("read", "says"),
    [
        (lambda pictures, stride: 1 / 0, "The network stopped with ZeroDivisionError"),
        (lambda pictures, stride: [pictures], "The layers must have the shapes [(1, 24, 24, 6), "),
        (lambda pictures, stride: None, "The network stopped with TypeError"),
    ],
)
def test_what_goes_wrong_in_a_students_network_is_told(way, read, says):
    broken = Way(read, way.digits, way.weights)
    assert broken.ask(broken.start).problem.startswith(says)
    assert still_html(broken).startswith("<p>The ") and LayersView(broken).answer["problem"].startswith(says)


def test_the_page_gets_every_number_of_every_layer_and_the_weights(way):
    view = LayersView(way)
    assert len(view.values) == 8 * sum(np.prod(layer["shape"]) for layer in view.answer["layers"])
    assert len(view.weight_bytes) == 8 * 3898 and list(view.weight_shapes)[:2] == ["filters_1", "biases_1"]
    view.settings = view.settings | {"digit": 1, "serial": 1}
    assert view.answer["settings"]["serial"] == 1
    found = np.frombuffer(view.values)[-10:]
    assert found.argmax() == 1 and found.sum() == pytest.approx(1)


def test_without_widgets_there_is_a_still_picture_with_its_alternative_text(way):
    data, _ = LayersView(way)._repr_mimebundle_()
    alt = re.search(r'alt="([^"]*)"', data["text/html"])[1]
    assert alt.startswith("a 3 (no. 3) on its way through the network") and "the longest bar" in alt.lower()


def test_the_modules_own_tests_pass_and_the_browser_gets_one_module(tmp_path):
    done = node("--test", "--test-reporter=tap", ROOT / "tests" / "layers_js" / "way.test.mjs")
    assert done.returncode == 0 and "# pass 8" in done.stdout, done.stdout + done.stderr
    (tmp_path / "view.mjs").write_text(view_script(), encoding="utf-8")
    look = "import widget from './view.mjs'; console.log(typeof widget.render);"
    (tmp_path / "look.mjs").write_text(look)
    assert re.findall(r"(?m)^(?:import|export)\b.*", view_script()) == ["export default {"]
    assert node(tmp_path / "look.mjs").stdout == "function\n"
