"""What a kind of damage is."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One way in which a submission can be damaged or odd.

    Attributes:
        make: for a file, a function from a sound notebook (plain JSON, the caller's own copy) to the bytes; for a
            folder, a function that fills the student's folder, given it and the bytes of a sound notebook.
        says: what the report must say, as a regular expression; None where the answers are intact, so that the
            submission gets full marks.
    """

    make: Callable
    says: str | None

    @property
    def name(self) -> str:
        return self.make.__name__


class Kinds(dict[str, Kind]):
    """Kinds by name; two decorators add to them."""

    def intact(self, make: Callable) -> Callable:
        """The answers are there, so nothing is lost."""
        return self._add(make, None)

    def damaged(self, says: str) -> Callable:
        """It cannot be read, and the report says this."""
        return lambda make: self._add(make, says)

    def _add(self, make, says):
        kind = Kind(make, says)
        assert kind.name not in self
        self[kind.name] = kind
        return make
