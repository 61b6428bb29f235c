"""G34: the branches that the tests come by, in the domain and the application, and in the adapters.

    python -m tests.proof.branch_coverage [--fast]

All tests but the browser's and the benchmarks, with child processes counted too; `--fast` leaves out those that start a
service or prove a figure. `.coverage` stays behind for `coverage html`.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.conftest import ROOT
from tests.proof.figure import Figure, command

TARGETS = {"domain and application": 95.0, "adapters": 90.0}
_PARTS = {"domain and application": ("domain/*", "application/*"), "adapters": ("adapters/*",)}
_FAST = ("-m", "not (proof or slow or services or browser)")


def measure(selection: Sequence[str]) -> tuple[str, dict[str, float]]:
    """pytest's last line, and how many per cent of branches were taken by part."""
    pytest = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", "--timeout", "900", "-q"]
    counted = ["--cov", "--cov-branch", "--cov-report=", "--ignore", "tests/browser"]
    done = subprocess.run([*pytest, *counted, *selection], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        print(done.stdout, file=sys.stderr)
    return (done.stdout.strip().splitlines() or [""])[-1], {name: _taken(*_PARTS[name]) for name in TARGETS}


def _taken(*included: str) -> float:
    """Per cent of all branches and statements, as coverage.py counts them together."""
    with tempfile.NamedTemporaryFile(suffix=".json") as told:
        asked = [sys.executable, "-m", "coverage", "json", "-q", "-o", told.name, "--include", ",".join(included)]
        subprocess.run(asked, cwd=ROOT, check=True)
        totals = json.loads(Path(told.name).read_bytes())["totals"]
    return float(totals["percent_covered"])


def figure(*, fast: bool = False) -> Figure:
    last, taken = measure(_FAST if fast else ())
    told = {"tests": last, **{name: f"{share:.1f} %" for name, share in taken.items()}}
    return Figure(told, [f"{name}: {taken[name]:.1f} %" for name, target in TARGETS.items() if taken[name] < target])


if __name__ == "__main__":
    sys.exit(command(figure))
