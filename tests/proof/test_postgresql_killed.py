"""G5, a part of it: `python -m tests.proof.postgresql_killed` strikes a hundred times."""

import pytest

from tests.proof.postgresql_killed import measure

pytestmark = [pytest.mark.proof, pytest.mark.slow, pytest.mark.services]


def test_a_postgresql_that_is_taken_away_loses_and_doubles_nothing() -> None:
    tally, blows = measure(6, seed=1)
    assert tally.found == []
    assert tally.uploads
    assert blows.backends > 0
    assert blows.stops > 0
