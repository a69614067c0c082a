"""What a report may draw of a place in an output: plain numbers, which any process and file can carry."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Picture:
    """A place in an output that a message speaks of, as sizes and places alone: a report may show them.

    Attributes:
        kind: what it is a picture of; only the assignment's own drawing knows.
        places: whole numbers by name.
    """

    kind: str
    places: Mapping[str, tuple[int, ...]]

    def to_json(self) -> dict[str, Any]:
        """One flat object, as the results file has it."""
        return {"kind": self.kind, **{name: list(numbers) for name, numbers in self.places.items()}}

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> "Picture":
        """The picture that `to_json` wrote. Raises KeyError or TypeError for another record."""
        places = {name: tuple(numbers) for name, numbers in record.items() if name != "kind"}
        return cls(record["kind"], places)
