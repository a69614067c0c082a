"""Pages that need nothing but themselves: no script, no font, no address; light and dark, on screens and on paper.

`text` is the one way for a text into a page: whatever came from a student or a file goes through it.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from html import escape

LONGEST = 500  # characters of one text in a page

# Contrast with its background is 4.5 or more for every ink, in light and in dark (WCAG 2.2, 1.4.3).
STYLE = """
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1b1b1f; --soft: #55585f; --line: #b9bdc6; --band: #f1f3f7;
  --link: #0b3d91; --good: #2f6fb3; --half: #9cc3e6; --bad: #c2571a; --none: #d7d9de; --mark: #ffe08a; --on-mark: #1b1b1f; }
@media (prefers-color-scheme: dark) { :root { --paper: #16181d; --ink: #eceef2; --soft: #b3b8c2; --line: #4b505b;
  --band: #22262e; --link: #9cc3ff; --good: #6aa9ea; --half: #33587d; --bad: #f0905a; --none: #3a3f49; --mark: #6b5200;
  --on-mark: #ffffff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 62rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0.5rem 0; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 0.5rem; border-top: 1px solid var(--line); padding-top: 1rem; }
h3 { font-size: 1.05rem; margin: 1.5rem 0 0.3rem; }
a { color: var(--link); }
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; }
.soft, caption { color: var(--soft); }
.wide { overflow-x: auto; margin: 0.8rem 0; }
table { border-collapse: collapse; width: 100%; font-size: 0.92rem; }
caption { text-align: left; padding-bottom: 0.3rem; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.6rem 0.25rem 0; border-bottom: 1px solid var(--line); }
thead th { border-bottom: 2px solid var(--soft); }
th { font-weight: 600; }
tbody th.long { font-weight: 400; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td, th { min-width: 3.2rem; overflow-wrap: break-word; }
td.long, th.long { min-width: 11rem; overflow-wrap: anywhere; }
.card { background: var(--band); border-left: 0.35rem solid var(--bad); padding: 0.6rem 1rem; margin: 1rem 0;
  break-inside: avoid; }
.card h3 { margin-top: 0; }
.drawing { background: #ffffff; color: #1b1b1f; display: inline-block; max-width: 100%; overflow-x: auto; padding: 0.4rem;
  margin: 0.3rem 0; }
figure { margin: 0.8rem 0; break-inside: avoid; }
figure svg { max-width: 100%; height: auto; }
code, pre { font-family: ui-monospace, monospace; font-size: 0.85rem; }
pre { background: var(--band); padding: 0.6rem; white-space: pre-wrap;
  overflow-wrap: anywhere; margin: 0; }
mark { background: var(--mark); color: var(--on-mark); }
.beside { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); gap: 0.8rem; }
.beside > * { min-width: 0; }
@media print { :root { color-scheme: light; --paper: #ffffff; --ink: #000000; --soft: #444444; --line: #999999;
  --band: #f3f3f3; --link: #000000; --good: #2f6fb3; --half: #9cc3e6; --bad: #c2571a; --none: #d7d9de; --mark: #ffe08a;
  --on-mark: #000000; }
  body { max-width: none; padding: 0; font-size: 10pt; } nav { display: none; } .wide { overflow: visible; }
  table { font-size: 8pt; } td, th { min-width: 0; padding-right: 0.5rem; } td.long, th.long { min-width: 5rem; }
  mark, .card { print-color-adjust: exact; } tr { break-inside: avoid; } h2, h3 { break-after: avoid; } }
"""


def text(value: object, longest: int = LONGEST) -> str:
    """A value as text of a page: bounded, escaped, one line, without what only steers a screen."""
    return escape(visible(str(value)[: longest + 1].replace("\n", " "), longest))


def visible(value: str, longest: int) -> str:
    """The characters that can be seen, "…" for what is too long; line breaks stay.

    Others become "�": half of a surrogate pair, which no file takes, and what turns the direction of writing round.
    """
    cut = value if len(value) <= longest else value[: longest - 1] + "…"
    return "".join(
        each if each.isprintable() or each == "\n" else " " if each == "\t" else "�" for each in cut
    )


def page(title: str, body: Iterable[str], *, style: str = "", script: str = "") -> str:
    """A whole HTML document. `title` is a text; the parts of `body` are HTML.

    Args:
        style: more of it than every page has.
        script: the only one that the page runs; it may talk to the page's own host, and to nobody else.
    """
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    runs = f"; script-src 'sha256-{digest}'; connect-src 'self'" if script else ""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        # Even if a text got through unescaped: nothing of it runs, and nothing is fetched or sent.
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
        f"img-src data:; form-action 'none'; base-uri 'none'{runs}\">\n"
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{text(title)}</title>\n<style>{STYLE}{style}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(body)
        + "\n</main>\n"
        + (f"<script>{script}</script>\n" if script else "")
        + "</body>\n</html>\n"
    )


def section(title: str, *parts: str) -> str:
    """A section with its heading, which `contents` links to. `title` is a text, `parts` are HTML."""
    return "\n".join((f'<section id="{anchor(title)}">', f"<h2>{text(title)}</h2>", *parts, "</section>"))


def contents(titles: Iterable[str]) -> str:
    """Links to sections."""
    links = "".join(f'<li><a href="#{anchor(title)}">{text(title)}</a></li>' for title in titles)
    return f'<nav aria-label="Contents"><ul>{links}</ul></nav>'


def anchor(title: str) -> str:
    """The id of a section, from its title."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def table(
    caption: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, long: Sequence[int] = ()
) -> str:
    """A table with its caption; the first cell of a row is its heading. Numbers stand to the right, None is "–".

    Every value is a text, and becomes one of the page here. A table that is wider than the screen scrolls by itself.

    Args:
        long: the columns that hold sentences.
    """
    rows = [list(row) for row in rows]
    numbers = [all(_is_number(row[i]) for row in rows) and bool(rows) for i in range(len(columns))]
    kinds = ["long" if i in long else "number" if numbers[i] else "" for i in range(len(columns))]
    head = "".join(
        f'<th{_kind(kind)} scope="col">{text(name)}</th>' for name, kind in zip(columns, kinds, strict=True)
    )
    body = "\n".join(_row(row, kinds) for row in rows)
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{text(caption)}">\n<table>\n'
        f"<caption>{text(caption)}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n</div>"
    )


def _row(row: Sequence[object], kinds: Sequence[str]) -> str:
    first, *others = zip(row, kinds, strict=True)
    cells = "".join(f"<td{_kind(kind)}>{text(_shown(value))}</td>" for value, kind in others)
    return f'<tr><th{_kind(first[1])} scope="row">{text(_shown(first[0]))}</th>{cells}</tr>'


def _kind(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def _is_number(value: object) -> bool:
    """Whether a value stands to the right: a number, a share, or one that is not told."""
    return (
        value is None
        or isinstance(value, int | float)
        or bool(re.fullmatch(r"[+−]?[\d,.]+( %)?|–", str(value)))
    )


def _shown(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def share(count: int | None, of: int) -> str:
    """A count as a share: "25 %"."""
    return "–" if count is None or not of else f"{100 * count / of:.0f} %"
