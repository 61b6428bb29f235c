"""What a DentalPin installation from before 0.2.0 may hold beside the ordinary."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import pytest

from application.derivatives import the_system
from application.ports.legacy import Anomaly, Legacy, LegacyFile
from domain.access import Role
from domain.errors import Unavailable
from domain.ids import ClinicId
from entrypoints.container import Container
from tests.imports.bringing import bring, dentalpin, documents, installed, is_whole, links, undo
from tests.imports.dentalpin_made import (
    ADA,
    AT,
    CIRO,
    EVA,
    IAN,
    ITEM,
    NORTH,
    NOTE,
    PLAN,
    SOUTH,
    ZOE,
    DentalPinMade,
    document_id,
    made_id,
    picture,
)
from tests.made_files import pdf

pytestmark = pytest.mark.anyio

GONE = made_id(0xDEAD, 1)


@pytest.fixture
def made(tmp_path: Path) -> DentalPinMade:
    return DentalPinMade(tmp_path / "old")


async def read(tmp_path: Path, made: DentalPinMade) -> Sequence[Legacy]:
    async with installed(tmp_path) as container:
        return await dentalpin(container, made.url, made.storage).read()


async def files(tmp_path: Path, made: DentalPinMade) -> tuple[dict[str, LegacyFile], list[Anomaly]]:
    """By their ids, and all that is wrong but for the patients without any."""
    legacies = await read(tmp_path, made)
    found = {file.rows[0].id: file for legacy in legacies for file in legacy.files}
    anomalies = [anomaly for legacy in legacies for anomaly in legacy.anomalies]
    return found, [anomaly for anomaly in anomalies if anomaly.code != "patient_without_documents"]


def codes(anomalies: Sequence[Anomaly]) -> list[tuple[str, bool]]:
    return [(anomaly.code, anomaly.lost) for anomaly in anomalies]


async def test_how_treatments_used_a_document_says_what_it_is(tmp_path: Path, made: DentalPinMade) -> None:
    for number in range(1, 7):
        made.document(number)
    made.paper(7)
    for number, (of, word) in enumerate(
        [(1, "before"), (2, "xray"), (3, "before"), (3, "xray"), (4, "after"), (4, "before"), (5, "smile"), (7, "xray")]
    ):
        made.use(number, of, word)
    found, anomalies = await files(tmp_path, made)
    words = [(file.media.kind, file.media.category, file.media.subtype) for _, file in sorted(found.items())]
    assert words == [
        ("photo", "clinical", "before"),
        ("xray", "xray", "panoramic"),
        ("xray", "xray", "panoramic"),
        ("photo", "clinical", "after"),
        ("photo", None, None),
        ("photo", None, None),
        ("xray", "xray", "panoramic"),
    ]
    assert [(anomaly.code, anomaly.row.id) for anomaly in anomalies if anomaly.row.table == "documents"] == [
        ("xray_and_photo_rows", document_id(3)),
        ("conflicting_media_types", document_id(4)),
        ("odd_media_type", document_id(5)),
        ("non_image_photo", document_id(7)),
    ]


async def test_every_note_on_a_use_is_kept_in_the_description(tmp_path: Path, made: DentalPinMade) -> None:
    made.document(1, description="Base")
    for number, said in enumerate(["First", None, "  ", "Second\nline", "First"]):
        made.use(number, 1, "before", said)
    made.document(2, description="x" * 9_999)
    made.use(9, 2, "after", "too long")
    found, anomalies = await files(tmp_path, made)
    assert found[document_id(1)].description == "Base\nFirst\nSecond\nline\nFirst"
    assert [each for each in codes(anomalies) if each[0] != "duplicate_link"] == [
        ("several_notes", False),
        ("description_cut", True),
    ]


async def test_each_link_comes_once_in_the_place_of_the_first(tmp_path: Path, made: DentalPinMade) -> None:
    made.document(1)
    made.attach(1, 1, "plan", PLAN, NOTE, order=4)
    made.attach(2, 1, "patient", EVA, NOTE, order=9)
    made.use(1, 1, "before")
    made.use(2, 1, "before")
    async with installed(tmp_path) as container:
        await bring(container, dentalpin(container, made.url, made.storage))
        assert await links(container) == {
            document_id(1): {
                ("plan", PLAN): 4,
                ("patient", EVA): 9,
                ("clinical_note", NOTE): 4,
                ("plan_item", ITEM): 1,
            }
        }


async def test_links_that_lead_nowhere_are_named_and_what_can_be_kept_is(tmp_path: Path, made: DentalPinMade) -> None:
    made.document(1)
    made.document(2, IAN)
    deleted = made_id(0x91, 2)
    made.put("treatment_plans", deleted, NORTH, EVA, "Old", AT)
    made.attach(1, 1, "plan", GONE)
    made.attach(2, 1, "plan", deleted)
    made.attach(3, 1, "invoice", GONE)
    made.attach(4, 1, "plan", "")
    made.attach(5, 2, "plan", PLAN)
    made.attach(6, 9, "plan", PLAN)
    made.use(1, 2, "before", item=ITEM)
    found, anomalies = await files(tmp_path, made)
    assert sorted(codes(anomalies)) == [
        ("cross_patient_link", True),
        ("cross_patient_link", True),
        ("dangling_link", True),
        ("dangling_owner", False),
        ("dangling_owner", True),
        ("link_to_deleted_plan", False),
        ("unknown_owner_type", True),
    ]
    assert [link.owner.id for link in found[document_id(1)].links] == [GONE, deleted]
    assert found[document_id(2)].links == ()


async def test_documents_of_nobody_are_named_with_their_links(tmp_path: Path, made: DentalPinMade) -> None:
    made.document(1, patient_id=GONE)
    made.document(2, clinic_id=SOUTH)
    made.document(3)
    made.attach(1, 3, "plan", PLAN)
    (made.storage / f"{NORTH}/{EVA}/2026-02/{made_id(0xF1, 3)}.jpg").unlink()
    found, anomalies = await files(tmp_path, made)
    assert found == {}
    assert codes(anomalies) == [("broken_chain", True), ("broken_chain", True), ("missing_on_disk", True)]
    assert f"plan/{PLAN}" in anomalies[2].reason


@pytest.mark.parametrize(
    "written",
    ["{}", "./{}", "/srv/old/dentalpin/storage/{}", "C:\\DentalPin\\storage\\{}", "\\\\host\\share\\{}"],
)
async def test_a_stored_path_of_another_machine_is_found(tmp_path: Path, made: DentalPinMade, written: str) -> None:
    made.document(1)
    path = f"{NORTH}/{EVA}/2026-02/{made_id(0xF1, 1)}.jpg"
    made.set(1, storage_path=written.format(path.replace("/", "\\") if "\\" in written else path))
    found, anomalies = await files(tmp_path, made)
    assert [file.path for file in found.values()] == [path]
    assert anomalies == []


@pytest.mark.parametrize("stored", ["../secret.jpg", "/etc/hostname", "link.jpg", "", f"{NORTH}/..\\..\\secret.jpg"])
async def test_no_stored_path_leads_out_of_the_storage(tmp_path: Path, made: DentalPinMade, stored: str) -> None:
    (tmp_path / "old" / "secret.jpg").write_text("secret")
    (made.storage / "link.jpg").symlink_to(tmp_path / "old" / "secret.jpg")
    made.document(1, storage_path=stored)
    found, anomalies = await files(tmp_path, made)
    assert found == {}
    assert ("missing_on_disk", True) in codes(anomalies)


async def test_a_file_kept_elsewhere_is_named_as_such(tmp_path: Path, made: DentalPinMade) -> None:
    made.document(1, storage_path="s3://bucket/n1.jpg")
    found, anomalies = await files(tmp_path, made)
    assert found == {}
    assert ("remote", True) in codes(anomalies)


async def test_ids_are_the_same_however_they_are_written(tmp_path: Path, made: DentalPinMade) -> None:
    made.document(1, id=UUID(document_id(1)).hex, patient_id=EVA.upper(), clinic_id="{" + NORTH + "}")
    made.put("documents", "no-uuid", NORTH, EVA, *_rest_of_row(made))
    made.attach(1, 1, "plan", UUID(PLAN).hex)
    found, anomalies = await files(tmp_path, made)
    assert found[document_id(1)].id == document_id(1)
    assert [link.owner.id for link in found[document_id(1)].links] == [PLAN]
    assert found["no-uuid"].id is None
    assert ("id_changed", False) in codes(anomalies)
    assert {code for code, _ in codes(anomalies)} == {"id_changed", "shared_file"}


def _rest_of_row(made: DentalPinMade) -> list[object]:
    path = f"{NORTH}/{EVA}/2026-02/{made_id(0xF1, 1)}.jpg"
    return ["other", "T", None, "n.jpg", path, "image/jpeg", None, CIRO, "active", AT, AT]


async def test_odd_values_are_named_and_harm_nothing(tmp_path: Path, made: DentalPinMade) -> None:
    made.document(1, document_type="poem", status="lost", file_size="many", created_at="yesterday", uploaded_by=GONE)
    made.document(2, title="t" * 300, original_filename="a/b\u202e%41ж", mime_type=None, updated_at=None)
    made.document(3, title=None, original_filename=None, mime_type="IMAGE/JPEG; q=1")
    found, anomalies = await files(tmp_path, made)
    assert len(found) == 3
    assert {code for code, _ in codes(anomalies)} == {
        "odd_document_type",
        "odd_status",
        "dangling_user",
        "title_cut",
        "non_latin1_filename",
        "percent_in_filename",
        "filename_cleaned",
    }
    assert found[document_id(3)].media.kind == "photo"
    async with installed(tmp_path) as container:
        report = await bring(container, dentalpin(container, made.url, made.storage))
        views = await documents(container)
        assert (len(views), report.isolated) == (3, True)
        assert {len(view.title) for view in views} == {7, 255, 36}
        assert await is_whole(container)


@pytest.mark.parametrize("dropped", ["clinical_note_attachments", "treatment_media", "clinical_notes", "users"])
async def test_missing_tables_are_no_hindrance(tmp_path: Path, made: DentalPinMade, dropped: str) -> None:
    made.document(1)
    made.run(f"DROP TABLE {dropped}")
    found, _ = await files(tmp_path, made)
    assert found.keys() == {document_id(1)}


async def test_missing_columns_are_no_hindrance(tmp_path: Path, made: DentalPinMade) -> None:
    made.document(1)
    made.attach(1, 1, "patient", EVA)
    for column in ("clinic_id", "description", "mime_type", "file_size", "status", "created_at", "updated_at", "title"):
        made.run(f"ALTER TABLE documents DROP COLUMN {column}")
    made.run("ALTER TABLE clinical_note_attachments DROP COLUMN display_order", "DROP TABLE clinics")
    async with installed(tmp_path) as container:
        report = await bring(container, dentalpin(container, made.url, made.storage))
        (view,) = await documents(container)
        assert (view.clinic_id, view.media_kind, view.title) == (NORTH, "photo", "n1")
        assert {anomaly.code for anomaly in report.anomalies} == {"dangling_clinic", "patient_without_documents"}


async def test_what_is_no_dentalpin_is_refused(tmp_path: Path, made: DentalPinMade) -> None:
    made.run("DROP TABLE patients")
    with pytest.raises(Unavailable, match="no database of DentalPin"):
        await read(tmp_path, made)


async def test_users_are_what_they_are_in_each_clinic(tmp_path: Path, made: DentalPinMade) -> None:
    eli, jo = made_id(0xE5, 3), made_id(0xE5, 4)
    made.put("users", eli, "eli@example.org", "x", "Eli", "Outside")
    made.put("users", jo, "jo@example.org", "x", "Jo", "Janitor")
    made.put("clinic_memberships", made_id(1, 4), jo, NORTH, "janitor")
    made.put("clinic_memberships", made_id(1, 5), GONE, NORTH, "admin")
    made.document(1)
    made.document(2, ZOE)
    north, south = await read(tmp_path, made)
    assert {user.id: user.role for user in north.users} == {
        ADA: Role.ADMIN,
        CIRO: Role.DENTIST,
        jo: Role.ACCOUNT,
        eli: Role.ACCOUNT,
    }
    assert [user.id for user in south.users] == [ADA]
    assert {anomaly.code for anomaly in north.anomalies} >= {"odd_role", "dangling_membership"}
    async with installed(tmp_path) as container:
        report = await bring(container, dentalpin(container, made.url, made.storage))
        assert report.isolated
        assert {user.label: user.uploaded for user in report.users}["ciro@example.org"] == 2


async def test_notes_come_with_their_ids_and_odd_ones_are_named(tmp_path: Path, made: DentalPinMade) -> None:
    ids = [made_id(0x93, number) for number in range(2, 9)]
    made.note(ids[0], "patient", GONE, "of nobody")
    made.note(ids[1], "patient", EVA, "x", kind="poem")
    made.note(ids[2], "patient", EVA, " \n ")
    made.note(ids[3], "patient", EVA, "long " * 5_000)
    made.note(ids[4], "plan", PLAN, "a plan's", kind="diagnosis", tooth=99)
    made.note(ids[5], "plan", PLAN, "gone", deleted=AT)
    made.note(ids[6], "plan", PLAN, "good", kind="treatment_plan")
    north, _ = await read(tmp_path, made)
    assert [each.note.id for each in north.notes] == [NOTE, ids[3], ids[4], ids[6]]
    assert {each.note.patient_id for each in north.notes} == {EVA}
    assert [(a.row.id, a.code, a.lost) for a in north.anomalies if a.row.table == "clinical_notes"] == [
        (ids[0], "dangling_note", True),
        (ids[1], "odd_note", True),
        (ids[2], "odd_note", True),
        (ids[3], "odd_note", True),
        (ids[4], "odd_note", True),
        (ids[4], "odd_note", False),
        (ids[5], "deleted_note", False),
    ]


async def test_pictures_are_made_anew_and_a_paper_filed_as_photo_gets_none(tmp_path: Path, made: DentalPinMade) -> None:
    made.document(1)
    made.paper(2)
    made.use(1, 2, "reference")
    made.document(3)
    made.write(f"{NORTH}/{EVA}/2026-02/{made_id(0xF1, 3)}.jpg", pdf())
    async with installed(tmp_path) as container:
        report = await bring(container, dentalpin(container, made.url, made.storage))
        views = {view.id: view for view in await documents(container)}
        kept = {entry.key: entry.size async for entry in container.blobs().entries()}
    assert [views[document_id(number)].derived for number in (1, 2, 3)] == ["ready", "none", "none"]
    assert len(kept) == 5
    assert kept[f"{views[document_id(1)].prefix}/thumb"] != len(picture(1))
    assert views[document_id(3)].mime_type == "application/pdf"
    assert "type_contradicted" in {anomaly.code for anomaly in report.anomalies}


async def test_what_was_added_there_since_comes_with_the_next_run_and_goes_with_it(
    tmp_path: Path, made: DentalPinMade
) -> None:
    made.document(1)
    async with installed(tmp_path) as container:
        await bring(container, dentalpin(container, made.url, made.storage))
        made.attach(1, 1, "plan", PLAN, NOTE)
        made.document(2)
        second = await bring(container, dentalpin(container, made.url, made.storage))
        assert second.brought == {"document": 1, "link": 2}
        assert set((await links(container))[document_id(1)]) == {("plan", PLAN), ("clinical_note", NOTE)}
        undone = await undo(container, second)
        assert (undone.removed, undone.kept) == ({"document": 1, "link": 2}, ())
        assert await links(container) == {document_id(1): {}}


async def test_an_id_that_another_document_has_here_is_named(tmp_path: Path, made: DentalPinMade) -> None:
    made.document(1)
    made.document(2)
    async with installed(tmp_path) as container:
        await bring(container, dentalpin(container, made.url, made.storage))
        await _forget(container)
        report = await bring(container, dentalpin(container, made.url, made.storage))
        assert [a.row.id for a in report.anomalies if a.code == "id_taken"] == [document_id(1), document_id(2)]
        assert not report.whole
        assert len(await documents(container)) == 2


async def _forget(container: Container) -> None:
    """As if the documents had come here on another way."""
    rows = await container.import_runs().rows_of_source("dentalpin", ClinicId(NORTH))
    async with container.unit_of_work()(the_system(ClinicId(NORTH))) as uow:
        await uow.imports.forget(rows)
        await uow.commit()
