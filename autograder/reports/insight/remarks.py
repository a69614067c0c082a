"""What numbers say about a hidden test, in a sentence: the test may be wrong, not the class."""

from autograder.reports.insight.findings import OfTest

EASY, HARD = 0.98, 0.1
UNCLEAR = 0.1  # discrimination below it is hardly any


def remark(test: OfTest) -> str:
    """The first thing to know about a test; "" where there is nothing to say."""
    if test.difficulty is None:
        return ""
    if test.discrimination is not None and test.discrimination < 0:
        return "Those who do well elsewhere pass it less often: read the test, and what the notebook says about it."
    if test.difficulty >= EASY:
        return "Nearly everybody passes: it tells nobody apart."
    if test.difficulty <= HARD:
        return "Hardly anybody passes: does the notebook say what it asks for?"
    if test.discrimination is not None and test.discrimination < UNCLEAR:
        return "It has little to do with the rest: chance, or something that is taught nowhere else."
    return ""
