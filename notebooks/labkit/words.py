"""What goes wrong, told on one line."""


def one_line(error: BaseException) -> str:
    """Return an error as a short line: its type, and its message where it has one."""
    return shortened(f"{type(error).__name__}: {error}".strip(": \n"))


def shortened(text: str, length: int = 160) -> str:
    """Return a text on one line, cut where it is long."""
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1] + "…"
