"""What can go wrong here, apart from the code that takes seconds to import."""


class FillError(Exception):
    """A file that cannot be used. The message is one line that names it and says what to do."""
