"""A real DentalPin installation, from before its generalised attachments, comes over as its manifest says."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from application.importing.report import Report
from application.ports.paging import PageRequest
from application.ports.views import DocumentView
from domain.access import Principal, Role
from domain.attachments import OwnerRef
from domain.documents import Derived
from domain.ids import ClinicId, OwnerId, UserId
from entrypoints.container import Container
from tests.imports.bringing import bring, contents, dentalpin, documents, installed, is_whole, links, silent, undo
from tests.imports.medikeep_made import fingerprints

pytestmark = pytest.mark.anyio

# Where the manifest has another word than both importers.
OUR_WORDS = {
    "missing_file": "missing_on_disk",
    "orphan_file": "orphan_on_disk",
    "empty_file": "empty",
    "mime_mismatch": "type_contradicted",
}


@pytest.fixture
def source(legacy: Path) -> Path:
    return legacy / "dentalpin"


@pytest.fixture
def manifest(source: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((source / "MANIFEST.json").read_text())
    return found


def of(container: Container, source: Path) -> Any:
    return dentalpin(container, f"sqlite:///{source / 'dentalpin.sqlite'}", source / "storage")


def all_of(manifest: dict[str, Any], what: str) -> list[dict[str, Any]]:
    return [each for patient in manifest["patients"] for each in patient[what]]


def missing(manifest: dict[str, Any]) -> set[str]:
    return {each["id"] for each in all_of(manifest, "documents") if each["file"] is None}


def of_other_patients(manifest: dict[str, Any]) -> set[tuple[str, str, str]]:
    anomalies = [each for each in manifest["anomalies"] if each["code"] == "cross_patient_link"]
    return {(each["document_id"], each["owner_type"], each["owner_id"]) for each in anomalies}


def check_anomalies(report: Report, manifest: dict[str, Any]) -> None:
    wanted = Counter(OUR_WORDS.get(each["code"], each["code"]) for each in manifest["anomalies"])
    assert Counter(anomaly.code for anomaly in report.anomalies) == wanted
    assert len(report.anomalies) == 30
    told = {code: " ".join(str(anomaly) for anomaly in report.anomalies if anomaly.code == code) for code in wanted}
    attached = {(each["document_id"], each["owner_id"]): each for each in all_of(manifest, "attachments")}
    for each in manifest["anomalies"]:
        link = attached.get((each.get("document_id"), each.get("owner_id")))
        named = link["duplicates"][0]["row"] if link and link["duplicates"] else link and link["row"]
        named = named or each.get("document_id") or each.get("path") or each["patient_id"]
        assert named in told[OUR_WORDS.get(each["code"], each["code"])], each


async def test_analysing_counts_and_names_everything_and_writes_nothing(
    tmp_path: Path, source: Path, manifest: dict[str, Any]
) -> None:
    async with installed(tmp_path) as container:
        before = fingerprints(tmp_path)
        report = await container.analyse_import()(of(container, source), silent)
        assert fingerprints(tmp_path) == before
        assert await documents(container) == []
    totals = manifest["totals"]
    assert (report.file_rows, report.files) == (totals["documents"], totals["documents"] - 1)
    assert (report.patients, len(report.users)) == (totals["tables"]["patients"], totals["tables"]["users"])
    assert [(clinic.id, clinic.name) for clinic in report.clinics] == sorted(
        (clinic["id"], clinic["name"]) for clinic in manifest["clinics"]
    )
    check_anomalies(report, manifest)
    assert Counter(anomaly.code for anomaly in report.anomalies if anomaly.lost) == {
        "missing_on_disk": 1,
        "cross_patient_link": 1,
    }


async def test_everything_comes_in_once_and_goes_again(tmp_path: Path, source: Path, manifest: dict[str, Any]) -> None:
    untouched = fingerprints(source)
    async with installed(tmp_path) as container:
        report = await bring(container, of(container, source), batch=7)
        check_anomalies(report, manifest)
        assert report.isolated
        views = {view.id: view for view in await documents(container)}
        check_documents(views, manifest)
        await check_links(container, manifest)
        for patient in [patient for clinic in report.clinics for patient in clinic.patients]:
            (wanted,) = (each for each in manifest["patients"] if each["id"] == patient.id)
            gone = sum(each["id"] in missing(manifest) for each in wanted["documents"])
            assert patient.files == patient.verified == wanted["counts"]["documents"] - gone
        once = await contents(container)

        again = await bring(container, of(container, source))
        assert (again.brought, again.run, sorted(again.anomalies)) == ({}, None, sorted(report.anomalies))
        assert await contents(container) == once
        assert await is_whole(container)

        undone = await undo(container, report)
        assert undone.kept == ()
        assert undone.removed == {"document": 45, "note": 7, "owner": 17, "patient": 8}
        left = await contents(container)
        assert (left["documents"], left["rows"], left["blobs"]) == ([], [], {})
        assert await is_whole(container)

        await bring(container, of(container, source))  # under the same ids
        assert await contents(container) == once
        assert await is_whole(container)
    assert fingerprints(source) == untouched


def check_documents(views: dict[Any, DocumentView], manifest: dict[str, Any]) -> None:
    wanted = {each["id"]: each for each in all_of(manifest, "documents")}
    assert views.keys() == wanted.keys() - missing(manifest)
    for id, view in views.items():
        row, expected = wanted[id], wanted[id]["expected"]
        assert (view.sha256, view.file_size) == (row["file"]["sha256"], row["file"]["size"])
        assert (view.media_kind, view.media_category, view.media_subtype, view.description, list(view.tags)) == tuple(
            expected[name] for name in ("media_kind", "media_category", "media_subtype", "description", "tags")
        )
        assert (view.title, view.original_filename, view.document_type, view.uploaded_by) == tuple(
            row[name] for name in ("title", "original_filename", "document_type", "uploaded_by")
        )
        assert f"{view.created_at:%Y-%m-%dT%H:%M:%SZ}" == row["created_at"]
        assert f"{view.updated_at:%Y-%m-%dT%H:%M:%SZ}" == row["updated_at"]
        assert (view.archived_at is not None) == (row["status"] == "archived")
        is_picture = row["file"]["image"] is not None
        is_paper = not row["photo"] and row["mime_type"] == "application/pdf"
        assert (view.derived == Derived.READY) == (is_picture or is_paper)
    absent = [wanted[id] for id in missing(manifest)]
    kinds = Counter(view.media_kind for view in views.values())
    kinds += Counter(each["expected"]["media_kind"] for each in absent)
    assert kinds.total() == manifest["totals"]["documents"] == 46
    assert kinds["photo"] + kinds["xray"] == manifest["totals"]["photos"] == 38


async def check_links(container: Container, manifest: dict[str, Any]) -> None:
    """Those of the manifest but for a missing file's, and for a document on another patient's record."""
    wanted = {
        (each["document_id"], each["owner_type"], each["owner_id"]): each["display_order"]
        for each in all_of(manifest, "attachments")
    }
    assert len(wanted) == manifest["totals"]["attachments"] == 50
    not_here = of_other_patients(manifest) | {key for key in wanted if key[0] in missing(manifest)}
    there = {(id, *owner): order for id, of in (await links(container)).items() for owner, order in of.items()}
    assert there == {key: order for key, order in wanted.items() if key not in not_here}
    assert len(there) == 48


async def test_staff_see_their_clinic_and_notes_have_their_files(
    tmp_path: Path, source: Path, manifest: dict[str, Any]
) -> None:
    async with installed(tmp_path) as container:
        await bring(container, of(container, source))
        every = [view.id for view in await documents(container)]
        for user in manifest["users"]:
            for clinic in manifest["clinics"]:
                roles = [each["role"] for each in user["memberships"] if each["clinic_id"] == clinic["id"]]
                actor = Principal(
                    clinic_id=ClinicId(clinic["id"]),
                    user_id=UserId(user["id"]),
                    roles=frozenset(map(Role, roles or ["account"])),
                )
                seen = await container.document_views().many(actor, every)
                assert {view.clinic_id for view in seen} == ({clinic["id"]} if roles else set())
        clinic = ClinicId("7a6ee937-1f17-44a2-8d1f-c7b52486ee8a")
        actor = Principal(clinic_id=clinic, user_id=UserId("x"), roles=frozenset({Role.DENTIST}))
        patient = OwnerRef("patient", OwnerId("90c70db8-cdf6-4698-b09e-b5ddf220398a"))
        (note,) = (await container.list_notes()(actor, patient, PageRequest(size=10))).items
        assert (note.body, note.note_type, note.author_name) == ("Dx B1", "diagnosis", "Dora Ayudante-Demo")
        assert [each.document.original_filename for each in note.attachments] == ["nota.png", "aleta.jpg"]
