"""Writes formulas that are nested deeply, and far more of them than anybody could read."""

from attacks.submitting import hand_in, with_code

HONEST = 6.0

FUNCTION = "def flatten_filters(filters):\n    return filters.reshape(-1, filters.shape[-1])\n"
FORMULAS = ("{" * 900, "\\frac{" * 300, "x^" * 900, "\\left(" * 300, "\\sqrt{" * 300 + "x" + "}" * 300)
TEXTS = [f"${formula}$ " * 10 for formula in FORMULAS] * 10


def submit(submitted, targets):
    content = with_code(source=FUNCTION)
    for number, text in enumerate(TEXTS):
        content["cells"].append(
            {"cell_type": "markdown", "id": f"long-{number}", "metadata": {}, "source": text}
        )
    hand_in(submitted, content)
