"""The demo clinic: told by use cases, made once, apart from everything else."""

import re
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from PIL import Image

from application.ports.files import FileCriteria
from application.ports.paging import PageRequest
from application.ports.views import DocumentView, PhotoCriteria
from domain.access import Access
from domain.attachments import OwnerRef
from domain.ids import OwnerId, PatientId
from entrypoints.container import Container, opened
from entrypoints.demo import cast, checkups, treatments
from entrypoints.demo.cast import ADMIN, DENTIST, PARENT
from entrypoints.demo.home import DemoHome
from entrypoints.demo.loading import STORIES, acts_of, load
from tests.cli.running import free_port, invoke, running, stop, wait_until_live

pytestmark = pytest.mark.anyio

ALL = PageRequest(size=200)


@pytest.fixture(scope="module")
async def clinic(tmp_path_factory: pytest.TempPathFactory, anyio_backend: str) -> AsyncIterator[Container]:
    """Two patients of the ten."""
    settings = DemoHome(tmp_path_factory.mktemp("demo")).settings()
    settings.folder.mkdir()
    Container(settings=settings).upgrade_schema()
    told = ((cast.MARIA, treatments.whitening), (cast.MATEO, checkups.child))
    await load(settings, acts_of(told, datetime.now(UTC)), lambda: None)
    async with opened(settings) as container:
        yield container


async def photos_of(clinic: Container, patient: PatientId) -> dict[str, DocumentView]:
    page = await clinic.list_photos()(DENTIST.principal, patient, PhotoCriteria(), ALL)
    return {view.title: view for view in page.items}


def test_the_whole_story_has_what_the_app_shows() -> None:
    now = datetime.now(UTC)
    acts = acts_of(STORIES, now)
    assert len({patient.id for patient, _ in STORIES}) == 10
    assert sum(act.make is not None for act in acts) > 80
    assert [act.at for act in acts] == sorted(act.at for act in acts)
    assert now - timedelta(days=500) < acts[0].at
    assert acts[-1].at <= now


async def test_photos_have_the_day_and_the_classification_of_the_story(clinic: Container) -> None:
    photos = await photos_of(clinic, cast.MARIA.id)
    before, after = photos["Sonrisa antes"], photos["Sonrisa después"]
    assert (before.media_category, before.media_subtype, before.captured_at_source) == ("extraoral", "smile", "exif")
    assert before.captured_at is not None
    assert after.captured_at is not None
    assert timedelta(days=14) < after.captured_at - before.captured_at < timedelta(days=16)
    assert timedelta(days=70) < datetime.now(UTC) - before.created_at < timedelta(days=80)


async def test_photos_before_and_after_are_paired(clinic: Container) -> None:
    photos = await photos_of(clinic, cast.MARIA.id)
    before, after = photos["Sonrisa antes"], photos["Sonrisa después"]
    assert (before.paired_document_id, before.pair_role) == (after.id, "before")
    assert (after.paired_document_id, after.pair_role) == (before.id, "after")


async def test_a_photo_of_a_phone_held_upright_stands_upright(clinic: Container) -> None:
    portrait = (await photos_of(clinic, cast.MATEO.id))["Sonrisa"]
    assert portrait.width is not None
    assert portrait.height is not None
    assert portrait.width < portrait.height
    original = clinic.settings().folder / "files"
    [file] = original.rglob(f"*/{portrait.id}/original")
    with Image.open(file) as picture:
        assert picture.width > picture.height, "it lies in the file and is turned when shown"


async def test_notes_records_files_and_trash_are_there(clinic: Container) -> None:
    recent = await clinic.recent_notes()(DENTIST.principal, cast.MARIA.id, ALL)
    [note] = [note for note in recent.items if note.note_type == "treatment"]
    assert {link.document.title for link in note.attachments} == {"Sonrisa antes", "Sonrisa después"}
    owners = await clinic.list_owners()(DENTIST.principal, cast.MARIA.id, "insurance", ALL)
    insurance = OwnerRef("insurance", OwnerId(owners.items[0].ref.id))
    files = await clinic.list_files()(DENTIST.principal, insurance, FileCriteria(), ALL)
    assert [file.category for file in files.items] == ["card"]
    trash = await clinic.list_trash()(ADMIN.principal, None, ALL)
    assert [file.document.title for file in trash.items] == ["Repetida por error"]


async def test_the_parent_looks_after_the_child_only(clinic: Container) -> None:
    grants = await clinic.directory_views().grants(cast.CLINIC_ID, PARENT.principal.user_id)
    assert grants == {cast.MATEO.id: Access.VIEW}


async def test_it_is_whole_and_nothing_waits_to_be_published(clinic: Container) -> None:
    assert [finding async for finding in clinic.verify()(share=1.0)] == []
    assert await clinic.outbox().waiting() == 0


def test_the_demo_reads_its_own_settings_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLINIC_MEDIA_DATABASE__URL", "postgresql://production")
    home = DemoHome(tmp_path / "demo")
    settings = home.settings()
    assert settings.database_url == f"sqlite:///{tmp_path}/demo/data/clinic-media.db"
    assert home.settings() == settings, "the secret is kept"
    assert settings.auth.secret not in DemoHome(tmp_path / "other").settings().auth.secret
    assert home.settings_file.stat().st_mode & 0o077 == 0


def test_what_was_loaded_in_part_is_dropped_and_the_secret_stays(tmp_path: Path) -> None:
    home = DemoHome(tmp_path / "demo")
    secret = home.settings().auth.secret
    (home.data / "files").mkdir(parents=True)
    (home.data / "files" / "half").touch()
    home.empty()
    assert not home.data.exists()
    assert home.settings().auth.secret == secret


def test_a_demo_that_is_loaded_is_not_loaded_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.environ", {})
    home = DemoHome(tmp_path / "data" / "demo")
    home.settings()
    home.mark_loaded(b"a photo")
    ended = invoke(tmp_path, "demo", "--load-only")
    assert ended.exit_code == 0
    assert not home.data.exists()
    for role in ("ADMIN", "DENTIST", "HYGIENIST", "ASSISTANT", "RECEPTIONIST", "ACCOUNT"):
        assert f"export {role}=ey" in ended.stdout
    assert f"-F file=@{home.sample}" in ended.stdout


@pytest.mark.slow
def test_one_command_makes_the_clinic_serves_it_and_tells_how_to_use_it(tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with running(tmp_path, "demo", "--port", str(port)) as demo:
        started = time.monotonic()
        wait_until_live(demo, url, seconds=240)
        said = ""
        assert demo.stdout is not None
        while "Then upload" not in said:
            said += demo.stdout.readline()
        [token] = re.findall(r"export DENTIST=(\S+)", said)
        headers = {"Authorization": f"Bearer {token}"}
        gallery = f"{url}/api/v1/media/patients/p-101/photos"
        listed = httpx.get(gallery, headers=headers).json()
        assert listed["total"] == 14
        assert httpx.get(url + listed["data"][0]["thumb_url"]).headers["content-type"] == "image/jpeg"
        sample = (tmp_path / "data" / "demo" / "photo.jpg").read_bytes()
        uploaded = httpx.post(
            gallery, headers=headers, files={"file": ("photo.jpg", sample)}, data={"media_category": "intraoral"}
        )
        assert uploaded.status_code == 201
        assert time.monotonic() - started < 240
        stop(demo)
