"""The page on which a person marks one written question: all its answers, with the model answer and the rubric beside them."""

from autograder.reports.marking.page import Answer, Sheet, marking_page, overview_page

__all__ = ["Answer", "Sheet", "marking_page", "overview_page"]
