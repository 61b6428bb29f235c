"""G22, a part of it: `python -m tests.proof.schema_cases` asks more and prints the table."""

import pytest
from hypothesis import settings

from tests.proof.schema_cases import measure

pytestmark = pytest.mark.proof

CASES = 10_000 if settings.get_current_profile_name() == "proof" else 120


def test_requests_made_from_the_document_are_answered_as_it_says() -> None:
    tally = measure(CASES)
    assert tally.wrong == {}
    assert tally.cases >= CASES * 0.8
    assert tally.steps > 0
    assert len(tally.operations) > 60
