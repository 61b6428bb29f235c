"""`make bench`: every figure as a ratio against a reference in the same run; a table, and bench.json.

What is measured is drawn from fixed seeds, so that each run measures the same. Suites may be chosen; bench.json keeps
what was measured of the others. A row may tell what stands in its way (`why`), for when it misses.
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
from tests.proof.measuring import commit

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
    chosen = asked.suites or list(SUITES)
    rows = list(_measured(chosen))
    kept = [row for row in _kept(asked.output) if row["suite"] not in chosen]
    cases = sorted([*kept, *rows], key=lambda row: list(SUITES).index(row["suite"]))
    told = {"machine": machine(), "seconds": round(time.monotonic() - begun), "cases": cases}
    asked.output.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    Console(width=160).print(_table(rows))


def _kept(output: Path) -> list[Row]:
    """What was measured before, on a machine of this kind."""
    told = json.loads(output.read_text(encoding="utf-8")) if output.exists() else {}
    return [row for row in told["cases"] if row.get("suite") in SUITES] if told.get("machine") == machine() else []


def _measured(suites: Sequence[str]) -> Iterator[Row]:
    for suite in suites:
        print(f"{suite} …", flush=True)
        begun, of = time.monotonic(), commit()
        for row in SUITES[suite]():
            more = {"figure": str(row["case"]).split()[0], "measured": row["ratio"], "met": _is_met(row)}
            when = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "commit": of, "suite": suite}
            yield row | more | when | {"seed": SEEDS.get(suite), "seconds": round(time.monotonic() - begun)}


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
