"""G27: bombs cost those who throw them their time, and others nothing they would notice."""

from pathlib import Path

import pytest

from tests.proof.bombs import bombarded, measure

pytestmark = [pytest.mark.anyio, pytest.mark.proof, pytest.mark.slow]

AT_MOST = 4.0
TRIES = 3
"""Others work on this machine too: a tail that was long once may be theirs."""


async def test_the_service_answers_while_bombs_are_thrown_at_once(corpus: Path, tmp_path: Path) -> None:
    """Half of them; `python -m tests.proof.bombs` throws all of them often."""
    with bombarded(tmp_path / "served") as server:
        for attempt in range(TRIES):
            measured = await measure(server, corpus, one_in=2)
            print(f"\n{measured.told()}")
            assert measured.wrong() == []
            if measured.ratio <= AT_MOST:
                return
            assert attempt < TRIES - 1, f"{measured.ratio:.1f} times the idle p99"
