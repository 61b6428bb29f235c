"""Broken forms and slow clients are the trouble of whoever sends them."""

from pathlib import Path

import pytest

from tests.proof.slow_and_broken import BROKEN, RATIO, measure

pytestmark = [pytest.mark.proof, pytest.mark.slow]

SOCKETS = 200


def test_broken_forms_and_slow_clients_are_refused_or_borne_and_others_are_served(tmp_path: Path) -> None:
    tally = measure(tmp_path, SOCKETS)
    assert len(tally.broken) == len(BROKEN) == 25
    assert all(400 <= status < 500 for status in tally.broken), tally.broken
    assert tally.slow == SOCKETS
    # How much longer they wait is a figure of the command; here nobody may wait for the slow ones.
    assert min(tally.beside) < max(RATIO * min(tally.alone), 0.25)
