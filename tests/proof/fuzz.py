"""G23: one of our parsers, with inputs that a fuzzer makes by watching which lines they reach.

python -m tests.proof.fuzz --seconds 60 --target range

Needs atheris (`pip install atheris`, Linux and macOS). What it finds belongs into tests/proof/test_parsers.py.
"""

import re
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from tests.proof.figure import Figure, NotHere, command

Target = Literal[
    "range", "conditions", "cursor", "filename", "exif", "link", "metadata", "proxies", "moment", "token", "form"
]  # fmt: skip
_DONE = re.compile(r"Done (\d+) (?:runs|in)|stat::number_of_executed_units:\s*(\d+)")


def fuzzed(target: str, seconds: int, seed: int) -> tuple[int, str, list[str]]:
    """How many inputs were tried, how many lines and branches they reached, and what was wrong."""
    with tempfile.TemporaryDirectory() as folder:
        inputs = Path(folder, "inputs")
        inputs.mkdir()
        ran = subprocess.run(
            [sys.executable, "-m", "tests.proof.fuzzed_parser", target, str(inputs), f"-max_total_time={seconds}",
             f"-seed={seed}", f"-artifact_prefix={folder}/", "-print_final_stats=1", "-max_len=2048", "-timeout=10"],
            capture_output=True, text=True, errors="replace", check=False,
        )  # fmt: skip
        told = ran.stdout + ran.stderr
        found = [path for path in Path(folder).iterdir() if path.is_file()]
        wrong = [f"{path.name[:12]}: {path.read_bytes()!r}\n{_reason(told)}" for path in found]
    if ran.returncode and not wrong:
        raise RuntimeError(told[-2000:])
    reached = re.findall(r"cov: (\d+)", told)
    return _number(told), reached[-1] if reached else "?", wrong


def _number(told: str) -> int:
    numbers = [int(first or second) for first, second in _DONE.findall(told)]
    return max(numbers, default=0)


def _reason(told: str) -> str:
    begins = told.rfind("Uncaught Python exception")
    return told[begins : begins + 1500] if begins >= 0 else told[-1500:]


def figure(*, seconds: int = 60, target: Target = "range", seed: int = 1) -> Figure:
    if find_spec("atheris") is None:
        raise NotHere("atheris is not installed: pip install atheris")
    tried, reached, wrong = fuzzed(target, seconds, seed)
    return Figure({"target": target, "inputs": f"{tried:,}", "places reached": reached, "wrong": len(wrong)}, wrong)


if __name__ == "__main__":
    sys.exit(command(figure))
