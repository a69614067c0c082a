"""The kernel explorer's Python side: it asks any conv2d, and always has something kind to show."""

import os
import re
import subprocess
import sys
import time

import numpy as np
import pytest
from conftest import ROOT

import data
from notebooks.explorer import explore
from notebooks.explorer.exploration import Exploration, presets
from solutions import reference


@pytest.fixture(scope="module")
def sets():
    return {"digits": data.load("mnist"), "photos": data.load("cifar10")}


def asked(conv2d, sets, **settings):
    """The answer of `conv2d` to the explorer's start with other `settings`."""
    exploration = Exploration(conv2d, sets)
    return exploration.ask(exploration.start | settings)


# --- a conv2d that fails ---


def stops(inputs, filters, strides, padding):
    return inputs[99]


def leaves(*arguments):
    raise SystemExit


def is_interrupted(*arguments):
    raise KeyboardInterrupt


WRONG = {
    "an error": (stops, r"stopped with IndexError: .*test_explorer.py, line \d+: return inputs\[99\]"),
    "an exit": (leaves, "stopped with SystemExit"),
    "an interrupt": (is_interrupted, "stopped with KeyboardInterrupt"),
    "nothing": (lambda *arguments: None, "return"),
    "no numbers": (lambda *arguments: "a picture", "array of numbers; it gave a picture"),
    "another shape": (lambda i, f, s, p: i[0], r"shape \(28, 28, 1\); here it must be \(1, 28, 28, 1\)"),
    "infinite values": (lambda i, f, s, p: i / 0.0, "not finite"),
}


@pytest.mark.parametrize(("conv2d", "words"), WRONG.values(), ids=WRONG)
@pytest.mark.filterwarnings("ignore:.*encountered in divide")
def test_what_is_wrong_with_a_conv2d_is_said_in_one_line(conv2d, words, sets):
    answer = asked(conv2d, sets)
    assert answer.response is None and answer.shape == (28, 28)
    assert re.search(words, answer.problem) and "\n" not in answer.problem


def test_a_conv2d_that_fails_leaves_a_widget_that_works_when_it_is_mended(sets):
    def odd(inputs, filters, strides, padding):
        if strides[1] == 2:
            raise ValueError("not with a stride of 2")
        return reference.conv2d(inputs, filters, strides, padding)

    widget = explore(odd, sets)
    browser_sends(widget, stride=2)
    assert "not with a stride of 2" in widget.answer["problem"] and widget.response is None
    browser_sends(widget, stride=3)
    assert widget.answer["problem"] == "" and widget.response.shape == (10, 10)


def test_a_conv2d_that_prints_and_changes_its_inputs_spoils_nothing(sets, capsys):
    def careless(inputs, filters, strides, padding):
        print("here I am")
        response = reference.conv2d(inputs, filters, strides, padding)
        inputs[:], filters[:] = 0, 0
        return response

    widget = explore(careless, sets)
    first = widget.response
    browser_sends(widget)
    np.testing.assert_array_equal(widget.response, first)
    assert np.abs(first).max() > 0.1 and capsys.readouterr().out == ""


# --- a conv2d that is right ---


def browser_sends(widget, **settings):
    """Change settings as a message from the browser does."""
    serial = widget.settings["serial"] + 1
    widget.set_state({"settings": {**widget.settings, **settings, "serial": serial}})
    assert widget.answer["settings"]["serial"] == serial


def ahead_of(widget, monkeypatch):
    """What the widget sends of its own accord when the browser foresees strides of 2 and 3."""
    sent = []
    monkeypatch.setattr(widget, "send", lambda *message: sent.append(message))
    browser_sends(widget, ahead=[widget.settings | {"stride": stride} for stride in (2, 3)])
    return sent


def test_the_next_steps_are_answered_ahead_by_the_same_conv2d(sets, monkeypatch):
    widget = explore(reference.conv2d, sets)
    sent = ahead_of(widget, monkeypatch)
    assert widget.answer["settings"]["stride"] == 1 and "ahead" not in widget.answer["settings"]
    for (answer, buffers), stride in zip(sent, (2, 3), strict=True):
        browser_sends(widget, ahead=[], stride=stride)
        assert buffers == [widget.pixel_bytes, widget.response_bytes]
        assert answer["settings"]["stride"] == stride and answer["rows"] == widget.answer["rows"]


def test_a_slow_conv2d_is_not_asked_ahead(sets, monkeypatch):
    def slow(*arguments):
        time.sleep(0.02)
        return reference.conv2d(*arguments)

    assert ahead_of(explore(slow, sets), monkeypatch) == []


@pytest.mark.parametrize("padding", ["VALID", "SAME", 1, 3])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize(
    ("size", "name", "gray"), [(3, "digits", False), (5, "photos", False), (5, "photos", True)]
)
def test_the_browser_gets_the_response_and_the_zeros_for_every_setting(
    size, name, gray, stride, padding, sets
):
    channels = 1 if gray or name == "digits" else 3
    kernel = np.random.default_rng(size).normal(size=(size, size, channels, 1))
    widget = explore(reference.conv2d, sets)
    browser_sends(
        widget,
        **{"set": name, "number": 4, "gray": gray, "size": size, "kernel": kernel.ravel().tolist()},
        **{"stride": stride, "padding": padding},
    )
    picture = sets[name].images[4:5] / 255
    picture = picture.mean(axis=3, keepdims=True) if gray else picture
    explicit = (
        [[0, 0], [padding, padding], [padding, padding], [0, 0]] if isinstance(padding, int) else padding
    )
    expected = reference.conv2d(picture, kernel, stride, explicit)[0, :, :, 0]
    np.testing.assert_allclose(widget.response, expected, atol=1e-12)
    np.testing.assert_array_equal(np.frombuffer(widget.pixel_bytes), picture.ravel())
    np.testing.assert_array_equal(widget.kernel, kernel)
    by_zeros = [[0, 0], *widget.answer["zeros"], [0, 0]]  # the browser draws and adds up with these
    np.testing.assert_allclose(
        reference.conv2d(picture, kernel, stride, by_zeros)[0, :, :, 0], expected, atol=1e-12
    )


@pytest.mark.parametrize("size", [3, 5])
def test_the_kernels_to_start_from_do_what_their_names_say(size):
    ramp = np.add.outer(np.arange(9.0), 10 * np.arange(11.0))  # one brighter downwards, ten to the right
    rim = size // 2
    inside = ramp[rim:-rim, rim:-rim]

    def response(name):
        kernel = presets(size)[name][:, :, None, None]
        return reference.conv2d(ramp[None, :, :, None], kernel)[0, :, :, 0]

    np.testing.assert_allclose(response("identity"), inside)
    np.testing.assert_allclose(response("blur"), inside)
    np.testing.assert_allclose(response("outline"), 0, atol=1e-12)
    np.testing.assert_allclose(response("sharpen"), inside)
    np.testing.assert_allclose(response("shift"), ramp[rim:-rim, 2 * rim :])
    slope = 2 * sum(range(1, rim + 1)) * size  # of weights −1 and 1 on a ramp of 1
    np.testing.assert_allclose(response("flat edges"), slope)
    np.testing.assert_allclose(response("upright edges"), 10 * slope)


# --- where there are no widgets ---


def picture_in(markup):
    """The alternative text of the one <img> in some HTML."""
    (tag,) = re.findall(r"<img[^>]*>", markup)
    assert len(tag) > 5_000
    return re.search(r' alt="([^"]*)"', tag)[1]


def test_a_frontend_without_widgets_gets_a_figure_with_a_text_alternative(sets):
    shown, _ = explore(reference.conv2d, sets)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in shown
    assert "28 by 28" in picture_in(shown["text/html"])


def test_a_frontend_without_widgets_is_told_what_is_wrong_with_conv2d(sets):
    shown, _ = explore(lambda *arguments: "<b>", sets)._repr_mimebundle_()
    assert shown["text/html"].startswith("<p>Your conv2d") and "&lt;b&gt;" in shown["text/html"]


@pytest.mark.slow
def test_without_anywidget_the_explorer_is_a_figure_and_says_what_to_install():
    program = (
        "import sys; sys.modules['anywidget'] = None\n"
        "import data; from notebooks.explorer import explore; from solutions import reference\n"
        "still = explore(reference.conv2d, {'digits': data.load('mnist')})\n"
        "print(still.kernel.shape, still.response.shape, still._repr_html_())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=True
    )
    assert "pip install anywidget" in done.stdout and "(3, 3, 1, 1) (28, 28)" in done.stdout
    assert "28 by 28" in picture_in(done.stdout)
