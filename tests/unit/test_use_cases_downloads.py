"""Bytes are handed out to whom they may be, are those that were uploaded, and every time it is written down."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adapters.memory.audit_trail import MemoryAuditTrail
from application.downloads import Download
from application.ports.audit_trail import AuditCriteria, AuditEntry
from application.ports.blobs import ORIGINAL, THUMB
from application.ports.paging import PageRequest
from application.recent import Seen
from domain.access import Access, Permission, Principal
from domain.errors import Forbidden, NotFound, Unavailable
from domain.ids import PatientId
from domain.media import DocumentType
from tests.installations import TickingClock
from tests.proof import samples
from tests.proof.small_clinic import ME, SmallClinic, small_clinic
from tests.proof.use_cases import UseCases
from tests.samples import ANA, ANOTHER_CLINIC, LUIS, account, staff

pytestmark = pytest.mark.anyio


@pytest.fixture
async def clinic() -> SmallClinic:
    return await small_clinic()


async def whole(does: UseCases, download: Download) -> bytes:
    return b"".join([chunk async for chunk in await does.download.read(download, 0, download.size)])


def away_at(place: str) -> Callable[[str], None]:
    def tap(reached: str) -> None:
        if reached == place:
            raise Unavailable("on purpose")

    return tap


def asked_of_the_storage(clinic: SmallClinic) -> list[str]:
    """What is asked of it from now on by what `failing` does, added as it happens."""
    asked: list[str] = []

    def tap(reached: str) -> None:
        port, _, step = reached.removesuffix(":before").partition(".")
        if port == "Blobs" and reached.endswith(":before"):
            asked.append(step)

    clinic.tap.listener, clinic.tap.is_on = tap, True
    return asked


async def test_an_original_is_what_was_uploaded(clinic: SmallClinic) -> None:
    view = await clinic.photo(1)
    download = await clinic.does.download(ME, view.id)
    assert (download.mime, download.size, download.etag) == ("image/jpeg", len(samples.photo(1)), view.sha256)
    assert await whole(clinic.does, download) == samples.photo(1)


async def test_a_part_is_that_part(clinic: SmallClinic) -> None:
    download = await clinic.does.download(ME, (await clinic.photo(1)).id)
    part = b"".join([chunk async for chunk in await clinic.does.download.read(download, 10, 20)])
    assert part == samples.photo(1)[10:20]


async def test_each_picture_has_its_own_bytes_and_tag(clinic: SmallClinic) -> None:
    view = await clinic.photo(1)
    small, large = [await clinic.does.download(ME, view.id, variant) for variant in ("thumb", "medium")]
    assert small.content == await clinic.bytes_of(f"{view.prefix}/{THUMB}")
    assert small.content != large.content
    assert len({small.etag, large.etag, view.sha256}) == 3


async def test_a_document_without_pictures_has_none(clinic: SmallClinic) -> None:
    incoming = await clinic.arrived(b"a text", "informe.txt")
    view = await clinic.does.store_document(ME, ANA, incoming, document_type=DocumentType.REPORT, title="Informe")
    with pytest.raises(NotFound):
        await clinic.does.download(ME, view.id, "thumb")


@pytest.mark.parametrize("variant", ["full", "thumb"])
async def test_what_is_in_the_trash_is_not_handed_out(clinic: SmallClinic, variant: str) -> None:
    view = await clinic.photo(1)
    await clinic.does.download(ME, view.id, variant)
    await clinic.does.trash(ME, view.id)
    with pytest.raises(NotFound):
        await clinic.does.download(ME, view.id, variant)


@pytest.mark.parametrize(
    "stranger", [staff(ANOTHER_CLINIC), account(PatientId("eva")), account(LUIS, access=Access.FULL)]
)
@pytest.mark.parametrize("variant", ["full", "thumb"])
async def test_for_others_it_does_not_exist(clinic: SmallClinic, stranger: Principal, variant: str) -> None:
    view = await clinic.photo(1)
    with pytest.raises(NotFound):
        await clinic.does.download(stranger, view.id, variant)


async def test_an_account_may_read_what_it_may_see(clinic: SmallClinic) -> None:
    view = await clinic.photo(1)
    download = await clinic.does.download(account(ANA, access=Access.VIEW), view.id)
    assert await whole(clinic.does, download) == samples.photo(1)


@pytest.mark.parametrize("damaged", [None, b"", b"\xff\xd8 cut off"])
async def test_a_picture_that_is_missing_or_cut_off_is_made_again(clinic: SmallClinic, damaged: bytes | None) -> None:
    view = await clinic.photo(1)
    thumb = await clinic.bytes_of(f"{view.prefix}/{THUMB}")
    if damaged is None:
        await clinic.ports.blobs.delete(view.prefix)
        await clinic.ports.blobs.put(f"{view.prefix}/{ORIGINAL}", samples.photo(1))
    else:
        await clinic.ports.blobs.put(f"{view.prefix}/{THUMB}", damaged)
    assert (await clinic.does.download(ME, view.id, "thumb")).content == thumb
    assert await clinic.bytes_of(f"{view.prefix}/{THUMB}") == thumb


@pytest.mark.parametrize("variant", ["full", "medium", "thumb"])
async def test_what_is_not_promoted_yet_is_handed_out_all_the_same(clinic: SmallClinic, variant: str) -> None:
    clinic.tap.listener, clinic.tap.is_on = away_at("Blobs.promote:before"), True
    view = await clinic.store(samples.photo(1), "foto.jpg", does=clinic.failing, category="other")
    download = await clinic.does.download(ME, view.id, variant)
    assert download.content or await whole(clinic.does, download) == samples.photo(1)


async def test_a_picture_that_cannot_be_made_yet_is_not_found(clinic: SmallClinic) -> None:
    clinic.inspector.faults = 1
    view = await clinic.photo(1)
    clinic.inspector.faults = 1
    with pytest.raises(NotFound):
        await clinic.does.download(ME, view.id, "thumb")


async def test_missing_bytes_are_a_fault_of_the_storage_and_nothing_else_instead(clinic: SmallClinic) -> None:
    view = await clinic.photo(1)
    download = await clinic.does.download(ME, view.id)
    await clinic.ports.blobs.delete(view.prefix)
    for attempt in (
        whole(clinic.does, download),
        clinic.does.download.settle(download),
        clinic.does.download(ME, view.id, "thumb"),
    ):
        with pytest.raises(Unavailable, match="bytes are missing"):
            await attempt


async def test_to_read_an_original_the_storage_is_asked_once(clinic: SmallClinic) -> None:
    view = await clinic.photo(1)
    asked = asked_of_the_storage(clinic)
    download = await clinic.failing.download(ME, view.id)
    assert asked == []
    assert await whole(clinic.failing, download) == samples.photo(1)
    assert asked == ["read", "read.next"]


async def test_an_original_that_others_send_is_at_its_place_first(clinic: SmallClinic) -> None:
    clinic.tap.listener, clinic.tap.is_on = away_at("Blobs.promote:before"), True
    view = await clinic.store(samples.photo(1), "foto.jpg", does=clinic.failing, category="other")
    key = f"{view.prefix}/{ORIGINAL}"
    assert await clinic.bytes_of(key) is None
    await clinic.does.download.settle(await clinic.does.download(ME, view.id))
    assert await clinic.bytes_of(key) == samples.photo(1)


async def test_an_original_that_others_send_is_looked_for_once_a_minute(clinic: SmallClinic) -> None:
    view, asked, clock = await clinic.photo(1), asked_of_the_storage(clinic), TickingClock()
    clock.tick = timedelta()
    does = UseCases(replace(clinic.failing.ports, clock=clock))
    looked = []
    for passed in (0, 59, 1, 59, 1, -2, 1):
        clock.advance(timedelta(seconds=passed))
        await does.download.settle(await does.download(ME, view.id))
        looked.append(asked == ["stat"])
        asked.clear()
    assert looked == [True, False, True, False, True, True, False]


async def test_a_picture_is_at_hand_and_not_looked_for(clinic: SmallClinic) -> None:
    view = await clinic.photo(1)
    thumb = await clinic.failing.download(ME, view.id, "thumb")
    asked = asked_of_the_storage(clinic)
    await clinic.failing.download.settle(thumb)
    assert asked == []


def test_the_last_originals_seen_are_known_and_no_more() -> None:
    now, seen = datetime(2026, 7, 1, tzinfo=UTC), Seen(capacity=2)
    for key in ("a", "b", "a", "c"):
        seen.note(key, now)
    assert [key for key in ("a", "b", "c") if seen.lately(key, now)] == ["a", "c"]


async def test_bytes_that_have_changed_on_the_disk_are_cut_off_before_the_end(clinic: SmallClinic) -> None:
    view = await clinic.photo(1)
    changed = samples.photo(1)[:-1] + b"\x00"
    await clinic.ports.blobs.put(f"{view.prefix}/{ORIGINAL}", changed)
    download, got = await clinic.does.download(ME, view.id), b""
    with pytest.raises(Unavailable):  # noqa: PT012 - what came before it counts
        async for chunk in await clinic.does.download.read(download, 0, download.size):
            got += chunk
    assert len(got) < len(changed)


async def test_each_time_it_is_written_down_with_who_and_what(clinic: SmallClinic) -> None:
    view = await clinic.photo(1)
    for variant in ("full", "thumb"):
        await clinic.does.download(ME, view.id, variant)
    page = await clinic.ports.audit.page(ME, AuditCriteria(action="document.read"), PageRequest())
    said = [(row.entry.user_id, row.entry.document_id, row.entry.patient_id, row.entry.detail) for row in page.items]
    assert said == [(ME.user_id, view.id, ANA, variant) for variant in ("thumb", "full")]


class CutOffAuditTrail(MemoryAuditTrail):
    """Loses what nobody waited for, as a process does that ends just then."""

    async def append(self, entry: AuditEntry, *, wait: bool = False) -> None:
        if wait:
            await super().append(entry, wait=True)


async def test_who_has_got_an_original_is_in_the_log_whatever_happens_then(clinic: SmallClinic) -> None:
    view = await clinic.photo(1)
    assert isinstance(clinic.ports.audit, MemoryAuditTrail)
    await clinic.over(audit=CutOffAuditTrail(clinic.ports.audit._store)).download(ME, view.id)
    page = await clinic.ports.audit.page(ME, AuditCriteria(action="document.read"), PageRequest())
    assert [row.entry.detail for row in page.items] == ["full"]


async def test_an_original_is_not_handed_out_where_that_cannot_be_written_down(clinic: SmallClinic) -> None:
    view = await clinic.photo(1)
    clinic.tap.listener, clinic.tap.is_on = away_at("AuditTrail.append:before"), True
    with pytest.raises(Unavailable):
        await clinic.failing.download(ME, view.id)


async def test_who_may_read_no_documents_is_told_nothing_of_one(clinic: SmallClinic) -> None:
    clerk = replace(ME, roles=frozenset(), permissions=frozenset({Permission.DIRECTORY_READ}))
    id = (await clinic.photo(1)).id
    for use_case in (clinic.does.get_document, clinic.does.download):
        with pytest.raises(Forbidden):
            await use_case(clerk, id)
