"""G1, a part of it: `python -m tests.proof.crash_matrix` takes more runs and prints the table."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.proof

RUNS = 120


def test_a_process_killed_anywhere_loses_nothing_and_leaves_nothing_over() -> None:
    """In a process of its own, which must not have any threads when it forks."""
    command = [sys.executable, "-m", "tests.proof.crash_matrix", "--runs", str(RUNS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
