"""What happens while a backup is made."""

import asyncio
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from dependency_injector.providers import Object

from adapters.memory.blobs import MemoryBlobs
from adapters.sealing.plain import PlainCiphers
from application.backups.restoring import check_backup
from application.backups.vault import Manifest, Vault, open_vault
from application.ports.blobs import ORIGINAL
from domain.errors import Unavailable
from domain.ids import DocumentId
from entrypoints.container import Container, opened
from entrypoints.settings import Settings
from tests.backup.filling import KEY, fill, held, settings_of, store_text
from tests.cli.running import environment, invoke
from tests.installations import TickingClock

pytestmark = pytest.mark.anyio

PURGING = {"RETENTION__TRASH_DAYS": "1", "RETENTION__PHOTOS_PURGEABLE": "true"}
_COMMAND = [sys.executable, "-c", "from entrypoints.cli import main; main()"]


class Target(MemoryBlobs):
    """Before the file of that number comes to its place, something happens."""

    def __init__(self, number: int, happens: Callable[[], Awaitable[None]]) -> None:
        super().__init__()
        self._number = number
        self._happens = happens
        self._promoted = 0

    async def promote(self, id: DocumentId, prefix: str) -> None:
        self._promoted += 1
        if self._promoted == self._number:
            await self._happens()
        await super().promote(id, prefix)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    assert invoke(folder, "migrate").exit_code == 0
    asyncio.run(fill(settings_of(folder)))
    return folder


@pytest.fixture
def filled(tmp_path: Path, made: Path) -> Path:
    return shutil.copytree(made, tmp_path / "old")


@pytest.fixture
def settings(filled: Path) -> Settings:
    return settings_of(filled, **PURGING)


async def back_up(container: Container, target: MemoryBlobs) -> tuple[Vault, Manifest]:
    vault = await open_vault(target, PlainCiphers(), container.new_id(), begin=True)
    copies = container.database_copies()
    return vault, await container.back_up()(copies, vault, "1", lambda done, total: None)


async def test_what_is_purged_meanwhile_is_in_the_backup_and_is_deleted_after_it(settings: Settings) -> None:
    async with opened(settings) as container, opened(settings) as another:
        another.clock.override(Object(lambda: datetime.now(UTC) + timedelta(days=2)))
        purged = []

        async def happens() -> None:
            purged.extend([view.id async for view in another.purge_trash()()])

        # 1 is the database, 2 the list of documents: the snapshot is made, and no file is copied yet
        vault, manifest = await back_up(container, Target(3, happens))
        assert len(purged) == 1
        assert manifest.missing == ()
        assert [finding async for finding in check_backup(vault, manifest, lambda done, total: None)] == []
        assert purged[0] in {stored.id async for stored in vault.listing(manifest)}
        assert [purge.document_id for purge in await another.upkeep().unfinished_purges(10)] == purged
        assert await another.finish_purges()() == 1


async def test_what_is_uploaded_after_the_copy_of_the_database_is_not_in_the_backup(settings: Settings) -> None:
    async with opened(settings) as container:
        new = []

        async def happens() -> None:
            new.append((await store_text(container, "late\n")).id)

        vault, manifest = await back_up(container, Target(3, happens))
        assert manifest.documents == 5
        assert new[0] not in {stored.id async for stored in vault.listing(manifest)}


async def test_an_upload_that_is_not_promoted_yet_is_in_the_backup(settings: Settings, filled: Path) -> None:
    waiting, *_ = sorted((filled / "data").rglob(ORIGINAL))
    waiting.parent.rename(filled / "data" / "files" / "staging" / waiting.parent.name)
    async with opened(settings) as container:
        _, manifest = await back_up(container, MemoryBlobs())
        assert (manifest.documents, manifest.missing) == (5, ())


async def test_snapshots_of_the_same_second_are_in_the_order_in_which_they_were_made(settings: Settings) -> None:
    async with opened(settings) as container:
        container.clock.override(Object(TickingClock()))
        target = MemoryBlobs()
        made = [await back_up(container, target) for _ in range(6)]
        vault, _ = made[-1]
        assert await vault.snapshots() == [manifest.snapshot for _, manifest in made]


@pytest.mark.parametrize("number", range(1, 8))
async def test_stopped_anywhere_there_is_no_snapshot_and_the_next_one_is_whole(settings: Settings, number: int) -> None:
    async def fails() -> None:
        raise Unavailable("on purpose")

    async with opened(settings) as container:
        target = Target(number, fails)
        with pytest.raises(Unavailable, match="on purpose"):
            await back_up(container, target)
        vault, manifest = await back_up(container, target)
        assert await vault.snapshots() == [manifest.snapshot]
        assert [finding async for finding in check_backup(vault, manifest, lambda done, total: None)] == []


def test_a_killed_backup_holds_nothing_up_and_the_next_one_goes_on(filled: Path, tmp_path: Path) -> None:
    target, empty = tmp_path / "backups", tmp_path / "new"
    empty.mkdir()
    process = subprocess.Popen(
        [*_COMMAND, "backup", str(target)], env=environment(filled, BACKUP__KEY=KEY), stdout=subprocess.DEVNULL
    )
    until = time.monotonic() + 60
    while not list(target.glob("blobs/files/*/*")) and process.poll() is None and time.monotonic() < until:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    for arguments in (("backup", str(target), "--keep", "1"), ("restore", str(target), "--check")):
        done = invoke(filled, *arguments, BACKUP__KEY=KEY)
        assert done.exit_code == 0, done.output
    assert invoke(empty, "restore", str(target), BACKUP__KEY=KEY).exit_code == 0
    assert asyncio.run(held(settings_of(empty))) == asyncio.run(held(settings_of(filled)))
