"""Two servers and two workers, for one round: `python -m tests.proof.many_servers` takes twenty."""

import pytest

from tests.proof.many_servers import measure

pytestmark = [pytest.mark.proof, pytest.mark.slow, pytest.mark.services]


def test_limits_and_pairs_hold_over_two_servers_while_one_is_killed() -> None:
    tally, fleet = measure(1, seed=1)
    assert tally.found == []
    assert tally.uploads
    assert fleet.kills == 1
