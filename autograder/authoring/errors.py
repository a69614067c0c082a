"""What can go wrong here, apart from the code that takes seconds to import."""

from autograder.user_error import UserError


class FillError(UserError):
    """A file that cannot be used. The message is one line that names it and says what to do."""


class AuthorError(Exception):
    """An author's own file is not in order. The message is one line that names the file and, where known, the line."""
