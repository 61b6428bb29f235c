"""`make proof`: the figures of the reliability page; a table, and proof.json.

    python -m tests.proof [G1 G27 …] [--small] [--seed 1] [--jobs 2] [--page] [--list]

Each row is a command of its own that can be repeated by itself; the seed is printed and kept. At full size all of them
take about seven hours on two quiet cores, four and a half with `--jobs 2`, `--small` about half an hour: choose rows,
proof.json keeps the others. What cannot be measured here says why. `--page` measures nothing and writes
docs/figures.md from proof.json and bench.json.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.conftest import ROOT
from tests.proof import measuring, page
from tests.proof.rows import ROWS, Row

KEPT = ROOT / "proof.json"
_VERDICTS = {True: "yes", False: "NO", None: "not measured"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("figures", nargs="*", help="only these, as G1")
    parser.add_argument("--small", action="store_true", help="a try of each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1, help="so many rows at once, but those that need quiet")
    parser.add_argument("--list", action="store_true", help="tell the rows and their commands")
    parser.add_argument("--page", action="store_true", help="write docs/figures.md")
    parser.add_argument("--output", type=Path, default=KEPT)
    asked = parser.parse_args()
    if asked.page:
        page.write(asked.output)
        return 0
    chosen = [row for row in ROWS if not asked.figures or set(asked.figures) & set(names_of(row))]
    if not chosen:
        parser.error(f"no such figure; there are {', '.join(dict.fromkeys(row.figure for row in ROWS))}")
    if asked.list:
        _list(chosen, asked.jobs)
        return 0
    return _measured(chosen, asked)


def names_of(row: Row) -> list[str]:
    """All of those that it measures: of "G11, G14-G16" each."""
    names = [row.figure]
    for part in row.figure.split(", ") if row.figure.startswith("G") else ():
        first, _, last = part.replace("G", "").partition("-")
        names += [f"G{number}" for number in range(int(first), int(last or first) + 1)]
    return names


def _measured(chosen: Sequence[Row], asked: argparse.Namespace) -> int:
    began = time.monotonic()
    hours = "" if asked.small else f", {_hours(chosen, asked.jobs)} on two quiet cores"
    print(f"{len(chosen)} rows, seed {asked.seed}{hours}")
    found = []
    for each in in_turn(chosen, jobs=asked.jobs, seed=asked.seed, small=asked.small):
        found.append(each)
        measuring.keep(asked.output, each)
    Console(width=180).print(_table(found))
    print(
        f"in all {timedelta(seconds=round(time.monotonic() - began))}, seed {asked.seed}, kept in {asked.output.name}"
    )
    return int(any(each["met"] is False for each in found))


def in_turn(rows: Sequence[Row], *, jobs: int, seed: int, small: bool) -> Iterator[measuring.Found]:
    """As they come to their end: so many at once, the longest first; then those that need quiet, by themselves."""

    def measured(row: Row) -> measuring.Found:
        print(f"\n{row.figure}: {row.what}", flush=True)
        return measuring.measured(row, seed=seed, small=small)

    beside = [row for row in rows if jobs > 1 and not row.quiet]
    with ThreadPoolExecutor(jobs) as at_once:
        begun = [at_once.submit(measured, row) for row in sorted(beside, key=lambda row: -row.minutes)]
        yield from (each.result() for each in as_completed(begun))
    yield from (measured(row) for row in rows if row not in beside)


def _hours(rows: Sequence[Row], jobs: int) -> str:
    minutes = sum(row.minutes if row.quiet else row.minutes / jobs for row in rows)
    return f"about {timedelta(minutes=round(minutes))} h"


def _list(rows: Sequence[Row], jobs: int) -> None:
    for row in rows:
        print(f"{row.figure:<14}{row.minutes:>4g} min  {row.what}\n{'':<24}{measuring.told_command(row, seed=1)}")
    print(f"{_hours(rows, jobs)} at full size")


def _table(found: Sequence[measuring.Found]) -> Table:
    table = Table("figure", "what", "target", "measured", "s", "met")
    for each in found:
        told = page.told(each)
        table.add_row(each["figure"], each["what"], each["target"], told, f"{each['seconds']}", _VERDICTS[each["met"]])
    return table


if __name__ == "__main__":
    sys.exit(main())
