"""G32: the tests notice faults made by hand: a dropped tenant filter, sync, lock, comparison, header …

    python -m tests.mutants [words of names or tables …] [--no-baseline]

Works in a copy of the tree and leaves this one alone. Takes about a quarter of an hour on two quiet cores.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.conftest import ROOT
from tests.mutants import trials
from tests.mutants.catalogue import ALL_KILLED, Mutant, mutants

SHARE = 0.95
"""Of all mutants that have to be killed."""
_STAYS = shutil.ignore_patterns(
    ".git", ".venv", ".*_cache", ".hypothesis", "node_modules", "__pycache__", "var", "*.egg-info", "bench.json"
)
_IN_COPY = "CLINIC_MEDIA_MUTANTS_COPY"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", help="only mutants whose name, path or guarded thing has one of these")
    parser.add_argument("--no-baseline", action="store_true", help="do not look whether all tests pass as they are")
    asked = parser.parse_args()
    if _IN_COPY not in os.environ:
        return _in_a_copy(sys.argv[1:])
    chosen = [mutant for mutant in mutants() if _is_meant(mutant, asked.words)]
    if not chosen:
        print("There is no such mutant.", file=sys.stderr)
        return 2
    trials.get_ready(selection for mutant in chosen for selection in mutant.tests)
    if not asked.no_baseline and not _is_sound(chosen):
        return 2
    return _told([_tried(mutant, number, len(chosen)) for number, mutant in enumerate(chosen, 1)])


def _in_a_copy(arguments: Sequence[str]) -> int:
    shared = (ROOT / os.environ.get("CLINIC_MEDIA_SHARED", "../shared")).resolve()
    with tempfile.TemporaryDirectory(prefix="clinic-media-mutants-") as name:
        copy = Path(name, "tree")
        shutil.copytree(ROOT, copy, ignore=_STAYS, symlinks=True)
        told = {_IN_COPY: "1", "PYTHONPATH": str(copy), "CLINIC_MEDIA_SHARED": str(shared)}
        command = [sys.executable, "-m", "tests.mutants", *arguments]
        return subprocess.run(command, cwd=copy, env=os.environ | told, check=False).returncode


def _is_meant(mutant: Mutant, words: Sequence[str]) -> bool:
    return not words or any(word in f"{mutant.name} {mutant.path} {mutant.guards}" for word in words)


def _is_sound(chosen: Sequence[Mutant]) -> bool:
    passing = trials.passing(dict.fromkeys(selection for mutant in chosen for selection in mutant.tests))
    failing = [selection for selection, passes in passing.items() if not passes]
    for selection in failing:
        print(f"fails with nothing changed: {selection}", file=sys.stderr)
    return not failing


def _tried(mutant: Mutant, number: int, of: int) -> trials.Trial:
    trial = trials.tried(mutant, ROOT, number)
    by = f" by {trial.by}" if trial.by else f" ({mutant.path})"
    print(
        f"  {number} of {of}: {trial.outcome} in {trial.seconds:.0f} s{by}: {mutant.name}", file=sys.stderr, flush=True
    )
    return trial


def _told(tried: Sequence[trials.Trial]) -> int:
    every, killed = (
        Counter(each.mutant.guards for each in some) for some in (tried, [t for t in tried if t.is_killed])
    )
    alive = [trial for trial in tried if not trial.is_killed]
    share = 1 - len(alive) / len(tried)
    lines = {"killed": f"{killed.total()} of {every.total()}, {share:.1%}"}
    lines |= {guards: f"{killed[guards]} of {count}" for guards, count in every.items()}
    lines |= {f"alive {number}": f"{trial.outcome}: {trial.mutant.name}" for number, trial in enumerate(alive, 1)}
    for name, value in lines.items():
        print(f"{name:<12}  {value}")
    return int(share < SHARE or any(trial.mutant.guards in ALL_KILLED for trial in alive))


if __name__ == "__main__":
    sys.exit(main())
