"""`make bench`: every figure as a ratio against a reference in the same run; a table, and bench.json."""

import argparse
import json
import os
import platform
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from rich.console import Console
from rich.table import Table

from tests.benchmarks import archives, derivatives, gallery, http, uploads

Row: TypeAlias = dict[str, Any]

SUITES: dict[str, Callable[[], Sequence[Row]]] = {
    "derivatives": derivatives.cases,
    "uploads": lambda: [uploads.case()],
    "gallery": gallery.cases,
    "http": http.cases,
    "archives": archives.cases,
}
_COLUMNS = ("case", "ours", "reference", "ratio", "target", "spread")


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("suites", nargs="*", choices=[*SUITES, []], help="only these")
    parser.add_argument("--output", type=Path, default=Path("bench.json"))
    asked = parser.parse_args()
    begun = time.monotonic()
    rows = list(_measured(asked.suites or list(SUITES)))
    told = {"machine": _machine(), "seconds": round(time.monotonic() - begun), "cases": rows}
    asked.output.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    Console(width=160).print(_table(rows))


def _measured(suites: Sequence[str]) -> Iterator[Row]:
    for suite in suites:
        print(f"{suite} …", flush=True)
        for row in SUITES[suite]():
            yield row | {"met": _is_met(row)}


def _is_met(row: Row) -> bool:
    sign, _, bound = str(row["target"]).partition(" ")
    ratio = float(row["ratio"])
    return ratio <= float(bound) if sign == "<=" else ratio >= float(bound)


def _table(rows: Sequence[Row]) -> Table:
    table = Table(*_COLUMNS, "met")
    for row in rows:
        table.add_row(*(str(row[column]) for column in _COLUMNS), "yes" if row["met"] else "NO")
    return table


def _machine() -> dict[str, object]:
    return {"processor": platform.machine(), "cores": os.cpu_count(), "python": platform.python_version()}


if __name__ == "__main__":
    main()
