"""Untrusted text, made fit for a terminal, a page or a report."""

import re

from autograder.sandbox.inside.wire import printable


def plain_text(value: object, limit: int) -> str:
    """Untrusted text as one printable line: no control characters, no escape sequences, at most `limit` long.

    What is no text at all gives "".
    """
    # The rest is dropped before anything else, so that a megabyte costs as little as a line.
    text = str(value)[: 4 * limit] if isinstance(value, str) else ""
    return printable(re.sub(r"\s+", " ", text))[:limit]
