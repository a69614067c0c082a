"""Opens formulas, links, lists and tags in its Markdown that never end."""

from attacks.submitting import hand_in, with_code

HONEST = 6.0

FUNCTION = "def flatten_filters(filters):\n    return filters.reshape(-1, filters.shape[-1])\n"
TEXTS = [
    piece * (20_000 // len(piece))
    for piece in ("\\\\(", "\\begin{a}", "[", "![a](", "- a\n  ", "> ", "<a ", "```python\n", "$a ")
] * 5


def submit(submitted, targets):
    content = with_code(source=FUNCTION)
    for number, text in enumerate(TEXTS):
        content["cells"].append(
            {"cell_type": "markdown", "id": f"long-{number}", "metadata": {}, "source": text}
        )
    hand_in(submitted, content)
