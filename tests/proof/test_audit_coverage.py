"""The audit log tells of everything, and of being edited; see audit_coverage and audit_edits."""

import pytest

from tests.proof import audit_coverage, audit_edits

pytestmark = pytest.mark.proof


def test_every_read_write_and_denial_leaves_its_row() -> None:
    assert audit_coverage.measure().wrong == []


def test_every_edit_of_the_log_is_found() -> None:
    assert audit_edits.measure(count=48).wrong == []
