"""Syntax that is right in a newer Python than this one, told as such."""

import re
import sys

SINCE = {
    "a `type` statement": ((3, 12), re.compile(r"\s*type\s+\w+\s*(?:\[.*\])?\s*=")),
    "type parameters in brackets": ((3, 12), re.compile(r"\s*(?:async\s+)?(?:def|class)\s+\w+\s*\[")),
    "a template string": ((3, 14), re.compile(r".*(?<!\w)t[rR]?[\"']")),
    "`except` with several types and no brackets": (
        (3, 14),
        re.compile(r"\s*except\*?\s+[\w.]+\s*,\s*[\w., ]+:"),
    ),
}
F_STRING = re.compile(r"(?<!\w)(?:f|rf|fr)(\"\"\"|'''|\"|')", re.IGNORECASE)


def newer_syntax(source: str, error: SyntaxError) -> str | None:
    """What a report says where the error stands at a line that a newer Python can read; else None."""
    lines = source.split("\n")
    line = lines[error.lineno - 1] if error.lineno and error.lineno <= len(lines) else ""
    for what, (version, pattern) in SINCE.items():
        if sys.version_info < version and pattern.match(line):
            return _sentence(what, version)
    if sys.version_info < (3, 12) and "f-string" in (error.msg or "") and _is_f_string_of_3_12(source, error):
        return _sentence(
            "an f-string with the same quotes, or a backslash or a comment, inside its braces", (3, 12)
        )
    return None


def _sentence(what: str, version: tuple[int, int]) -> str:
    needed, here = (".".join(map(str, each)) for each in (version, sys.version_info[:2]))
    return f"{what} needs Python {needed}, and the grader runs Python {here}"


def _is_f_string_of_3_12(source: str, error: SyntaxError) -> bool:
    """Whether the error moves on, or away, once the f-strings that close by the newer rules alone are taken out."""
    kept, start, found = [], 0, "cannot include" in error.msg
    while match := F_STRING.search(source, start):
        end = _end_of_f_string(source, match.end(), match[1])
        if end is None:
            return False
        found = found or source.find(match[1], match.end()) != end - len(match[1])
        breaks = "\\\n" * source.count("\n", match.start(), end)
        kept.append(f"{source[start : match.start()]}'{breaks}'")
        start = end
    try:
        compile("".join(kept) + source[start:], "", "exec", dont_inherit=True)
    except SyntaxError as after:
        return found and (after.lineno or 0) > (error.lineno or 0)
    return found


def _end_of_f_string(text: str, place: int, quote: str) -> int | None:
    """Where the f-string ends whose text begins at `place`, by the rules of PEP 701; None where it does not."""
    while place < len(text):
        if text.startswith(quote, place):
            return place + len(quote)
        if text[place] == "\\" or text.startswith("{{", place):
            place += 2
        elif text[place] == "{":
            behind = _end_of_field(text, place + 1)
            if behind is None:
                return None
            place = behind
        elif text[place] == "\n" and len(quote) == 1:
            return None
        else:
            place += 1
    return None


def _end_of_field(text: str, place: int) -> int | None:
    """Behind the brace that closes a field; strings in it may have any quotes."""
    depth = 1
    while place < len(text):
        if string := re.compile(r"(\"\"\"|'''|\"|')").match(text, place):
            behind = _end_of_f_string(text, string.end(), string[1])
            if behind is None:
                return None
            place = behind
            continue
        depth += {"{": 1, "[": 1, "(": 1, "}": -1, "]": -1, ")": -1}.get(text[place], 0)
        place += 1
        if depth == 0:
            return place
    return None
