"""clinic-media verify."""

import asyncio
import json
import os
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from application.ports.views import DocumentView
from application.uploads import Incoming, PhotoWords
from domain.access import Principal, Role
from domain.ids import ClinicId, PatientId, UserId
from entrypoints.container import opened
from entrypoints.settings import Settings
from tests.cli.running import invoke

ADMIN = Principal(clinic_id=ClinicId("c"), user_id=UserId("u"), roles=frozenset({Role.ADMIN}))
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC).timestamp()


async def store_a_photo(folder: Path) -> DocumentView:
    file = BytesIO()
    Image.new("RGB", (640, 480), (120, 60, 60)).save(file, "JPEG")
    patient = PatientId("p")
    async with opened(Settings(data_dir=str(folder / "data"))) as container:
        await container.register_patient()(ADMIN, patient, display_name="Ana")
        id, blob = await container.begin_upload()(ADMIN, patient)
        await blob.write(file.getvalue())
        incoming = Incoming(id=id, blob=blob, filename="smile.jpg")
        return await container.store_photo()(ADMIN, patient, incoming, PhotoWords(category="extraoral"))


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """The folder of the blobs of the one photo there is."""
    assert invoke(tmp_path, "migrate").exit_code == 0
    view = asyncio.run(store_a_photo(tmp_path))
    [original] = tmp_path.rglob(f"*/{view.id}/original")
    return original.parent


def test_a_whole_installation_is_found_whole(tmp_path: Path, stored: Path) -> None:
    ended = invoke(tmp_path, "verify", "--read-data")
    assert ended.exit_code == 0
    assert ended.stdout == "Everything is whole.\n"
    assert invoke(tmp_path, "verify", "--json").stdout == ""


def test_a_missing_file_is_found_and_named(tmp_path: Path, stored: Path) -> None:
    (stored / "original").unlink()
    ended = invoke(tmp_path, "verify", "--json")
    assert ended.exit_code == 1
    [finding] = map(json.loads, ended.stdout.splitlines())
    assert finding == {
        "code": "I1",
        "id": stored.name,
        "problem": "its bytes are missing",
        "mend": "restore BACKUP --mend",
    }
    shown = invoke(tmp_path, "verify")
    assert shown.exit_code == 1
    assert "1 found." in shown.stdout


def test_changed_bytes_are_found_by_reading_them_only(tmp_path: Path, stored: Path) -> None:
    original = stored / "original"
    content = bytearray(original.read_bytes())
    content[-10] ^= 1
    original.chmod(0o600)
    original.write_bytes(content)
    assert invoke(tmp_path, "verify").exit_code == 0
    assert invoke(tmp_path, "verify", "--read-data").exit_code == 1
    assert invoke(tmp_path, "verify", "--read-data-subset", "100%").exit_code == 1


def test_repair_makes_missing_pictures_and_puts_orphans_aside(tmp_path: Path, stored: Path) -> None:
    (stored / "thumb").unlink()
    orphan = stored.parent / "0190a0b0-0000-7000-8000-000000000000" / "original"
    orphan.parent.mkdir()
    orphan.write_bytes(b"nobody's")
    os.utime(orphan, (LONG_AGO, LONG_AGO))
    found = [json.loads(line)["code"] for line in invoke(tmp_path, "verify", "--json").stdout.splitlines()]
    assert sorted(found) == ["I12", "I3"]
    assert not (stored / "thumb").exists(), "looking changes nothing"
    assert invoke(tmp_path, "verify", "--repair").exit_code == 0
    assert (stored / "thumb").exists()
    assert not orphan.exists()
    assert b"nobody's" in {file.read_bytes() for file in tmp_path.rglob("original")}, "it is put aside, not deleted"


def test_it_says_when_there_is_no_database_yet(tmp_path: Path) -> None:
    ended = invoke(tmp_path, "verify")
    assert ended.exit_code == 3
    assert "run clinic-media migrate" in ended.stderr


@pytest.mark.parametrize("share", ["0%", "101%", "some"])
def test_a_share_that_is_none_is_wrong_use(tmp_path: Path, share: str) -> None:
    assert invoke(tmp_path, "verify", "--read-data-subset", share).exit_code == 2
