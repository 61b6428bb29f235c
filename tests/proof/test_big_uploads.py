"""A part of it: `python -m tests.proof.big_uploads` takes larger ones."""

from pathlib import Path

import pytest

from tests.proof.big_uploads import MB, TARGET, WAYS, measure

pytestmark = [pytest.mark.proof, pytest.mark.slow]

SIZE = 100 * MB


def test_a_large_upload_takes_memory_for_a_few_chunks(tmp_path: Path) -> None:
    told = measure(SIZE, tmp_path)
    assert [each.way for each in told] == list(WAYS)
    assert all(each.bytes <= TARGET for each in told), told
