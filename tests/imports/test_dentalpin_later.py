"""A DentalPin installation of 0.2.0 or later: documents say what they are, and are paired."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from application.derivatives import the_system
from application.ports.legacy import Anomaly, LegacyFile
from domain.documents import Revision
from domain.ids import ClinicId, DocumentId
from entrypoints.container import Container
from tests.imports.bringing import bring, contents, dentalpin, documents, installed, is_whole, links, undo
from tests.imports.dentalpin_made import EVA, IAN, ITEM, NORTH, NOTE, PLAN, ZOE, DentalPinMade, document_id, made_id

pytestmark = pytest.mark.anyio

NORTHERN = ClinicId(NORTH)


@pytest.fixture
def made(tmp_path: Path) -> DentalPinMade:
    return DentalPinMade(tmp_path / "old", later=True)


async def files(tmp_path: Path, made: DentalPinMade) -> tuple[dict[str, LegacyFile], list[Anomaly]]:
    async with installed(tmp_path) as container:
        legacies = await dentalpin(container, made.url, made.storage).read()
    found = {file.rows[0].id: file for legacy in legacies for file in legacy.files}
    anomalies = [anomaly for legacy in legacies for anomaly in legacy.anomalies]
    return found, [anomaly for anomaly in anomalies if anomaly.code != "patient_without_documents"]


def words(kind: str | None, category: str | None = None, subtype: str | None = None) -> dict[str, Any]:
    return {"media_kind": kind, "media_category": category, "media_subtype": subtype}


async def test_what_is_classified_stays_so(tmp_path: Path, made: DentalPinMade) -> None:
    given: Sequence[tuple[str | None, ...]] = (
        ("photo", "intraoral", "frontal"),
        ("xray", "xray", "bitewing"),
        ("document", None, None),
        ("scan", None, None),
        ("photo", None, None),
        ("xray", None, None),
    )
    for number, said in enumerate(given):
        made.document(number, **words(*said))
    made.document(8, **words("photo", "selfie", "x"))
    made.document(9, **words("photo", "intraoral", "panoramic"))
    made.document(10, **words("hologram"))
    made.document(11, **words(None))
    found, anomalies = await files(tmp_path, made)
    filed = {id: (each.media.kind, each.media.category, each.media.subtype) for id, each in found.items()}
    assert [filed[document_id(number)] for number in range(5)] == list(given[:5])
    assert filed[document_id(5)] == ("xray", "xray", None)
    assert filed[document_id(8)] == ("photo", None, None)
    assert filed[document_id(9)] == ("photo", "intraoral", None)
    assert filed[document_id(10)] == filed[document_id(11)] == ("photo", None, None)
    assert [anomaly.code for anomaly in anomalies] == ["odd_classification", "odd_classification", "odd_media_kind"]


async def test_tags_and_capture_dates_come_as_far_as_they_make_sense(tmp_path: Path, made: DentalPinMade) -> None:
    made.document(1, tags='["Caries", "caries", " 26 "]', captured_at="2024-03-15 10:20:30+02")
    made.document(2, tags="{a,b}", captured_at="1500-01-01 00:00:00+00")
    made.document(3, tags='["' + "x" * 51 + '"]', captured_at="soon")
    async with installed(tmp_path) as container:
        report = await bring(container, dentalpin(container, made.url, made.storage))
        views = {view.id: view for view in await documents(container)}
    assert [views[document_id(number)].tags for number in (1, 2, 3)] == [("Caries", "26"), ("a", "b"), ()]
    assert f"{views[document_id(1)].captured_at}" == "2024-03-15 08:20:30+00:00"
    assert views[document_id(1)].captured_at_source == "user"
    assert {a.code for a in report.anomalies if a.lost} == {"odd_captured_at", "tags_cut"}


async def test_links_are_those_of_the_one_table(tmp_path: Path, made: DentalPinMade) -> None:
    made.document(1)
    made.attach(1, 1, "plan_item", ITEM, order=3)
    made.attach(2, 1, "clinical_note", NOTE)
    made.attach(3, 1, "plan", PLAN)
    async with installed(tmp_path) as container:
        await bring(container, dentalpin(container, made.url, made.storage))
        assert await links(container) == {
            document_id(1): {("plan_item", ITEM): 3, ("clinical_note", NOTE): 0, ("plan", PLAN): 0}
        }


async def test_two_that_point_at_each_other_are_a_pair_and_nothing_else_is(tmp_path: Path, made: DentalPinMade) -> None:
    for number in range(1, 10):
        made.document(number)
    made.document(10, IAN)
    made.document(11, **words("document"))
    made.pair(1, 2)
    made.set(1, **words("photo", "clinical", "after"))
    made.set(2, status="archived", **words("photo", "clinical", "before"))
    made.set(3, paired_document_id=document_id(4))
    made.set(5, paired_document_id=document_id(6))
    made.set(6, paired_document_id=document_id(7))
    made.set(7, paired_document_id=made_id(0xDEAD, 1))
    made.set(8, paired_document_id=document_id(8))
    made.pair(9, 10)
    made.pair(4, 11)
    async with installed(tmp_path) as container:
        report = await bring(container, dentalpin(container, made.url, made.storage))
        paired = {v.id: (v.paired_document_id, v.pair_role) for v in await documents(container) if v.paired_document_id}
        again = await bring(container, dentalpin(container, made.url, made.storage))
        assert (again.run, again.brought) == (None, {})
        assert await is_whole(container)
    assert paired == {
        document_id(2): (document_id(1), "before"),
        document_id(1): (document_id(2), "after"),
    }
    assert (report.pairings, report.brought["pairing"]) == (1, 1)
    broken = {(a.row.id, a.code) for a in report.anomalies if a.row.table == "documents.paired_document_id"}
    assert broken == {
        (document_id(3), "pair_chain"),
        (document_id(4), "pair_refused"),
        (document_id(5), "pair_chain"),
        (document_id(6), "pair_chain"),
        (document_id(7), "dangling_pair"),
        (document_id(8), "pair_chain"),
        (document_id(9), "pair_refused"),
    }


async def test_a_pointer_that_is_not_returned_is_no_pair(tmp_path: Path, made: DentalPinMade) -> None:
    made.document(1, paired_document_id=document_id(2))
    made.document(2)
    _, anomalies = await files(tmp_path, made)
    assert [(anomaly.code, anomaly.lost) for anomaly in anomalies] == [("one_sided_pair", True)]


async def test_undone_nothing_is_left_and_it_can_come_again(tmp_path: Path, made: DentalPinMade) -> None:
    for number in (1, 2, 3):
        made.document(number)
    made.document(4, ZOE)
    made.pair(1, 2)
    made.attach(1, 3, "clinical_note", NOTE)
    async with installed(tmp_path) as container:
        report = await bring(container, dentalpin(container, made.url, made.storage))
        once = await contents(container)
        undone = await undo(container, report)
        assert (undone.removed, undone.kept) == (
            {"document": 4, "pairing": 1, "note": 1, "owner": 2, "patient": 3},
            (),
        )
        assert await documents(container) == []
        await bring(container, dentalpin(container, made.url, made.storage))
        assert await contents(container) == once
        assert await is_whole(container)


async def test_what_was_changed_since_stays_with_its_pair_and_its_notes(tmp_path: Path, made: DentalPinMade) -> None:
    for number in range(1, 8):
        made.document(number)
    made.pair(1, 2)
    made.pair(3, 4)
    made.attach(1, 1, "clinical_note", NOTE)
    staff = the_system(NORTHERN)
    async with installed(tmp_path) as container:
        report = await bring(container, dentalpin(container, made.url, made.storage))
        for number in (1, 2, 3):
            await container.revise_document()(staff, document_id(number), Revision(title="Renamed"))
        await container.pair_photos()(staff, document_id(5), document_id(6))
        undone = await undo(container, report)
        left = {view.id: view.paired_document_id for view in await documents(container)}
        assert left == {
            document_id(1): document_id(2),
            document_id(2): document_id(1),
            document_id(3): None,
            document_id(5): document_id(6),
            document_id(6): document_id(5),
        }
        kept = {(each.kind, each.id) for each in undone.kept}
        assert ("note", NOTE) in kept
        assert ("patient", EVA) in kept
        assert ("owner", f"plan/{PLAN}") not in kept
        assert len([each for each in undone.kept if each.kind == "pairing"]) == 1
        assert await is_whole(container)


async def test_unlinked_or_unpaired_here_since_it_is_not_brought_back(tmp_path: Path, made: DentalPinMade) -> None:
    made.document(1)
    made.document(2)
    made.pair(1, 2)
    made.attach(1, 1, "plan", PLAN)
    staff = the_system(NORTHERN)
    async with installed(tmp_path) as container:
        await bring(container, dentalpin(container, made.url, made.storage))
        await container.unpair_photo()(staff, document_id(1))
        await _unlink(container, document_id(1))
        await container.trash_document()(staff, document_id(2))
        report = await bring(container, dentalpin(container, made.url, made.storage))
        assert report.brought == {}
        assert [a.code for a in report.anomalies if a.row.table == "documents"] == ["trashed_since"]
        assert await links(container) == {document_id(1): {}, document_id(2): {}}


async def _unlink(container: Container, id: str) -> None:
    async with container.unit_of_work()(the_system(NORTHERN)) as uow:
        await uow.attachments.remove(await uow.attachments.of_document(DocumentId(id)))
        await uow.commit()
