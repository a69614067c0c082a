"""What is computed about tests and functions: pure functions on arrays.

Difficulty and discrimination are those of classical test theory: L. Crocker and J. Algina, Introduction to Classical and
Modern Test Theory (1986), chapters 5 to 7, 14. An item is compared with the *rest* of the test, since its own points in
the total would make it look better than it is.
"""

import numpy as np

ENOUGH = 30  # students; with fewer, discrimination says more about chance than about a test


def discrimination(passed: np.ndarray, points: np.ndarray) -> np.ndarray | None:
    """How well each test tells the strong from the weak: its correlation with the points in all other tests.

    Args:
        passed: 0 or 1 [student, test].
        points: what each test is worth [test].

    Returns:
        Between -1 and 1 [test], NaN where everybody or nobody passed or the rest is the same for all; None with fewer
        than `ENOUGH` students.
    """
    if len(passed) < ENOUGH:
        return None
    earned = passed * points
    rest = earned.sum(axis=1, keepdims=True) - earned
    item, rest = passed - passed.mean(axis=0), rest - rest.mean(axis=0)
    spread = np.sqrt((item**2).sum(axis=0) * (rest**2).sum(axis=0))
    with np.errstate(invalid="ignore"):
        return np.where(spread > 1e-9, (item * rest).sum(axis=0) / np.where(spread > 1e-9, spread, 1), np.nan)


def reliability(passed: np.ndarray, points: np.ndarray) -> float | None:
    """Cronbach's alpha of the points: how far another set of such tests would rank the class in the same way.

    None with fewer than `ENOUGH` students or two tests, or where all have the same score.
    """
    earned = passed * points
    students, tests = earned.shape
    total = earned.sum(axis=1).var() if students else 0.0
    if students < ENOUGH or tests < 2 or total < 1e-9:
        return None
    return float(tests / (tests - 1) * (1 - earned.var(axis=0).sum() / total))


def quartiles(values: np.ndarray) -> tuple[float, float, float]:
    """A quarter, a half and three quarters of the values are not above these, between neighbours linearly."""
    low, middle, high = np.quantile(values, (0.25, 0.5, 0.75))
    return float(low), float(middle), float(high)


def bands(scores: np.ndarray, max_score: float, number: int = 10) -> np.ndarray:
    """How many scores lie in each of equal bands of the possible points; the last one holds the full scores, too."""
    share = scores / max_score if max_score else np.zeros_like(scores)
    return np.bincount(np.minimum((share * number + 1e-9).astype(int), number - 1), minlength=number)


def together(failed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many students fail each pair of functions, and how many would if the two had nothing to do with each other.

    Args:
        failed: [student, function].
    """
    counted = failed.astype(float)
    alone = counted.sum(axis=0)
    return (counted.T @ counted).round().astype(int), np.outer(alone, alone) / max(len(failed), 1)


def beyond_chance(count: int, of: int, earlier: int, of_earlier: int) -> bool:
    """Whether two shares differ by more than twice the standard error of their difference."""
    if not of or not of_earlier:
        return False
    pooled = (count + earlier) / (of + of_earlier)
    error = np.sqrt(pooled * (1 - pooled) * (1 / of + 1 / of_earlier))
    return bool(abs(count / of - earlier / of_earlier) > 2 * error)
