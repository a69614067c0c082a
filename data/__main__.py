"""The full data sets from the command line: `python -m data status` and `python -m data fetch mnist`."""

import argparse
import sys
from pathlib import Path

from data.catalogue import CATALOGUE, DataSet
from data.download import FetchError, fetch
from data.storage import VARIABLE, Found, main_folder, read_split

ROW = "{:14} {:17} {:17} {:7} {}"


def main(arguments: list[str] | None = None) -> int:
    """Return the exit status: 0 done, 1 not all could be downloaded; argparse leaves with 2."""
    options = _parser().parse_args(arguments)
    root = main_folder(options.folder)
    if options.command == "status":
        print(status(root))
        return 0
    try:
        return max(_fetch(CATALOGUE[name], root) for name in options.names)
    except KeyboardInterrupt:
        print("\nStopped. Nothing unfinished was kept.", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m data", description=__doc__)
    parser.add_argument(
        "--folder", help=f"where the data sets are; without it ${VARIABLE}, else the system's cache"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("status", help="what is here, what is missing or damaged, and how to get it")
    fetching = commands.add_parser("fetch", help="download full data sets from their publishers")
    fetching.add_argument("names", nargs="+", choices=CATALOGUE, metavar="NAME", help=", ".join(CATALOGUE))
    return parser


def _fetch(dataset: DataSet, root: Path) -> int:
    try:
        fetch(dataset, root)
    except FetchError as failure:
        folder = root / dataset.folders[0]
        print(
            f"{failure}. Try again later, or put the publisher's files into {folder} by hand.",
            file=sys.stderr,
        )
        return 1
    print(f"{dataset.name}: complete in {root}")
    return 0


def status(root: Path) -> str:
    """A table of what `root` holds of each data set; every file is read and compared with its checksum."""
    lines = [f"Data sets in {root}", "", ROW.format("name", "train", "test", "files", "to get all")]
    damaged = []
    for dataset in CATALOGUE.values():
        splits = {split: read_split(dataset, split, root) for split in ("train", "test")}
        lines.append(_row(dataset, splits))
        damaged += [f"  {fault}" for found in splits.values() for fault in found.damaged]
    if damaged:
        lines += ["", "Not used, since they are not what their publishers made:", *damaged]
    return "\n".join(line.rstrip() for line in lines)


def _row(dataset: DataSet, splits: dict[str, Found]) -> str:
    pictures = (_pictures(found, dataset.count(split)) for split, found in splits.items())
    unusable = sum(len(found.missing) + len(found.damaged) for found in splits.values())
    files = f"{len(dataset.files) - unusable} of {len(dataset.files)}"
    cure = (
        f"python -m data fetch {dataset.name}  ({dataset.download_megabytes} MB)" if unusable else "complete"
    )
    return ROW.format(dataset.name, *pictures, files, cure)


def _pictures(found: Found, count: int) -> str:
    if found.whole:
        return f"{count:,}"
    return f"{len(found.images):,} of {count:,}" if len(found.images) else "sample only"


if __name__ == "__main__":
    sys.exit(main())
