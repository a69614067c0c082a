"""How late a submission is, as Gradescope's `submission_metadata.json` says it.

https://gradescope-autograders.readthedocs.io/en/latest/submission_metadata/: `created_at`, the assignment's `due_date`, and for
each of the `users` an assignment of their own, whose `due_date` is that of an extension.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.platforms.times import parse_time

DAY = 86_400  # seconds


@dataclass(frozen=True)
class Lateness:
    """When it was handed in, and when it was due; None where that is not told.

    Attributes:
        problem: why nothing is known of it, for the instructor; "" where something is.
    """

    submitted: datetime | None = None
    due: datetime | None = None
    problem: str = ""

    @property
    def days(self) -> int:
        """Days that have begun since it was due; 0 for what is in time, or where nothing is known."""
        if self.submitted is None or self.due is None:
            return 0
        return max(math.ceil((self.submitted - self.due).total_seconds() / DAY), 0)

    def sentence(self, penalty: float) -> str:
        """What a student reads; "" for what is in time. `penalty` is in points."""
        if not self.days or self.submitted is None or self.due is None:
            return ""
        days = "1 day" if self.days == 1 else f"{self.days} days"
        costs = f", which costs {penalty:g} points" if penalty else ""
        return f"Handed in {self.submitted:%Y-%m-%d %H:%M} UTC, due {self.due:%Y-%m-%d %H:%M} UTC: {days} late{costs}."


def read_lateness(path: Path) -> Lateness:
    """What the file says. Of several people who handed in together, the latest extension counts."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        submitted = _time(record["created_at"])
        due = [time for text in _due_dates(record) if (time := _time(text))]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return Lateness(
            problem=f"{path.name} says no times ({type(error).__name__}), so it counts as on time."
        )
    if submitted is None:
        return Lateness(problem=f"{path.name} says no time of submission, so it counts as on time.")
    return Lateness(submitted, max(due, default=None))


def _due_dates(record: dict[str, Any]) -> Iterator[str | None]:
    yield record["assignment"].get("due_date")
    for user in record.get("users") or ():
        yield (user.get("assignment") or {}).get("due_date")


def _time(text: str | None) -> datetime | None:
    return parse_time(text, UTC) if text else None
