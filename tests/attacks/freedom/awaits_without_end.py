"""Waits at top level for what never comes, and for what never stops coming."""

from attacks.submitting import hand_in, with_code

HONEST = 6.0

FUNCTION = "def flatten_filters(filters):\n    return filters.reshape(-1, filters.shape[-1])\n"


def submit(submitted, targets):
    hand_in(
        submitted,
        with_code(
            "import asyncio\nawait asyncio.Event().wait()",
            "async def f():\n    while True: yield 1\nasync for _ in f(): pass",
            source=FUNCTION,
        ),
    )
