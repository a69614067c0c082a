"""The explorer as a still picture of where it starts, for places without widgets (GitHub, print)."""

import html

from notebooks.labkit.figures import as_html, draw_before_after


class StillExplorer:
    """What `explore` returns without anywidget: the figure, and the numbers in it."""

    def __init__(self, exploration):
        self.kernel = exploration.kernel(exploration.start)
        self.response = exploration.ask(exploration.start).response
        self._html = still_html(exploration)

    def _repr_html_(self):
        return self._html


def still_html(exploration):
    """Return an <img> of the explorer's start with its alternative text; a sentence where conv2d fails."""
    start = exploration.start
    picture, kernel, answer = exploration.picture(start), exploration.kernel(start), exploration.ask(start)
    if answer.problem:
        return f"<p>{html.escape(answer.problem)}</p>"
    figure = draw_before_after(picture, kernel[:, :, :, 0], answer.response, start["stride"])
    (height, width), (rows, columns) = picture.shape[:2], answer.shape
    alt = (
        f"The kernel explorer as a still picture. Left, a picture of {height} by {width} pixels with a mark on "
        f"one window; that window enlarged; the kernel {start['preset']}; right, the response of {rows} by "
        f"{columns} values, from {answer.response.min():.2f} to {answer.response.max():.2f}."
    )
    return as_html(figure, alt)
