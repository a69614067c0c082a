"""Questions that are answered before the picture is looked at, and checked in place."""

from __future__ import annotations

import html
from collections.abc import Mapping

from IPython.display import HTML, display


def predict(question: str, replies: Mapping[str, str], right: str) -> None:
    """Display a question with answers to choose from; one that is opened, by mouse or by Enter, says what is to it.

    `replies` gives for each answer what to say to it, in a sentence or two; `right` is the right answer.
    It is plain HTML without a script: it works on a page without a kernel, and without a network.
    """
    display(HTML(as_question(question, replies, right)))


def as_question(question: str, replies: Mapping[str, str], right: str) -> str:
    """Return the HTML of a question. ValueError where `right` is none of the answers, or where there is no choice."""
    if right not in replies or len(replies) < 2:
        raise ValueError(f"A question needs two answers or more, and the right one, {right!r}, among them.")
    answers = "".join(
        f"<details style='margin: 0.3em 0 0.3em 1em'><summary style='cursor: pointer'>{html.escape(answer)}</summary>"
        f"<p style='margin: 0.2em 0 0.6em 1.2em'><strong>{'Yes.' if answer == right else 'Not quite.'}</strong> "
        f"{html.escape(reply)}</p></details>"
        for answer, reply in replies.items()
    )
    return (
        "<div role='group' aria-label='Predict, then look' style='max-width: 46em; padding: 0.6em 1em; "
        "border-left: 4px solid #0072b2'><p style='margin: 0 0 0.4em'><strong>Predict, then look.</strong> "
        f"{html.escape(question)} Choose an answer:</p>{answers}</div>"
    )
