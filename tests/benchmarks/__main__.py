"""`make bench`: every figure as a ratio against a reference in the same run; a table, and bench.json.

What is measured is drawn from fixed seeds, so that each run measures the same.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from rich.console import Console
from rich.table import Table

from tests.benchmarks import archives, beside_uploads, derivatives, downloads, gallery, http, uploads
from tests.machine import machine

Row: TypeAlias = dict[str, Any]

SUITES: dict[str, Callable[[], Sequence[Row]]] = {
    "derivatives": derivatives.cases,
    "uploads": lambda: [uploads.case()],
    "gallery": gallery.cases,
    "http": http.cases,
    "archives": archives.cases,
    "downloads": downloads.cases,
    "beside": beside_uploads.cases,
}
SEEDS = {"derivatives": 12, "uploads": 12, "http": 7, "archives": 4, "beside": 12}
"""Of the suites whose photos and files are drawn; the other ones' rows follow from their number."""
_COLUMNS = ("case", "ours", "reference", "ratio", "target", "spread")


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("suites", nargs="*", choices=[*SUITES, []], help="only these")
    parser.add_argument("--output", type=Path, default=Path("bench.json"))
    asked = parser.parse_args()
    begun = time.monotonic()
    rows = list(_measured(asked.suites or list(SUITES)))
    took, now = round(time.monotonic() - begun), datetime.now(UTC).isoformat(timespec="seconds")
    told = {"at": now, "machine": machine(), "seconds": took, "cases": rows}
    asked.output.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    Console(width=160).print(_table(rows))


def _measured(suites: Sequence[str]) -> Iterator[Row]:
    for suite in suites:
        print(f"{suite} …", flush=True)
        begun = time.monotonic()
        for row in SUITES[suite]():
            more = {"figure": str(row["case"]).split()[0], "measured": row["ratio"], "met": _is_met(row)}
            yield row | more | {"seed": SEEDS.get(suite), "seconds": round(time.monotonic() - begun)}


def _is_met(row: Row) -> bool:
    sign, _, bound = str(row["target"]).partition(" ")
    ratio = float(row["ratio"])
    return ratio <= float(bound) if sign == "<=" else ratio >= float(bound)


def _table(rows: Sequence[Row]) -> Table:
    table = Table(*_COLUMNS, "met")
    for row in rows:
        table.add_row(*(str(row[column]) for column in _COLUMNS), "yes" if row["met"] else "NO")
    return table


if __name__ == "__main__":
    main()
