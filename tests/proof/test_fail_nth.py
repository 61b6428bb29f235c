"""G4, a part of it: `python -m tests.proof.fail_nth` takes more runs and prints the table."""

import pytest

from tests.proof.fail_nth import measure
from tests.proof.worlds import WORLDS

pytestmark = [pytest.mark.anyio, pytest.mark.proof]

RUNS = {"memory": 200, "sqlite": 100}


@pytest.mark.parametrize("adapters", WORLDS)
async def test_a_call_that_fails_once_is_never_taken_for_done(adapters: str) -> None:
    tally = await measure(adapters, RUNS[adapters], seed=1)
    assert not tally.wrong, tally.examples
    assert 0 < tally.refused < tally.runs
