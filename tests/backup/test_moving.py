"""clinic-media migrate-storage: from a folder to S3 and back, stopped at any moment, while others upload."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from dependency_injector.providers import Object

from adapters.memory.blobs import MemoryBlobs
from application.ports.blobs import ORIGINAL
from application.ports.moving import Journal
from domain.ids import DocumentId
from entrypoints.container import opened
from tests.backup.filling import damages, fill, held, settings_of, store_text
from tests.cli.running import environment, invoke
from tests.services.s3 import BUCKET, S3Server

_COMMAND = [sys.executable, "-c", "from entrypoints.cli import main; main()"]


class InMemoryJournal(set[DocumentId], Journal):
    def note(self, id: DocumentId) -> None:
        self.add(id)

    def forget(self) -> None:
        self.clear()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    assert invoke(folder, "migrate").exit_code == 0
    asyncio.run(fill(settings_of(folder), photos=6))
    return folder


@pytest.fixture
def filled(tmp_path: Path, made: Path) -> Path:
    return shutil.copytree(made, tmp_path / "clinic")


def move(folder: Path, *arguments: str, **settings: str) -> dict[str, Any]:
    ended = invoke(folder, "migrate-storage", *arguments, "--json", **settings)
    assert ended.exit_code == 0, ended.output
    told: dict[str, Any] = json.loads(ended.stdout)
    assert told["complete"]
    return told


def originals(folder: Path) -> set[bytes]:
    return {path.read_bytes() for path in folder.rglob(ORIGINAL)}


@pytest.mark.services
def test_from_a_folder_to_s3_and_back_everything_stays_equal(filled: Path, s3: S3Server) -> None:
    before, bytes_before = asyncio.run(held(settings_of(filled))), originals(filled / "data" / "files")
    url, old = f"s3://{BUCKET}/moving-{os.getpid()}", (filled / "data" / "files").as_uri()
    options = json.dumps({name: s3.options[name] for name in ("endpoint_url", "key", "secret")})
    (filled / "s3.json").write_text(options)
    in_s3 = {"STORAGE__URL": url, "STORAGE__OPTIONS": options}
    assert move(filled, "--to", url, "--options", f"@{filled / 's3.json'}")["copied"] == 7
    assert asyncio.run(damages(settings_of(filled, **in_s3))) == []
    assert asyncio.run(held(settings_of(filled, **in_s3))) == before

    async def upload() -> None:
        async with opened(settings_of(filled)) as container:
            await store_text(container, "between the last pass and the restart\n")

    asyncio.run(upload())
    told = move(filled, "--from", old, "--drop-old", **in_s3)
    assert (told["copied"], told["dropped"]) == (1, 8)
    assert originals(filled / "data" / "files") == set()
    before = asyncio.run(held(settings_of(filled, **in_s3)))
    back = (filled / "back").as_uri()
    assert move(filled, "--to", back, **in_s3)["copied"] == 8
    assert asyncio.run(held(settings_of(filled, STORAGE__URL=back))) == before
    assert asyncio.run(damages(settings_of(filled, STORAGE__URL=back))) == []
    assert bytes_before < originals(filled / "back")


def test_killed_at_any_moment_it_goes_on(filled: Path) -> None:
    before = asyncio.run(held(settings_of(filled)))
    target, dice = filled / "new", Random(7)
    arguments = [*_COMMAND, "migrate-storage", "--to", str(target)]
    for _ in range(3):
        process = subprocess.Popen(arguments, env=environment(filled), stdout=subprocess.DEVNULL, cwd=filled)
        until = time.monotonic() + 60
        while not target.exists() and process.poll() is None and time.monotonic() < until:
            time.sleep(0.005)
        time.sleep(dice.uniform(0, 0.03))
        process.send_signal(signal.SIGKILL)
        process.wait()
    move(filled, "--to", str(target))
    assert asyncio.run(held(settings_of(filled, STORAGE__URL=target.as_uri()))) == before
    assert asyncio.run(damages(settings_of(filled, STORAGE__URL=target.as_uri()))) == []
    assert move(filled, "--to", str(target))["copied"] == 0


def test_nothing_is_dropped_while_the_service_uses_it(filled: Path) -> None:
    ended = invoke(filled, "migrate-storage", "--to", str(filled / "new"), "--drop-old")
    assert ended.exit_code == 2
    assert "storage.url" in ended.stderr
    for arguments in ((), ("--to", str(filled / "data" / "files"))):
        assert invoke(filled, "migrate-storage", *arguments).exit_code == 2


def test_damaged_bytes_are_named_and_nothing_is_dropped(filled: Path) -> None:
    old, new = filled / "data" / "files", filled / "new"
    damaged, *_ = sorted(old.rglob(ORIGINAL))
    damaged.write_bytes(b"x" * damaged.stat().st_size)
    in_new = {"STORAGE__URL": new.as_uri()}
    ended = invoke(filled, "migrate-storage", "--from", old.as_uri(), "--drop-old", "--json", **in_new)
    assert ended.exit_code == 1
    told = json.loads(ended.stdout)
    assert [(finding["code"], finding["id"]) for finding in told["findings"]] == [("M1", damaged.parent.name)]
    assert (told["verified"], told["documents"], told["dropped"]) == (6, 7, 0)
    assert len(list(old.rglob(ORIGINAL))) == 7


def test_bytes_that_went_wrong_in_the_new_storage_are_copied_again(filled: Path) -> None:
    new = filled / "new"
    move(filled, "--to", str(new))
    short, changed, *_ = sorted(new.rglob(ORIGINAL))
    short.write_bytes(b"short")
    changed.write_bytes(b"x" * changed.stat().st_size)
    assert move(filled, "--to", str(new))["copied"] == 1, "what was read before is not read again"
    assert move(filled, "--to", str(new), "--read-again")["copied"] == 1
    assert asyncio.run(damages(settings_of(filled, STORAGE__URL=new.as_uri()))) == []


class Busy(MemoryBlobs):
    """At the fifth document that is copied to it, something else happens."""

    def __init__(self, happens: Callable[[], Awaitable[None]]) -> None:
        super().__init__()
        self._happens = happens
        self._promoted = 0

    async def promote(self, id: DocumentId, prefix: str) -> None:
        await super().promote(id, prefix)
        self._promoted += 1
        if self._promoted == 5:
            await self._happens()


@pytest.mark.anyio
async def test_what_comes_and_goes_during_the_move_is_there_and_gone_at_its_end(filled: Path) -> None:
    new, gone = list[DocumentId](), list[DocumentId]()
    settings = settings_of(filled, RETENTION__TRASH_DAYS="1", RETENTION__PHOTOS_PURGEABLE="true")
    async with opened(settings) as container:
        container.clock.override(Object(lambda: datetime.now(UTC) + timedelta(days=2)))

        async def happens() -> None:
            new.append((await store_text(container, "in the middle of it\n")).id)
            gone.extend([view.id async for view in container.purge_trash()()])

        target, journal = Busy(happens), InMemoryJournal()
        done = await container.move_blobs()(container.blobs(), target, journal, lambda done, total: None)
        there = {entry.key.rpartition("/")[0] async for entry in target.entries()}
        assert there == {view.prefix async for view in container.upkeep().documents()}
    assert done.is_complete
    assert new[0] in journal
    assert gone[0] in journal, "it had been copied"
