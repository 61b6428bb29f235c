"""Taking many files along costs memory for a few chunks, however slowly they are read."""

from pathlib import Path

import pytest

from tests.proof.zip_memory import MB, TARGET, measure

pytestmark = [pytest.mark.proof, pytest.mark.slow]

FILES = 24


def test_an_archive_many_times_its_size_leaves_the_server_small(tmp_path: Path) -> None:
    told = measure(FILES, 4 * MB, tmp_path)
    assert told["grown"] < TARGET, told
