"""What a student wrote in Markdown, for other people's browsers: it reads the same, and does nothing.

Whatever shows the text later (nbgrader, formgrader, JupyterLab) has a Markdown parser of its own. So nothing is parsed
here; instead, an invisible character goes into every place in which any of them would see HTML, a link, a
picture from elsewhere or a macro with an effect. It is invisible in text, in code and in formulas alike.
"""

import re

BREAK = "\u200b"  # zero width space: neither a blank nor a letter to HTML, Markdown and TeX
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif"})

# What MathJax's macros can do besides setting a formula: links, attributes, styles, loading code, redefining others.
_MACROS = (
    "href|url|html|includegraphics|require|unicode|class|cssId|style|bbox|enclose|data|mmlToken|mathtip|texttip|tooltip"
    "|def|gdef|edef|let|global|newcommand|renewcommand|providecommand|newenvironment|renewenvironment"
)
_ACTIVE = re.compile(
    r"<(?=[\w/!?])"  # tags, comments, <https://…>
    r"|!(?=\[)"  # pictures
    r"|\](?=[(:])"  # [links](…), and the addresses of [links][1]
    r"|:(?=//)|www(?=\.)"  # addresses that become links by themselves
    rf"|\\(?=(?:{_MACROS})(?![a-z]))",
    re.IGNORECASE,
)
# A pasted picture. Not behind "<", which would make a tag of it, nor behind "\", which would make a link of it.
# The same as Colab writes it: the picture's data stand in the text.
_INLINE = re.compile(r"!\[([^\[\]]{0,200})\]\(data:(image/(?:png|jpeg|gif));base64,([A-Za-z0-9+/=\s]+)\)")
MAX_TEXT = 1_000_000  # characters of one cell, without its pictures
_PASTED = re.compile(r"(?<![\\<])!\[([^\[\]]{0,200})\]\(attachment:([\w.-]{1,100})\)")


def pictures_apart(text: str, attachments: dict | None) -> tuple[str, dict]:
    """The text with its inline pictures among the attachments, where they can be shown, and not longer than is read."""
    attachments = dict(attachments or {})

    def attach(match: re.Match) -> str:
        name = f"inline-{len(attachments)}.{match[2].removeprefix('image/')}"
        attachments[name] = {match[2]: match[3]}
        return f"![{match[1]}](attachment:{name})"

    text = _INLINE.sub(attach, text)
    return text if len(
        text
    ) <= MAX_TEXT else f"{text[:MAX_TEXT]}\n\n(The text goes on; it is cut here.)", attachments


def harmless_markdown(text: str, pictures: dict) -> str:
    """A student's Markdown without HTML, links, pictures from elsewhere and macros that do more than set a formula.

    Args:
        text: the cell's source.
        pictures: the cell's attachments, as `harmless_pictures` leaves them; these are still shown.
    """
    parts, end = [], 0
    for match in _PASTED.finditer(text):
        if match[2] in pictures:
            parts.append(_broken(text[end : match.start()]))
            parts.append(f"![{_broken(match[1])}](attachment:{match[2]})")
            end = match.end()
    return "".join(parts) + _broken(text[end:])


def harmless_pictures(attachments: dict | None) -> dict[str, dict[str, str]]:
    """Pictures that the student pasted in: plain names, known kinds, base64 and nothing else."""
    safe: dict[str, dict[str, str]] = {}
    for name, bundle in (attachments or {}).items():
        if not re.fullmatch(r"[\w.-]{1,100}", name) or not isinstance(bundle, dict):
            continue
        for kind, data in bundle.items():
            if kind in PICTURES and isinstance(data, str) and re.fullmatch(r"[A-Za-z0-9+/=\s]*", data):
                safe.setdefault(name, {})[kind] = data
    return safe


def _broken(text: str) -> str:
    return _ACTIVE.sub(rf"\g<0>{BREAK}", text)
