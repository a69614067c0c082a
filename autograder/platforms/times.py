"""Times as platforms and people write them: English, German, French, ISO 8601. What is not sure is not read."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_MONTHS = (
    ("jan", "januar", "january", "janvier", "janv"),
    ("feb", "februar", "february", "février", "févr"),
    ("mar", "mär", "märz", "march", "mars", "mrz"),
    ("apr", "april", "avril", "avr"),
    ("may", "mai"),
    ("jun", "juni", "june", "juin"),
    ("jul", "juli", "july", "juillet", "juil"),
    ("aug", "august", "août"),
    ("sep", "sept", "september", "septembre"),
    ("oct", "okt", "oktober", "october", "octobre"),
    ("nov", "november", "novembre"),
    ("dec", "dez", "dezember", "december", "décembre", "déc"),
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
# Hours west of Greenwich are named by these in the outputs of `date` and of browsers; others are ambiguous.
_ZONES = {"UTC": 0, "GMT": 0, "Z": 0, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2, "EEST": 3}
_ZONES |= {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}

LONGEST = 200  # characters that are looked at: students may write the file that says when they handed in
_ISO = re.compile(
    r"(\d{4})[-/](\d\d?)[-/](\d\d?)(?:[T ,-]+(\d\d?)[:-](\d\d)(?:[:-](\d\d)(?:[.,](\d{1,9}))?)?)?\s*(.*)"
)
_DAY_FIRST = re.compile(r"(\d\d?)\s*[./]\s*(\d\d?)\s*[./]\s*(\d{4})\b")
_CLOCK = re.compile(
    r"\b(\d\d?)(?:\s?[:h]\s?|(?=\d\d\s*[AP]M)|\s(?=\d\d\b))(\d\d)(?::(\d\d))?\s*([AP]\.?M\.?)?\s*(.*)", re.I
)


def parse_time(text: str, zone: tzinfo | None = None) -> datetime | None:
    """The moment, in UTC; None for what is no time, or could be two.

    Args:
        zone: that of a time without one; None for this machine's.

    >>> parse_time("2026-11-20 10:11:12 -0500").isoformat()
    '2026-11-20T15:11:12+00:00'
    """
    text = " ".join(text[:LONGEST].replace("\ufeff", "").replace("\u202f", " ").replace("\xa0", " ").split())
    if iso := _ISO.fullmatch(text):
        *of_clock, fraction, rest = iso.groups()
        numbers = [int(number or 0) for number in of_clock] + [int((fraction or "").ljust(6, "0")[:6])]
    else:
        date = _date(text)
        if date is None:
            return None
        *of_date, after = date
        clock = _clock(after)
        if clock is None:
            return None
        *of_day, rest = clock
        numbers = [*of_date, *of_day, 0]
    try:
        year, month, day, hour, minute, second, microsecond = numbers
        moment = datetime(year, month, day, hour, minute, second, microsecond)
        offset = _zone(rest, zone)
        return (moment.astimezone() if offset is None else moment.replace(tzinfo=offset)).astimezone(UTC)
    except (ValueError, OverflowError, OSError, ZoneInfoNotFoundError):
        return None


def _date(text: str) -> tuple[int, int, int, str] | None:
    """Year, month, day and what stands after them."""
    if numeric := _DAY_FIRST.search(text):
        first, second, of_year = map(int, numeric.groups())
        after = text[numeric.end() :]
        if "/" not in numeric.group() or first > 12:
            return of_year, second, first, after
        return (of_year, first, second, after) if second > 12 else None  # American, or it could be both
    month = next(
        (word for word in re.finditer(r"[^\W\d_]+", text) if word.group().casefold() in _MONTH), None
    )
    if month is None:
        return None
    before, after = text[: month.start()], text[month.end() :]
    day = re.search(r"\b(\d\d?)\W*$", before)
    if day is None:
        day = re.match(r"\W*(\d\d?)\b", after)
        after = after[day.end() :] if day else after
    year = re.search(r"\b\d{4}\b", after)
    if day is None or year is None:
        return None
    rest = after[: year.start()] + after[year.end() :]  # `date` writes the year last
    return int(year.group()), _MONTH[month.group().casefold()], int(day.group(1)), rest


def _clock(text: str) -> tuple[int, int, int, str] | None:
    clock = _CLOCK.search(text)
    if clock is None:
        return None
    hour, minute, second, half, rest = clock.groups()
    hours = int(hour)
    if half:
        hours = hours % 12 + (12 if half[0] in "pP" else 0)
    return hours, int(minute), int(second or 0), rest


def _zone(text: str, default: tzinfo | None) -> tzinfo | None:
    """The zone that is written; the default where none is. Raises `ValueError` for one that is not known."""
    text = re.sub(r"^(?:Uhr|h)\b", "", text.strip(), flags=re.IGNORECASE).strip(" ()")
    if not text:
        return default
    offset = re.fullmatch(r"(?:UTC|GMT)?([+-])(\d\d):?(\d\d)?", text)
    if offset:
        sign, hours, minutes = offset.groups()
        shift = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return timezone(-shift if sign == "-" else shift)
    if text.upper() in _ZONES:
        return timezone(timedelta(hours=_ZONES[text.upper()]))
    return ZoneInfo(text)
