"""G4, a part of it: `python -m tests.proof.fail_nth` takes more runs and prints the table."""

import pytest
from hypothesis import settings

from tests.proof.fail_nth import measure
from tests.proof.worlds import WORLDS

pytestmark = [pytest.mark.anyio, pytest.mark.proof]

IS_PROOF = settings.get_current_profile_name() == "proof"
RUNS = {"memory": 200, "sqlite": 100}


@pytest.mark.parametrize("adapters", WORLDS)
async def test_a_call_that_fails_once_is_never_taken_for_done(adapters: str) -> None:
    tally = await measure(adapters, 100_000 if IS_PROOF else RUNS[adapters], seed=1)
    assert not tally.wrong, tally.examples
    assert 0 < tally.refused < tally.runs
