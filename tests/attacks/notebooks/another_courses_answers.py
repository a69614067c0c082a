"""Knows every answer of the hidden tests by heart, as another course asks them, and computes nothing."""

import base64
import hashlib
import pickle

from attacks.submitting import hand_in, notebook
from autograder.judge.hidden import Key
from autograder.judge.rehearsal import EXAMPLE, hidden_tests, rehearse
from autograder.suite import conv2d

HONEST = 0.0

RIGHT = conv2d.ASSIGNMENT.right
LOOK_UP = """
import base64, hashlib, pickle
import numpy as np

ANSWERS = pickle.loads(base64.b64decode("{answers}"))


def as_text(value):
    if isinstance(value, np.ndarray):
        return f"{{value.dtype}} {{value.shape}} {{value.tobytes()!r}}"
    return repr(value)


def look_up(name, arguments):
    kind, value = ANSWERS[hashlib.sha256(" ".join([name, *map(as_text, arguments)]).encode()).hexdigest()]
    if kind == "raised":
        raise ValueError
    return value
"""


def submit(submitted, targets):
    hand_in(submitted, notebook(written_down(EXAMPLE.for_("another course"))))


def written_down(key: Key) -> str:
    """A program that knows the answer to every call of the hidden tests under a key, and nothing else."""
    look_up: dict = {}
    exec(LOOK_UP.format(answers=base64.b64encode(pickle.dumps({})).decode()), look_up)
    answers = {}

    def noting(name):
        def answer(*arguments):
            place = " ".join([name, *map(look_up["as_text"], arguments)])
            place = hashlib.sha256(place.encode()).hexdigest()
            answers[place] = ("raised", None)
            value = RIGHT[name](*arguments)
            answers[place] = ("value", value)
            return value

        return answer

    assert rehearse(hidden_tests(conv2d), {name: noting(name) for name in RIGHT}, key).failed == []
    program = LOOK_UP.format(answers=base64.b64encode(pickle.dumps(answers)).decode())
    functions = (f"def {name}(*arguments):\n    return look_up('{name}', arguments)\n" for name in RIGHT)
    return program + "\n".join(functions)
