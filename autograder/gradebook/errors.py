"""What can be wrong with a gradebook; apart, so that whoever reports it need not import nbgrader."""

from autograder.user_error import UserError


class NoGradebook(UserError):
    """The gradebook cannot be used; the message says why and what to do, in one line."""


class NotRecordable(Exception):
    """This result cannot be recorded; the message says why, in one line."""


class NoFeedback(UserError):
    """Feedback cannot be written; the message says on what, and why."""
