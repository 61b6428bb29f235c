"""G2, a part of it: `python -m tests.proof.kill_server` takes more runs."""

import pytest

from tests.proof.kill_server import measure

pytestmark = [pytest.mark.proof, pytest.mark.slow]

RUNS = 3


def test_a_server_killed_under_load_has_everything_it_acknowledged_once() -> None:
    tally = measure(RUNS, seed=1)
    assert tally.found == []
    assert tally.acknowledged > 0
    assert tally.cut_off > 0
