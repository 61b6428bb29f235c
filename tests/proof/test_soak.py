"""The soak, in seconds: `python -m tests.proof.soak` takes hours."""

import pytest

from tests.proof import soak

pytestmark = [pytest.mark.anyio, pytest.mark.proof, pytest.mark.slow]


async def test_after_a_life_of_the_server_everything_that_was_acknowledged_is_there() -> None:
    done, clients = await soak.measure(seconds=3, seed=1)
    assert done.log.wrong == []
    assert done.lives
    assert any(client.stored for client in clients)
