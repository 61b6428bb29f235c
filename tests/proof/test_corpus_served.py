"""G10, G11 and G13 through a real server: the corpus uploaded over a socket, and what stays behind.

A part of it here; `make proof` sends all of it. Tokens and infected files are tried elsewhere.
"""

import json
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from hypothesis import settings

from tests.http.served import Served, served
from tests.proof.test_corpus_inspection import ACCEPTED, PHOTO_KINDS, REFUSED_CONTENT, REFUSED_TYPE

pytestmark = [pytest.mark.proof, pytest.mark.slow]

ONE_IN = 1 if settings.get_current_profile_name() == "proof" else 9
SLOWEST_SECONDS = 30.0
"""On the clock, of a machine that has other work too; the inspector's own test takes the processor's."""
LARGEST_BYTES = 800_000_000

_OUTCOMES = {201: ACCEPTED, 415: REFUSED_TYPE, 422: REFUSED_CONTENT, 400: "http-400", 413: "http-413"}
PATIENT = "/api/v1/media/patients/ana"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path / "data", CLINIC_MEDIA_SERVER__MAX_UPLOAD_BYTES=str(100 * 2**20)) as running:
        yield running


@pytest.mark.timeout(1200)
def test_every_file_is_answered_as_expected_and_leaves_nothing_that_should_not_be(
    corpus: Path, server: Served, tmp_path: Path
) -> None:
    entries = json.loads((corpus / "MANIFEST.json").read_text())["files"]
    wrong: list[str] = []
    with httpx.Client(base_url=server.url, headers=server.headers, timeout=60) as client:
        client.put("/api/v1/directory/patients/ana", json={"display_name": "Ana"}).raise_for_status()
        for entry in [entry for entry in entries if _is_an_upload(entry)][::ONE_IN]:
            began = time.monotonic()
            answer = _sent(client, corpus / entry["file"], entry)
            if time.monotonic() - began > SLOWEST_SECONDS:
                wrong.append(f"{entry['file']}: slow")
            wrong += [f"{entry['file']}: {fault}" for fault in _faults(client, answer, entry)]
            wrong += [f"{entry['file']}: {far}" for far in _connections_elsewhere(server)]
        assert client.get("/health/ready").status_code == 200
    assert wrong == []
    assert max(process.memory_info().rss for process in _processes(server)) < LARGEST_BYTES
    assert [path for path in (tmp_path / "data" / "files" / "staging").rglob("*") if path.is_file()] == []
    assert {path.name for path in (tmp_path / "data").iterdir()} <= {
        "files", "scratch", "clinic-media.db", "clinic-media.db-wal", "clinic-media.db-shm",
        "clinic-media.db-relay", "clinic-media.db-deletions",
    }  # fmt: skip


def _is_an_upload(entry: dict[str, Any]) -> bool:
    return "encoding" not in entry.get("facts", {}) and entry["expected"] != "reject-with-401"


def _sent(client: httpx.Client, path: Path, entry: dict[str, Any]) -> httpx.Response:
    facts = entry.get("facts", {})
    if "raw_request_body" in facts:
        headers = {"Content-Type": facts["content_type"]}
        return client.post(f"{PATIENT}/documents", content=path.read_bytes(), headers=headers)
    file = (path.name, path.read_bytes(), entry["declare_content_type"])
    if entry["kind"] in PHOTO_KINDS:
        return client.post(f"{PATIENT}/photos", files={"file": file}, data={"media_category": "intraoral"})
    return client.post(
        f"{PATIENT}/documents", files={"file": file}, data={"document_type": "other", "title": "Documento"}
    )


def _faults(client: httpx.Client, answer: httpx.Response, entry: dict[str, Any]) -> list[str]:
    outcome = _OUTCOMES.get(answer.status_code, str(answer.status_code))
    expected = {ACCEPTED if one == "accept-but-sanitize" else one for one in entry["expected_any"]}
    if outcome not in expected:
        return [f"{answer.status_code} {answer.text[:200]}"]
    if answer.status_code != 201 or "raw_request_body" in entry.get("facts", {}):
        return []
    full = client.get(f"/api/v1/media/documents/{answer.json()['data']['id']}/download")
    faults = [] if sha256(full.content).hexdigest() == entry["sha256"] else ["other bytes come back"]
    if full.headers["x-content-type-options"] != "nosniff" or not full.headers["content-disposition"].startswith("att"):
        faults.append("it could be opened where it was fetched from")
    return faults


def _connections_elsewhere(server: Served) -> list[str]:
    """Sockets of the server or its helpers to any other machine."""
    return [
        str(connection.raddr)
        for process in _processes(server)
        for connection in process.net_connections()
        if connection.status == psutil.CONN_ESTABLISHED and connection.raddr.ip not in ("127.0.0.1", "::1")
    ]


def _processes(server: Served) -> list[psutil.Process]:
    parent = psutil.Process(server.pid)
    return [parent, *parent.children(recursive=True)]
