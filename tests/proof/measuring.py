"""Running the command of a row, and what it printed as a figure."""

import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections import deque
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from tests.conftest import ROOT
from tests.machine import machine
from tests.proof.figure import MET, MISSED
from tests.proof.rows import Row, module_of

Found: TypeAlias = dict[str, Any]
"""figure, what, target, measured (what was told, by name), met (None: not measured), reason, size, seed, command,
seconds, at, machine, commit."""

_LINE = re.compile(r"(\S.*?)\s{2,}(\S.*)")
_SUMMARY = re.compile(r"=+ (.*) in [\d.]+s.* =+")
_NO_TESTS = 5
_LAST_LINES = 40
_WRITTEN_HERE = ("proof.json", "bench.json", "docs/figures.md")


def measured(row: Row, *, seed: int, small: bool) -> Found:
    began, of = time.monotonic(), commit()
    told: dict[str, str] = {}
    if (missing := row.missing) is not None:
        met, reason = None, f"there is no {missing.relative_to(ROOT)}"
    else:
        status, told, last = _run(_command(row, seed=seed, small=small))
        met, reason = _verdict(status, told, last)
    return {
        "figure": row.figure,
        "what": row.what,
        "target": row.target,
        "measured": told,
        "met": met,
        "reason": reason,
        "size": "small" if small else "full",
        "seed": seed if "{seed}" in row.full or row.full.startswith("tests/") else None,
        "command": told_command(row, seed=seed, small=small),
        "seconds": round(time.monotonic() - began),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "commit": of,
    }


def commit(root: Path = ROOT) -> str:
    """Of what is measured, with a "+" where something has been changed since; empty where Git does not know."""
    try:
        head = _git(root, "rev-parse", "--short", "HEAD")
        changed = _git(root, "status", "--porcelain", "--", ".", *(f":!{path}" for path in _WRITTEN_HERE))
    except (OSError, subprocess.CalledProcessError):
        return ""
    return f"{head}+" if changed else head


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def keep(path: Path, found: Found) -> None:
    """In place of what was found for the same row before."""
    kept = json.loads(path.read_text(encoding="utf-8"))["figures"] if path.exists() else []
    others = [each for each in kept if (each["figure"], each["what"]) != (found["figure"], found["what"])]
    figures = sorted([*others, found], key=_place)
    path.write_text(json.dumps({"figures": figures}, indent=2) + "\n", encoding="utf-8")


def _place(found: Found) -> int:
    """In the order of the page; what has no number there comes last."""
    number = re.match(r"G(\d+)", found["figure"])
    return int(number[1]) if number else 100


def told_command(row: Row, *, seed: int, small: bool = False) -> str:
    return shlex.join(["python", *_command(row, seed=seed, small=small)[1:]])


def _command(row: Row, *, seed: int, small: bool) -> list[str]:
    words = shlex.split(row.words(small=small).format(seed=seed))
    if not words[0].partition("::")[0].endswith(".py"):
        return [sys.executable, "-m", module_of(words[0]), *words[1:]]
    size = [] if small else ["--hypothesis-profile=proof", "--timeout=0"]
    return [sys.executable, "-m", "pytest", "-n", "0", *words, *size, f"--hypothesis-seed={seed}"]


def _run(command: list[str]) -> tuple[int, dict[str, str], str]:
    """Its exit status, what it told by name, and its last lines. Progress goes where ours goes."""
    told: dict[str, str] = {}
    last: deque[str] = deque(maxlen=_LAST_LINES)
    with subprocess.Popen(command, cwd=ROOT, env=_environment(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            last.append(line.rstrip())
            if is_told := _told(line, command):
                told.update(is_told)
    return process.returncode, told, "\n".join(last)


def _environment() -> dict[str, str]:
    """Ours, where compiled modules are kept: a proof starts Python often."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONUNBUFFERED": "1"}


def _told(line: str, command: list[str]) -> dict[str, str]:
    if "pytest" in command:
        summary = _SUMMARY.match(line)
        return {"tests": summary[1]} if summary else {}
    named = _LINE.fullmatch(line.rstrip())
    return {named[1]: named[2]} if named else {}


def _verdict(status: int, told: dict[str, str], last: str) -> tuple[bool | None, str]:
    if status in (MET, MISSED) and told:
        if "tests" in told and "passed" not in told["tests"] and "failed" not in told["tests"]:
            return None, told["tests"]
        if status == MISSED:
            print(last)
        return status == MET, ""
    print(last)
    return None, f"the command ended with {status}: {(last.splitlines() or ['see above'])[-1]}"
