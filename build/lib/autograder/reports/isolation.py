"""What student code ran under, in a sentence that every form of a report shows."""

from collections.abc import Sequence

from autograder.grading.report import Report


def isolation_sentence(report: Report) -> str:
    """What isolated the code; "" for a submission of which none ran."""
    if not report.isolation:
        return ""
    return f"The code ran isolated by: {', '.join(report.isolation)}."


def weakness_sentence(missing: Sequence[str]) -> str:
    """A warning that names the layers which did not hold; "" where all did, as they should."""
    if not missing:
        return ""
    verb = "does" if len(missing) == 1 else "do"
    return f"Weak isolation: {' and '.join(missing)} {verb} not hold where this is graded."
