"""G19, a part of it: `python -m tests.proof.probes` asks all of it and prints the table."""

import pytest
from hypothesis import settings

from tests.proof.probes import measure

pytestmark = [pytest.mark.anyio, pytest.mark.proof]

EACH = 0 if settings.get_current_profile_name() == "proof" else 2


async def test_what_is_not_ones_own_answers_as_what_does_not_exist() -> None:
    tally = await measure(each=EACH, seed=1)
    assert tally.wrong == []
    assert tally.probes > (15_000 if EACH == 0 else 1_000)
    assert tally.answers[404] > tally.probes / 2
