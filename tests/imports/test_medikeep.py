"""A real MediKeep installation comes over as its manifest says."""

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from application.importing.report import Report
from domain.ids import UserId
from entrypoints.container import Container
from tests.imports.bringing import CLINIC, bring, contents, documents, installed, is_whole, medikeep, silent, undo
from tests.imports.medikeep_made import fingerprints

pytestmark = pytest.mark.anyio


@pytest.fixture
def source(legacy: Path) -> Path:
    return legacy / "medikeep"


@pytest.fixture
def manifest(source: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((source / "MANIFEST.json").read_text())
    return found


def of(container: Container, source: Path) -> Any:
    return medikeep(container, f"sqlite:///{source / 'medikeep.sqlite3'}", source / "uploads")


def counts(report: Report) -> dict[str, dict[str, int]]:
    return {user.id: {patient.id: patient.files for patient in user.patients} for user in report.users}


def expected(manifest: dict[str, Any]) -> dict[str, dict[str, int]]:
    return {
        str(user["user_id"]): {id: patient["importable"] for id, patient in user["patients"].items()}
        for user in manifest["per_user"].values()
    }


def named(report: Report, code: str) -> set[tuple[str, str]]:
    return {(anomaly.row.table, anomaly.row.id) for anomaly in report.anomalies if anomaly.code == code}


def wanted(manifest: dict[str, Any], name: str) -> set[tuple[str, str]]:
    return {(each["source"], str(each["source_id"])) for each in manifest["anomalies"][name]}


async def test_analysing_counts_and_names_everything_and_writes_nothing(
    tmp_path: Path, source: Path, manifest: dict[str, Any]
) -> None:
    async with installed(tmp_path) as container:
        before = fingerprints(tmp_path)
        report = await container.analyse_import()(of(container, source), silent)
        assert fingerprints(tmp_path) == before
        assert await documents(container) == []
    assert counts(report) == expected(manifest)
    assert (report.files, report.file_rows) == (manifest["totals"]["importable"], manifest["totals"]["file_rows"])
    assert report.records["lab_results"] == manifest["totals"]["lab_results"]
    assert named(report, "missing_on_disk") == wanted(manifest, "missing_on_disk")
    assert named(report, "broken_chain") == wanted(manifest, "broken_chain")
    assert named(report, "remote") == wanted(manifest, "remote_only")
    assert {id for _, id in named(report, "orphan_on_disk")} == set(manifest["anomalies"]["orphans_on_disk"])
    assert len([anomaly for anomaly in report.anomalies if anomaly.lost]) == 4


async def test_everything_comes_in_once_and_goes_again(tmp_path: Path, source: Path, manifest: dict[str, Any]) -> None:
    untouched = fingerprints(source)
    async with installed(tmp_path) as container:
        report = await bring(container, of(container, source))
        views = await documents(container)
        there = {(each["sha256"], str(each["patient_id"]), each["file_name"]) for each in importable(manifest)}
        assert {(v.sha256, v.patient_id, v.original_filename) for v in views if not v.trashed_at} == there
        assert sorted(v.sha256 for v in views if not v.trashed_at) == sorted(e["sha256"] for e in importable(manifest))
        assert Counter(view.trashed_at is not None for view in views) == {False: 34, True: 1}
        assert {user: {p.id: p.verified for p in patients} for user, patients in owned(report)} == expected(manifest)
        assert report.isolated
        once = await contents(container)

        again = await bring(container, of(container, source))
        assert (again.brought, again.run) == ({}, None)
        assert await contents(container) == once
        assert await is_whole(container)

        undone = await undo(container, report)
        assert undone.kept == ()
        assert undone.removed == {"document": 35, "grant": 7, "owner": 24, "patient": 6}
        left = await contents(container)
        assert (left["documents"], left["rows"], left["blobs"]) == ([], [], {})
        assert await container.directory_views().grants(CLINIC, UserId("2")) == {}
        assert await is_whole(container)
    assert fingerprints(source) == untouched


def importable(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in manifest["files"] if each["classification"] == "importable"]


def owned(report: Report) -> list[tuple[str, Any]]:
    return [(user.id, user.patients) for user in report.users]


async def test_the_source_may_be_read_only_and_gets_no_file_beside_it(tmp_path: Path, source: Path) -> None:
    copy = tmp_path / "source"
    copy.mkdir()
    shutil.copy(source / "medikeep.sqlite3", copy)
    async with installed(tmp_path) as container:
        await medikeep(container, f"sqlite:///{copy / 'medikeep.sqlite3'}", source / "uploads").read()
    assert [path.name for path in copy.iterdir()] == ["medikeep.sqlite3"]
