"""Raises known messages with words so long that a careless pattern looks at them for minutes."""

from attacks.submitting import hand_in, with_code

HONEST = 6.0

FUNCTION = "def flatten_filters(filters):\n    return filters.reshape(-1, filters.shape[-1])\n"


def submit(submitted, targets):
    words = (
        "'maximum recursion depth exceeded' + ' a' * 250",
        "'matmul: ' + '(n?,k),' * 70",
        "'(1,' * 160",
        "'a_' * 250",
    )
    cells = [
        f"def {name}(*_): raise ValueError({text})"
        for name, text in zip(("pad", "conv2d", "convolve", "apply_kernel"), words, strict=True)
    ]
    hand_in(submitted, with_code(*cells, source=FUNCTION))
