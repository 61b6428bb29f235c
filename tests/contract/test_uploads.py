"""What is remembered of uploads that come in pieces, whichever database remembers it."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from application.ports.resumable import Upload
from application.ports.unit_of_work import Once
from domain.access import Principal
from domain.errors import NotFound, RuleViolated, TooManyRequests
from domain.ids import DocumentId
from tests.installations import Installation
from tests.samples import ANA, ANOTHER_CLINIC, staff

pytestmark = pytest.mark.anyio

STAFF = staff()
NOW = datetime(2026, 3, 1, 9, 30, 15, 123456, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def upload(installation: Installation, actor: Principal = STAFF, once: Once | None = None, **changes: object) -> Upload:
    plain = Upload(
        id=DocumentId(installation.new_id()),
        clinic_id=actor.clinic_id,
        user_id=actor.user_id,
        patient_id=ANA,
        length=5_000_000_000,
        metadata="target cGhvdG8=,title w7E=",
        place="here",
        once=once,
        created_at=NOW,
        expires_at=LATER,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


async def test_an_upload_is_found_as_it_was_added(installation: Installation) -> None:
    for added in (upload(installation), upload(installation, once=Once(key="k", fingerprint="f"))):
        assert await installation.uploads.add(added, 50) == added
        assert await installation.uploads.get(STAFF, added.id) == added


async def test_an_upload_is_nothing_to_another_user_or_another_clinic(installation: Installation) -> None:
    added = await installation.uploads.add(upload(installation), 50)
    for stranger in (staff(user="u-2"), staff(ANOTHER_CLINIC)):
        with pytest.raises(NotFound):
            await installation.uploads.get(stranger, added.id)
    with pytest.raises(NotFound):
        await installation.uploads.get(STAFF, DocumentId(installation.new_id()))


async def test_an_upload_moves_on_is_finished_and_removed(installation: Installation) -> None:
    uploads, added = installation.uploads, upload(installation)
    await uploads.add(added, 50)
    await uploads.advance(added.id, 4_999_999_999, LATER + timedelta(hours=1))
    moved = replace(added, received=4_999_999_999, expires_at=LATER + timedelta(hours=1))
    assert await uploads.get(STAFF, added.id) == moved
    await uploads.finish(added.id, added.id, LATER)
    finished = await uploads.get(STAFF, added.id)
    assert finished == replace(added, received=added.length, document_id=added.id)
    assert finished.is_finished
    await uploads.remove(added.id)
    with pytest.raises(NotFound):
        await uploads.get(STAFF, added.id)


async def test_what_is_gone_cannot_be_changed_any_more(installation: Installation) -> None:
    gone = DocumentId(installation.new_id())
    await installation.uploads.advance(gone, 1, LATER)
    await installation.uploads.finish(gone, gone, LATER)
    await installation.uploads.remove(gone)
    with pytest.raises(NotFound):
        await installation.uploads.get(STAFF, gone)


async def test_a_key_begins_one_upload_of_each_user(installation: Installation) -> None:
    uploads, once = installation.uploads, Once(key="k-1", fingerprint="f")
    first = await uploads.add(upload(installation, once=once), 50)
    assert await uploads.add(upload(installation, once=once), 50) == first
    with pytest.raises(RuleViolated):
        await uploads.add(upload(installation, once=Once(key="k-1", fingerprint="g")), 50)
    for stranger in (staff(user="u-2"), staff(ANOTHER_CLINIC)):
        added = upload(installation, stranger, once)
        assert await uploads.add(added, 50) == added


async def test_a_user_holds_a_limited_number_of_unfinished_uploads_even_when_begun_at_once(
    installation: Installation,
) -> None:
    uploads = installation.uploads
    added = [upload(installation) for _ in range(6)]
    outcomes = await asyncio.gather(*(uploads.add(one, 3) for one in added), return_exceptions=True)
    assert sum(isinstance(outcome, TooManyRequests) for outcome in outcomes) == 3
    begun = [outcome for outcome in outcomes if isinstance(outcome, Upload)]
    assert len(begun) == 3
    await uploads.add(upload(installation, staff(user="u-2")), 3)
    await uploads.finish(begun[0].id, begun[0].id, LATER)
    await uploads.add(upload(installation), 3)


async def test_expired_ones_are_listed_the_longest_first(installation: Installation) -> None:
    uploads = installation.uploads
    added = [upload(installation, expires_at=NOW + timedelta(minutes=minutes)) for minutes in (3, 1, 2, 9)]
    others = upload(installation, staff(ANOTHER_CLINIC), expires_at=NOW)
    for one in (*added, others):
        await uploads.add(one, 50)
    at = NOW + timedelta(minutes=3, microseconds=1)
    assert [one.id for one in await uploads.expired(at, 10)] == [others.id, added[1].id, added[2].id, added[0].id]
    assert [one.id for one in await uploads.expired(at, 2)] == [others.id, added[1].id]
    assert await uploads.expired(NOW, 10) == []
