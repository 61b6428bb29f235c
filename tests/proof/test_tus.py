"""A part of it: `python -m tests.proof.tus` takes more runs."""

import pytest

from tests.proof.tus import measure, missing

pytestmark = [pytest.mark.proof, pytest.mark.slow]

RUNS = 12


@pytest.mark.skipif(missing() is not None, reason=str(missing()))
def test_a_client_brings_every_upload_once_through_breaks_and_kills() -> None:
    tally = measure(RUNS, seed=1, workers=2)
    assert tally.found == []
    assert tally.uploads == RUNS
    assert tally.kills > 0
    assert tally.retries > 0
