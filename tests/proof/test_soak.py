"""The soak, in seconds: `python -m tests.proof.soak` takes hours."""

import pytest

from tests.proof import soak

pytestmark = [pytest.mark.anyio, pytest.mark.proof, pytest.mark.slow]


async def test_after_some_lives_of_the_server_everything_that_was_acknowledged_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(soak, "_LIFE", 3.0)
    done, clients = await soak.measure(seconds=7, seed=1)
    assert done.log.wrong == []
    assert len(done.lives) > 1
    assert any(client.stored for client in clients)
