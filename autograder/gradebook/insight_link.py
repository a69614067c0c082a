"""A link from formgrader's pages on an assignment to the page of what its class says, where that page is there.

nbgrader has no setting for more templates of these pages, so their `render` is replaced: each keeps its template, with one
block added to.
"""

from datetime import datetime
from html import escape
from pathlib import Path
from urllib.parse import quote

from nbgrader.server_extensions.formgrader.base import BaseHandler

from autograder.suite import assignments

PAGES = ("gradebook_notebooks.tpl", "gradebook_notebook_submissions.tpl", "manage_submissions.tpl")
RESULTS = "results"  # where `make insight` writes the page, in the course's folder
_WITH_LINK = (
    "{{% extends {name!r} %}}{{% block messages %}}{{{{ super() }}}}{{{{ insight_link }}}}{{% endblock %}}"
)

own_render = BaseHandler.render


def show_insight_link() -> None:
    """Lets formgrader's pages in this process show the link. Safe to call twice."""
    BaseHandler.render = render


def render(handler: BaseHandler, name: str, **names: object) -> str:
    """In place of `BaseHandler.render`."""
    link = insight_link(handler, str(names.get("assignment_id", ""))) if name in PAGES else ""
    if not link:
        page: str = own_render(handler, name, **names)
        return page
    template = handler.settings["nbgrader_jinja2_env"].from_string(_WITH_LINK.format(name=name))
    return str(template.render(insight_link=link, **names))


def insight_link(handler: BaseHandler, assignment: str) -> str:
    """HTML with the link; "" where there is no page, or the server does not reach the course's folder."""
    page = Path(handler.coursedir.root) / RESULTS / f"{assignment}.html"
    folder = handler.url_prefix  # the course's folder, seen from the server's
    if assignment not in assignments() or not page.is_file() or folder.startswith(".."):
        return ""
    address = "/".join(filter(None, ("files", "" if folder == "." else folder, RESULTS, page.name)))
    written = datetime.fromtimestamp(page.stat().st_mtime)
    return (
        f'<p><a href="{escape(handler.base_url)}/{escape(quote(address))}" target="_blank" rel="noopener">What the class says'
        f"</a>: mistakes, tests, whom to speak to (written {written:%Y-%m-%d %H:%M})</p>"
    )
