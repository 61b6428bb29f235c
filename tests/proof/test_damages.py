"""G28, a part of it: `python -m tests.proof.damages` does more damage."""

import pytest

from tests.proof.damages import measure

pytestmark = [pytest.mark.proof, pytest.mark.slow]

DAMAGES = 68


def test_every_damage_is_found_and_nothing_else_and_only_what_is_safe_is_repaired() -> None:
    tally = measure(DAMAGES, seed=2)
    assert tally.damages.total() == DAMAGES
    assert (tally.not_found, tally.false_alarms, tally.wrong_repairs) == ([], [], [])
