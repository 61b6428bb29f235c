"""When something may be destroyed: never, unless everything allows it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.documents import Document
from domain.ids import UserId
from domain.retention import RetentionPolicy, purgeable
from tests import strategies
from tests.samples import DAY, NOON, document, photo

policies = st.builds(RetentionPolicy, trash_days=st.none() | st.integers(0, 4000), photos_purgeable=st.booleans())
BIN: dict[str, Any] = {"trashed_at": NOON, "trashed_by": UserId("u")}
MONTH = RetentionPolicy(trash_days=30)


@given(strategies.documents(), policies, st.booleans(), strategies.instants)
def test_nothing_is_purged_unless_everything_allows_it(
    one: Document, policy: RetentionPolicy, held: bool, now: datetime
) -> None:
    if not purgeable(one, policy, held=held, now=now):
        return
    assert one.trashed_at is not None
    assert policy.trash_days is not None
    assert now >= one.trashed_at + timedelta(days=policy.trash_days)
    assert not held
    assert not one.hold
    assert policy.photos_purgeable or not one.is_picture


@settings(max_examples=30)
@given(st.integers(30, 4000))
def test_a_hold_on_the_document_or_its_patient_protects_what_could_go(days: int) -> None:
    gone, later = document(**BIN), NOON + days * DAY
    assert purgeable(gone, MONTH, held=False, now=later)
    assert not purgeable(gone, MONTH, held=True, now=later)
    assert not purgeable(replace(gone, hold=True), MONTH, held=False, now=later)


@given(strategies.documents(), st.booleans(), strategies.instants)
def test_by_default_nothing_is_ever_purged(one: Document, held: bool, now: datetime) -> None:
    assert not purgeable(one, RetentionPolicy(), held=held, now=now)


def test_a_trashed_document_may_go_when_its_days_are_over() -> None:
    gone = document(**BIN)
    assert not purgeable(gone, MONTH, held=False, now=NOON + 30 * DAY - timedelta(microseconds=1))
    assert purgeable(gone, MONTH, held=False, now=NOON + 30 * DAY)
    assert not purgeable(document(), MONTH, held=False, now=NOON + 3000 * DAY)


def test_pictures_go_only_where_the_clinic_says_so() -> None:
    gone, later = photo(**BIN), NOON + 31 * DAY
    assert not purgeable(gone, MONTH, held=False, now=later)
    assert purgeable(gone, replace(MONTH, photos_purgeable=True), held=False, now=later)
