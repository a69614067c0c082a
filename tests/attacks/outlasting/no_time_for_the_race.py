"""Uses up the notebook's time just before its slow function would be timed, for the points of what cannot be told."""

from attacks.corpus import HERE
from attacks.submitting import hand_in, notebook

HONEST = 6.0

CODE = """
def conv2d_matmul(inputs, filters, strides, padding):
    return product(inputs, filters, strides, padding)


def conv2d_gradients(*_):
    __import__('time').sleep(3600)
"""


def submit(submitted, targets):
    hand_in(submitted, notebook((HERE / "toolbox.py").read_text(encoding="utf-8") + CODE))
