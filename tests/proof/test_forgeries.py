"""G21: `python -m tests.proof.forgeries` prints what was tried."""

import pytest

from tests.proof.forgeries import measure

pytestmark = [pytest.mark.anyio, pytest.mark.proof]


async def test_no_forged_token_or_link_opens_anything() -> None:
    tally = await measure(seed=1, one_in=10)
    assert tally.wrong == []
    assert tally.forged["links"] > 500
    assert sum(tally.forged.values()) > 2_000
