"""Grades one submission: a pure function of the notebook's bytes, the suite and the limits."""

from autograder.grading.report import Report, TestResult
from autograder.grading.submission import Grader, grade

__all__ = ["Grader", "Report", "TestResult", "grade"]
