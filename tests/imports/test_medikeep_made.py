"""What a MediKeep installation may hold beside the ordinary."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from application.ports.legacy import Legacy
from domain.access import Access
from domain.errors import Conflict, Unavailable
from domain.ids import UserId
from tests.imports.bringing import CLINIC, bring, documents, installed, medikeep
from tests.imports.medikeep_made import AT, MediKeepMade, fingerprints

pytestmark = pytest.mark.anyio


@pytest.fixture
def made(tmp_path: Path) -> MediKeepMade:
    return MediKeepMade(tmp_path / "old")


async def read(tmp_path: Path, made: MediKeepMade) -> Legacy:
    async with installed(tmp_path) as container:
        (legacy,) = await medikeep(container, made.url, made.uploads).read()
        return legacy


def codes(legacy: Legacy) -> list[tuple[str, str]]:
    return [(anomaly.code, anomaly.row.id) for anomaly in legacy.anomalies]


@pytest.mark.parametrize(
    "stored",
    [
        "uploads/lab_result_files/1.txt",
        "./uploads/lab_result_files/1.txt",
        "/srv/old/uploads/lab_result_files/1.txt",
        "/srv/uploads/app/uploads/lab_result_files/1.txt",
        "C:\\Program Files\\MediKeep\\uploads\\lab_result_files\\1.txt",
        "lab_result_files/1.txt",
    ],
)
async def test_only_what_comes_after_the_uploads_folder_counts(tmp_path: Path, made: MediKeepMade, stored: str) -> None:
    path = made.lab_file(1, 1, stored=stored)
    legacy = await read(tmp_path, made)
    assert [file.path for file in legacy.files] == [path]
    assert codes(legacy) == []


@pytest.mark.parametrize("stored", ["uploads/../secret.txt", "/etc/hostname", "uploads/link.txt", "", "uploads/"])
async def test_no_stored_path_leads_out_of_the_uploads_folder(tmp_path: Path, made: MediKeepMade, stored: str) -> None:
    (tmp_path / "old" / "secret.txt").write_text("secret")
    (made.uploads / "link.txt").symlink_to(tmp_path / "old" / "secret.txt")
    made.entity_file(1, "lab-result", 1, stored)
    legacy = await read(tmp_path, made)
    assert legacy.files == ()
    assert ("missing_on_disk", "1") in codes(legacy)


async def test_a_file_in_both_tables_comes_once_whichever_row_is_left(tmp_path: Path, made: MediKeepMade) -> None:
    made.lab_file(1, 1)
    async with installed(tmp_path) as container:
        await bring(container, medikeep(container, made.url, made.uploads))
        made.entity_file(70, "lab-result", 1, "uploads/lab_result_files/1.txt", "lab-result")
        report = await bring(container, medikeep(container, made.url, made.uploads))
        assert [anomaly.code for anomaly in report.anomalies] == ["duplicate"]
        assert [view.description for view in await documents(container)] == ["Said 1"]


async def test_records_of_any_type_are_found_by_their_table(tmp_path: Path, made: MediKeepMade) -> None:
    for id, (kind, of) in enumerate([("visit", 1), ("encounter", 1), ("allergy", 1), ("family-member", 1), ("x", 1)]):
        made.write(f"files/{id}.txt", b"text")
        made.entity_file(id, kind, of, f"uploads/files/{id}.txt")
    legacy = await read(tmp_path, made)
    assert [([str(link.owner) for link in file.links], file.patient) for file in legacy.files] == [
        (["visit/1"], "2"),
        (["visit/1"], "2"),
        (["allergy/1"], "3"),
        ([], "3"),
    ]
    assert codes(legacy) == [("unknown_type", "3"), ("broken_chain", "4")]


async def test_shares_become_grants_while_they_last(tmp_path: Path, made: MediKeepMade) -> None:
    made.put("patient_shares", 1, 1, 2, "edit", 1, None)
    made.put("patient_shares", 2, 2, 2, "full", 0, None)
    made.put("patient_shares", 3, 3, 1, "view", 1, "2020-01-01 00:00:00")
    made.put("patient_shares", 4, 9, 1, "view", 1, None)
    made.put("patient_shares", 5, 3, 1, "view", "false", None)
    made.put("patient_shares", 6, 3, 1, "view", 1, "some day")
    async with installed(tmp_path) as container:
        report = await bring(container, medikeep(container, made.url, made.uploads))
        assert await container.directory_views().grants(CLINIC, UserId("2")) == {"1": Access.EDIT, "3": Access.FULL}
        assert await container.directory_views().grants(CLINIC, UserId("1")) == {"1": Access.FULL, "2": Access.FULL}
    assert [(anomaly.code, anomaly.row.id) for anomaly in report.anomalies] == [("share", "4"), ("share", "6")]


async def test_access_goes_by_the_owner_of_a_patient(tmp_path: Path, made: MediKeepMade) -> None:
    made.run("UPDATE patients SET owner_user_id = 2 WHERE id = 2", "UPDATE patients SET owner_user_id = 9 WHERE id = 1")
    made.lab_file(1, 1)
    legacy = await read(tmp_path, made)
    assert {patient.id: patient.account for patient in legacy.patients} == {"1": None, "2": "2", "3": "2"}
    assert codes(legacy) == [("broken_chain", "1")]
    assert len(legacy.files) == 1


async def test_what_an_upload_refuses_is_kept_and_named(tmp_path: Path, made: MediKeepMade) -> None:
    made.lab_file(1, 1, data=b"")
    made.lab_file(2, 1, data=b"%PDF-1.4 not what its name says")
    made.lab_file(3, 1, data=bytes(range(256)))
    made.run("UPDATE lab_result_files SET file_size = 5 WHERE id = 3")
    async with installed(tmp_path) as container:
        report = await bring(container, medikeep(container, made.url, made.uploads))
        assert {view.mime_type for view in await documents(container)} == {"application/octet-stream"}
    named = [(anomaly.row.id, anomaly.code, anomaly.lost) for anomaly in report.anomalies]
    assert [each for each in named if each[0] == "1"] == [("1", "empty", False)]
    assert ("3", "size_contradicted", False) in named
    assert {id for id, *_ in named} == {"1", "2", "3"}
    assert report.whole


async def test_the_trash_comes_into_ours_where_its_note_says_of_which_record(
    tmp_path: Path, made: MediKeepMade
) -> None:
    for name, note in {
        "a_00000000-0000-4000-8000-000000000000.txt": {"reason": "Deleted via API for lab-result 2", "deleted_at": AT},
        "b.txt": {"reason": "tidied up", "deleted_at": AT},
        "c.txt": {"reason": "Deleted via API for lab-result 99", "deleted_at": AT},
    }.items():
        made.write(f"trash/2025-07-30/{name}", name.encode())
        made.write(f"trash/2025-07-30/{name}.meta", json.dumps(note).encode())
    made.write("trash/2025-07-30/d.txt", b"without a note")
    async with installed(tmp_path) as container:
        report = await bring(container, medikeep(container, made.url, made.uploads))
        (view,) = await documents(container)
    assert (view.original_filename, view.patient_id, f"{view.trashed_at:%Y-%m-%d}") == ("a.txt", "2", "2025-07-30")
    assert [(a.code, a.row.id.rpartition("/")[2]) for a in report.anomalies] == [
        ("broken_chain", "b.txt"),
        ("broken_chain", "c.txt"),
        ("orphan_on_disk", "d.txt"),
    ]


async def test_what_still_waits_in_the_databases_log_is_read_too(tmp_path: Path, made: MediKeepMade) -> None:
    with closing(sqlite3.connect(made.database)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("INSERT INTO patients VALUES (4, 2, 2, 'New', 'Roy', NULL)")
        connection.commit()
        before = fingerprints(tmp_path / "old")
        legacy = await read(tmp_path, made)
        assert fingerprints(tmp_path / "old") == before
    assert "4" in {patient.id for patient in legacy.patients}


async def test_a_patient_who_is_somebody_else_here_stops_the_import(tmp_path: Path, made: MediKeepMade) -> None:
    made.lab_file(1, 1)
    other = MediKeepMade(tmp_path / "other")
    other.run("UPDATE patients SET first_name = 'Zoe' WHERE id = 1")
    async with installed(tmp_path) as container:
        await bring(container, medikeep(container, other.url, other.uploads))
        with pytest.raises(Conflict, match="somebody else"):
            await bring(container, medikeep(container, made.url, made.uploads))
        assert await documents(container) == []


async def test_what_is_no_medikeep_is_refused(tmp_path: Path, made: MediKeepMade) -> None:
    made.run("DROP TABLE users")
    with pytest.raises(Unavailable, match="no database of MediKeep"):
        await read(tmp_path, made)
    made.database.write_bytes(b"nothing of the kind, and long enough to be told")
    with pytest.raises(Unavailable, match="not a readable SQLite"):
        await read(tmp_path, made)
    made.database.unlink()
    with pytest.raises(Unavailable, match="no database file"):
        await read(tmp_path, made)
