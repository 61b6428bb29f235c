"""Verify finds each kind of damage under its code, says what mends it, and raises no alarm where nothing is wrong."""

from collections.abc import AsyncIterator
from datetime import timedelta

import anyio
import anyio.lowlevel
import pytest

from adapters.memory.blobs import MemoryBlobs
from application.ports.blobs import MEDIUM, ORIGINAL, THUMB, BlobEntry, StagedEntry
from application.verify import Finding
from domain.errors import Unavailable
from domain.media import MediaKind
from tests.proof import samples
from tests.proof.small_clinic import ME, SmallClinic, small_clinic
from tests.proof.use_cases import UseCases
from tests.samples import ANA, CLINIC

pytestmark = pytest.mark.anyio

FROM_BACKUP = "restore BACKUP --mend"


@pytest.fixture
async def clinic() -> SmallClinic:
    return await small_clinic()


async def found(does: UseCases, share: float = 1.0) -> list[Finding]:
    return [finding async for finding in does.verify(share=share)]


async def codes(does: UseCases, share: float = 1.0) -> list[tuple[str, str, str]]:
    return [(finding.code, finding.id, finding.mend) for finding in await found(does, share)]


async def test_nothing_is_found_where_nothing_is_wrong(clinic: SmallClinic) -> None:
    one, two = await clinic.photo(1), await clinic.photo(2)
    await clinic.store(samples.xray(1), "rx.png", kind=MediaKind.XRAY)
    await clinic.does.pair(ME, one.id, two.id)
    await clinic.does.trash(ME, two.id)
    clinic.ports.clock.advance(timedelta(days=3))
    assert await found(clinic.does) == []


async def test_missing_bytes_are_found(clinic: SmallClinic) -> None:
    view = await clinic.photo(1)
    await clinic.ports.blobs.delete(view.prefix)
    assert await codes(clinic.does, 0) == [("I1", view.id, FROM_BACKUP)]


async def test_cut_off_bytes_are_found_without_reading_them(clinic: SmallClinic) -> None:
    view = await clinic.photo(1)
    await clinic.ports.blobs.put(f"{view.prefix}/{ORIGINAL}", samples.photo(1)[:-1])
    assert await codes(clinic.does, 0) == [("I1", view.id, FROM_BACKUP)]


async def test_changed_bytes_are_found_when_they_are_read(clinic: SmallClinic) -> None:
    view = await clinic.photo(1)
    data = bytearray(samples.photo(1))
    data[200] ^= 1
    await clinic.ports.blobs.put(f"{view.prefix}/{ORIGINAL}", bytes(data))
    assert await codes(clinic.does, 0) == []
    assert await codes(clinic.does) == [("I1", view.id, FROM_BACKUP)]


@pytest.mark.parametrize("name", [THUMB, MEDIUM])
async def test_a_cut_off_picture_is_found_and_can_be_made_again(clinic: SmallClinic, name: str) -> None:
    view = await clinic.photo(1)
    await clinic.ports.blobs.put(f"{view.prefix}/{name}", b"\xff\xd8 and no more")
    assert await codes(clinic.does) == [("I12", view.id, "verify --repair")]


async def test_a_missing_picture_is_found_and_can_be_made_again(clinic: SmallClinic) -> None:
    view = await clinic.photo(1)
    await clinic.ports.blobs.delete(view.prefix)
    await clinic.ports.blobs.put(f"{view.prefix}/{ORIGINAL}", samples.photo(1))
    assert await codes(clinic.does, 0) == [("I12", view.id, "verify --repair")] * 2


async def test_committed_bytes_that_wait_for_their_promotion_are_found(clinic: SmallClinic) -> None:
    def not_promoted(place: str) -> None:
        if place == "Blobs.promote:before":
            raise Unavailable("on purpose")

    clinic.tap.listener, clinic.tap.is_on = not_promoted, True
    view = await clinic.store(samples.photo(1), "foto.jpg", does=clinic.failing, category="other")
    assert await codes(clinic.does) == [("I10", view.id, "verify --repair")]
    await clinic.does.recover()
    assert await codes(clinic.does) == []


async def test_after_a_crash_the_staged_bytes_are_not_listed_again_for_each_document(clinic: SmallClinic) -> None:
    listed: list[str] = []

    def not_promoted(place: str) -> None:
        if place == "Blobs.promote:before":
            raise Unavailable("on purpose")
        if place == "Blobs.staged:before":
            listed.append(place)

    clinic.tap.listener, clinic.tap.is_on = not_promoted, True
    for number in range(40):
        await clinic.store(samples.photo(number), "foto.jpg", does=clinic.failing, category="other")
    assert [code for code, *_ in await codes(clinic.failing, 0)] == ["I10"] * 40
    assert len(listed) <= 17, "a batch of documents may ask at once, and then there is the look for abandoned uploads"


async def test_documents_are_looked_at_several_at_a_time(clinic: SmallClinic) -> None:
    class Slow(MemoryBlobs):
        here = most = 0

        async def stat(self, key: str) -> BlobEntry | None:
            self.here += 1
            self.most = max(self.most, self.here)
            await anyio.lowlevel.checkpoint()
            self.here -= 1
            return await super().stat(key)

    blobs = Slow()
    does = clinic.over(blobs=blobs)
    views = [await clinic.store(samples.photo(number), "foto.jpg", does=does, category="other") for number in range(20)]
    blobs.most = 0
    await blobs.delete(views[7].prefix)
    await blobs.delete(views[17].prefix)
    assert [(code, id) for code, id, _ in await codes(does)] == [("I1", views[7].id), ("I1", views[17].id)]
    assert 8 <= blobs.most <= 16


async def test_bytes_that_nobody_names_are_found_after_a_day(clinic: SmallClinic) -> None:
    key = f"{CLINIC}/{ANA}/2026-01/{clinic.ports.new_id()}/{ORIGINAL}"
    await clinic.ports.blobs.put(key, b"nobody's")
    assert await codes(clinic.does) == []
    clinic.ports.clock.advance(timedelta(hours=25))
    assert await codes(clinic.does) == [("I3", key, "verify --repair")]


async def test_a_blob_of_a_strange_name_beside_a_document_is_found(clinic: SmallClinic) -> None:
    view = await clinic.photo(1)
    await clinic.ports.blobs.put(f"{view.prefix}/original.bak", b"by hand")
    assert await codes(clinic.does) == [("I3", f"{view.prefix}/original.bak", "look at it, then remove it")]


async def test_an_abandoned_upload_is_found_where_nobody_cleans_up(clinic: SmallClinic) -> None:
    incoming = await clinic.arrived(b"half of it", "foto.jpg")
    clinic.ports.clock.advance(timedelta(hours=24, minutes=30))
    assert await codes(clinic.does) == []
    clinic.ports.clock.advance(timedelta(hours=1))
    assert await codes(clinic.does) == [("I10", incoming.id, "verify --repair")]


async def test_a_share_of_the_documents_is_read_the_same_each_time(clinic: SmallClinic) -> None:
    views = [await clinic.photo(number) for number in range(8)]
    for view in views:
        await clinic.ports.blobs.put(f"{view.prefix}/{ORIGINAL}", b"x" * view.file_size)
    some = {finding.id for finding in await found(clinic.does, 0.5)}
    assert 0 < len(some) < 8
    assert some == {finding.id for finding in await found(clinic.does, 0.5)}
    assert len(await found(clinic.does)) == 8


class PromotedMeanwhile(MemoryBlobs):
    """The upload's own request promotes it after it was looked for at its place and before it is among the staged."""

    prefix = ""

    async def staged(self) -> AsyncIterator[StagedEntry]:
        for id in [entry.id async for entry in super().staged()]:
            await self.promote(id, self.prefix)
        async for entry in super().staged():
            yield entry


async def test_an_upload_that_is_promoted_while_it_is_looked_for_is_no_damage(clinic: SmallClinic) -> None:
    blobs = PromotedMeanwhile()
    does = clinic.over(blobs=blobs)
    view = await clinic.store(samples.photo(1), "foto.jpg", does=does, category="other")
    blobs.prefix = view.prefix
    staged = await blobs.stage(view.id)
    await staged.write(samples.photo(1))
    await staged.seal()
    await blobs.delete(view.prefix)
    assert [line for line in await codes(does) if line[0] == "I1"] == []


async def test_what_is_purged_but_not_deleted_yet_is_no_orphan(clinic: SmallClinic) -> None:
    view = await clinic.photo(1)
    await clinic.does.trash(ME, view.id)
    clinic.ports.clock.advance(timedelta(days=31))

    def not_deleted(place: str) -> None:
        if place == "Blobs.delete:before":
            raise Unavailable("on purpose")

    clinic.tap.listener, clinic.tap.is_on = not_deleted, True
    with pytest.raises(Unavailable):
        [purged async for purged in clinic.failing.purge_trash()]
    assert await clinic.stored() != set()
    assert await found(clinic.does) == []


async def test_a_document_that_is_purged_while_it_is_looked_for_is_no_damage(clinic: SmallClinic) -> None:
    class PurgedMeanwhile(MemoryBlobs):
        async def staged(self) -> AsyncIterator[StagedEntry]:
            if await clinic.documents():
                await clinic.does.trash(ME, view.id)
            clinic.ports.clock.advance(timedelta(days=31))
            async for _ in clinic.over(blobs=self).purge_trash():
                pass
            for entry in [entry async for entry in super().staged()]:
                yield entry

    blobs = PurgedMeanwhile()
    does = clinic.over(blobs=blobs)
    view = await clinic.store(samples.photo(1), "foto.jpg", does=does, category="other")
    await blobs.delete(view.prefix)
    assert await found(does) == []
