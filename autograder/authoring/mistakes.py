"""Prints what the hidden tests make of every modelled mistake.

python -m autograder.authoring.mistakes [--assignment conv2d] [FUNCTION …]
"""

import argparse
import sys
from collections.abc import Iterator, Sequence

from autograder.judge.bank import Bank
from autograder.judge.rehearsal import HiddenTest, Row, hidden_tests, rehearse_mistakes
from autograder.suite import SuiteError, find, package


def table(bank: Bank, tests: Sequence[HiddenTest], functions: Sequence[str]) -> Iterator[str]:
    """A line for every mistake, below a line for its function."""
    for function in functions:
        rows = list(rehearse_mistakes(bank, tests, [function]))
        caught, named = sum(bool(row.failed) for row in rows), sum(row.is_named_truly for row in rows)
        yield f"{function}: {len(rows)} mistakes, {caught} caught, {named} named"
        yield from (f"  {row.mistake.name:32} {_verdict(row):8} {_failed(row)}" for row in rows)


def _verdict(row: Row) -> str:
    if row.named is None:
        return "neutral"
    return "named" if row.is_named_truly else f"CALLED {row.named.name}"


def _failed(row: Row) -> str:
    prefix = f"test_{row.mistake.function}_"
    return ", ".join(name.removeprefix(prefix) for name in row.failed) or "NOT CAUGHT"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="What the hidden tests make of every modelled mistake.")
    parser.add_argument("functions", nargs="*", metavar="FUNCTION", help="all where none is named")
    parser.add_argument("--assignment", default="conv2d", help="which assignment (default: %(default)s)")
    options = parser.parse_args(arguments)
    try:
        bank = find(options.assignment).bank
    except SuiteError as error:
        print(error, file=sys.stderr)
        return 2
    if bank is None:
        print(f"'{options.assignment}' models no mistakes.")
        return 0
    tests = hidden_tests(package(options.assignment))
    for line in table(bank(), tests, options.functions or list(bank().mistakes)):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
