"""Prints what the hidden tests make of every known mistake: python -m autograder.suite.conv2d.mistakes [FUNCTION …]"""

import argparse
from collections.abc import Iterator

from autograder.judge.naming import Bank
from autograder.judge.rehearsal import Row, hidden_tests, rehearse_mistakes
from autograder.suite import conv2d
from autograder.suite.conv2d.mistakes import bank


def table(known: Bank, functions: list[str]) -> Iterator[str]:
    """A line for every mistake, below a line for its function."""
    for function in functions:
        rows = list(rehearse_mistakes(known, hidden_tests(conv2d), [function]))
        caught, named = sum(bool(row.failed) for row in rows), sum(row.named is row.mistake for row in rows)
        yield f"{function}: {len(rows)} mistakes, {caught} caught, {named} named"
        yield from (f"  {row.mistake.name:32} {verdict(row):8} {tests(row)}" for row in rows)


def verdict(row: Row) -> str:
    if row.named is None:
        return "neutral"
    return "named" if row.named is row.mistake else f"CALLED {row.named.name}"


def tests(row: Row) -> str:
    prefix = f"test_{row.mistake.function}_"
    return ", ".join(name.removeprefix(prefix) for name in row.failed) or "NOT CAUGHT"


if __name__ == "__main__":
    known = bank()
    parser = argparse.ArgumentParser(description="What the hidden tests make of every known mistake.")
    parser.add_argument("functions", nargs="*", metavar="FUNCTION", help="all where none is named")
    for line in table(known, parser.parse_args().functions or list(known.mistakes)):
        print(line)
