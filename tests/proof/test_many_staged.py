"""G8, a part of it: `python -m tests.proof.many_staged` takes ten thousand rows, and the time."""

from pathlib import Path

import pytest

from tests.proof.many_staged import measure

pytestmark = [pytest.mark.proof, pytest.mark.slow]


def test_after_a_crash_uploads_are_handed_out_and_brought_to_their_place(tmp_path: Path) -> None:
    start = measure(100, f"sqlite:///{tmp_path}/clinic.db")
    assert start.found == []
    assert start.clean > 0
