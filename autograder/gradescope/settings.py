"""What was chosen when the zip was built, and lies in it as `settings.json`."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class WrittenQuestion:
    """A question that a person marks in Gradescope's outline.

    Attributes:
        cell: the answer's name in the notebook.
        released: what students were given in its place.
    """

    cell: str
    title: str
    points: float
    released: str


@dataclass(frozen=True)
class Settings:
    """The choices.

    Attributes:
        key: of the assignment in this course, as hexadecimal digits; hidden inputs follow from it.
        visibility: when students see the hidden tests' results, one of `autograder.reports.gradescope.VISIBILITIES`.
        late_penalty: points that each day begun after the due date costs; 0 only tells.
        allow_weak: whether to grade where nothing isolates student code.
        follow_through: see `GradingLimits`.
    """

    assignment: str
    key: str
    visibility: str = "visible"
    late_penalty: float = 0.0
    allow_weak: bool = False
    written: tuple[WrittenQuestion, ...] = ()
    follow_through: float | None = None

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=1)

    @classmethod
    def read(cls, path: Path) -> "Settings":
        record = json.loads(path.read_text(encoding="utf-8"))
        written = tuple(WrittenQuestion(**each) for each in record.pop("written"))
        return cls(**record, written=written)
