"""A command that was stopped at the keyboard, and what there is to say about it."""


class Stopped(KeyboardInterrupt):
    """Ctrl-C, with what to say about it."""
