"""What follow-through means for a whole report: which function to mend first, and what then passes."""

from collections import Counter

from autograder.grading.report import Report


def mend_first(report: Report) -> list[str]:
    """A sentence for each function whose mistake alone keeps other functions' hidden checks from passing."""
    helpers = dict.fromkeys(test.follow_through for test in report.tests)
    return [_sentence(report, helper) for helper in helpers if helper is not None]


def _sentence(report: Report, helper: str) -> str:
    followed = [test for test in report.tests if test.follow_through == helper]
    number = Counter(test.cell.removeprefix("test_") for test in followed)
    where = ", ".join(f"{count} of {function}" for function, count in number.items())
    kept, possible = (
        sum(test.points for test in followed),
        sum(test.max_points for test in followed),
    )
    return (
        f"Mend {helper} first: with it right, {len(followed)} more hidden checks pass ({where}). "
        f"They fail by its mistake alone, so you keep {kept:g} of their {possible:g} points."
    )
