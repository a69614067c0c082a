"""What a user can put right: the one base class of such errors, light enough for the command line to know it at once."""


class UserError(Exception):
    """Something that a user can put right. Its message is one line: what happened, where, and what to do next."""
