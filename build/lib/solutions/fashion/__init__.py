"""The article's network on Fashion-MNIST, in NumPy alone: `python -m solutions.fashion`."""

from solutions.fashion.training import Run, confusion, learning_rate, network, train

__all__ = ["Run", "confusion", "learning_rate", "network", "train"]
