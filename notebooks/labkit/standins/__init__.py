"""What works in a lab until the student's own function is right: a module of functions for each assignment."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec


def stand_in(assignment: str, name: str) -> Callable | None:
    """Return the function that stands in for `name` of an assignment; None where there is none."""
    place = f"{__name__}.{assignment}"
    return getattr(import_module(place), name, None) if find_spec(place) else None
