"""G4 as a client sees it, a part of it: `python -m tests.proof.fail_nth_http` takes more runs and prints the table."""

import pytest

from tests.proof.fail_nth_http import measure

pytestmark = [pytest.mark.anyio, pytest.mark.proof]

RUNS = 100


async def test_whatever_fails_the_answer_is_a_success_or_a_503() -> None:
    tally = await measure(RUNS, seed=1)
    assert tally.wrong == []
    assert tally.statuses[503] > tally.requests / 2
