"""G3, a part of it: `python -m tests.proof.power_loss` takes more runs and prints the table."""

import pytest

from tests.proof.power_loss import leave_out_each_sync, measure

pytestmark = [pytest.mark.anyio, pytest.mark.proof]

RUNS = 150


async def test_loss_of_power_anywhere_loses_nothing_and_leaves_nothing_over() -> None:
    tally = await measure(RUNS, seed=1)
    assert not tally.wrong, tally.examples


async def test_each_sync_that_is_left_out_is_noticed() -> None:
    left_out = await leave_out_each_sync()
    assert len(left_out) > 8
    assert [each.what for each in left_out if not (each.breaks or each.forgets)] == []
