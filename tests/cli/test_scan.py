"""clinic-media scan."""

import asyncio
import json
from pathlib import Path

import pytest

from application.uploads import Incoming
from domain.access import Principal, Role
from domain.ids import ClinicId, PatientId, UserId
from domain.media import DocumentType
from entrypoints.container import opened
from entrypoints.settings import Settings
from tests.cli.running import invoke
from tests.services.clamd import MALWARE, Clamd

ADMIN = Principal(clinic_id=ClinicId("c"), user_id=UserId("u"), roles=frozenset({Role.ADMIN}))


async def store(folder: Path, *texts: bytes) -> list[str]:
    """Documents from before there was a scanner."""
    stored: list[str] = []
    async with opened(Settings(data_dir=str(folder / "data"))) as container:
        await container.register_patient()(ADMIN, PatientId("p"), display_name="Ana")
        for text in texts:
            id, blob = await container.begin_upload()(ADMIN, PatientId("p"))
            await blob.write(text)
            view = await container.store_document()(
                ADMIN,
                PatientId("p"),
                Incoming(id=id, blob=blob, filename="nota.txt"),
                document_type=DocumentType.OTHER,
                title="Nota",
            )
            stored.append(view.id)
    return stored


@pytest.mark.services
def test_what_was_never_scanned_is_found_and_scanned(clamd: Clamd, tmp_path: Path) -> None:
    assert invoke(tmp_path, "migrate").exit_code == 0
    fine, bad = asyncio.run(store(tmp_path, b"fine", b"bad " + MALWARE))
    told = invoke(tmp_path, "scan", "--dry-run", "--json")
    assert told.exit_code == 1
    assert {json.loads(line)["id"]: json.loads(line)["scan"] for line in told.stdout.splitlines()} == {
        fine: "unscanned",
        bad: "unscanned",
    }
    scanner = {"SCANNING__SCANNER": "clamd", "SCANNING__URL": clamd.unix}
    told = invoke(tmp_path, "scan", "--json", **scanner)
    assert told.exit_code == 1
    expected = {"id": bad, "clinic_id": "c", "patient_id": "p", "scan": "quarantined"}
    assert [json.loads(line) for line in told.stdout.splitlines()] == [expected]
    (aside,) = tmp_path.rglob(f"quarantine/**/{bad}/original")
    assert aside.read_bytes() == b"bad " + MALWARE
    for again in ((), ("--again",)):
        told = invoke(tmp_path, "scan", *again, **scanner)
        assert (told.exit_code, told.stdout) == (0, "All documents are clean.\n")
    assert invoke(tmp_path, "verify", "--read-data").exit_code == 0


def test_without_a_scanner_there_is_nothing_to_scan_with(tmp_path: Path) -> None:
    ended = invoke(tmp_path, "scan")
    assert ended.exit_code == 3
    assert "scanning.scanner" in ended.output


def test_a_scanner_that_is_away_is_told(tmp_path: Path) -> None:
    assert invoke(tmp_path, "migrate").exit_code == 0
    asyncio.run(store(tmp_path, b"fine"))
    ended = invoke(tmp_path, "scan", SCANNING__SCANNER="clamd", SCANNING__URL=f"unix://{tmp_path}/nothing")
    assert ended.exit_code == 3
    assert "away" in ended.output
