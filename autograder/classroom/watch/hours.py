"""When a watch is open: hours of the week, and a moment after which it closes for good."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, tzinfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"(?:([a-z]{3})(?:-([a-z]{3}))? )?(\d\d?):(\d\d)-(\d\d?):(\d\d)")


class BadHours(ValueError):
    """The text names no hours; the message says why, in one line."""


@dataclass(frozen=True)
class Span:
    """From one time of the day to another, on some days; past midnight where it ends before it begins.

    Attributes:
        days: on which it begins, Monday is 0.
        begins, ends: times of the day; `ends` is not in it any more.
    """

    days: frozenset[int]
    begins: time
    ends: time

    @classmethod
    def read(cls, text: str) -> "Span":
        """The span that somebody wrote. Raises `BadHours`.

        >>> Span.read("mon-fri 08:00-20:00").holds(datetime(2026, 11, 30, 19, 59))
        True
        """
        found = _SPAN.fullmatch(" ".join(text.lower().split()))
        try:
            if found is None:
                raise ValueError
            first, last, *numbers = found.groups()
            begin = DAYS.index(first) if first else 0
            end = DAYS.index(last) if last else begin if first else 6
            days = frozenset((begin + step) % 7 for step in range((end - begin) % 7 + 1))
            hour, minute, until_hour, until_minute = map(int, numbers)
            return cls(days, time(hour, minute), time(0 if until_hour == 24 else until_hour, until_minute))
        except ValueError:
            raise BadHours(
                f"'{text}' is no time of the week; write such as 'mon-fri 08:00-20:00', 'sat 10:00-12:00' or '22:00-06:00'"
            ) from None

    def holds(self, moment: datetime) -> bool:
        """Whether a moment is in it."""
        today, now = moment.weekday(), moment.time()
        if self.begins < self.ends:
            return today in self.days and self.begins <= now < self.ends
        return (today in self.days and now >= self.begins) or (
            (today - 1) % 7 in self.days and now < self.ends
        )


@dataclass(frozen=True)
class Hours:
    """When hand-ins are looked at.

    Attributes:
        spans: the hours; none for always.
        until: what is seen after this moment is not looked at any more; None for no end.
        zone: that of the spans; None for this machine's.
    """

    spans: Sequence[Span] = ()
    until: datetime | None = None
    zone: tzinfo | None = None

    def are_open(self, moment: datetime) -> bool:
        """Whether a moment, with its zone, is in the hours."""
        local = moment.astimezone(self.zone)
        return not self.spans or any(span.holds(local) for span in self.spans)

    def are_over(self, moment: datetime) -> bool:
        """Whether it is closed for good."""
        return self.until is not None and moment >= self.until
