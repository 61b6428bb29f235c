"""clinic-media backup and clinic-media restore."""

import asyncio
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from entrypoints.container import opened
from tests.backup.filling import ADMIN, KEY, damages, fill, held, settings_of, store_text
from tests.cli.running import invoke

WITH_KEY = {"BACKUP__KEY": KEY}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Making an installation takes longer than copying its folder."""
    folder = tmp_path_factory.mktemp("made")
    assert invoke(folder, "migrate").exit_code == 0
    asyncio.run(fill(settings_of(folder)))
    return folder


@pytest.fixture
def filled(tmp_path: Path, made: Path) -> Path:
    """The folder of an installation."""
    return shutil.copytree(made, tmp_path / "old")


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    folder = tmp_path / "new"
    folder.mkdir()
    return folder


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def back_up(folder: Path, target: Path, *more: str) -> dict[str, Any]:
    ended = invoke(folder, "backup", str(target), "--json", *more, **WITH_KEY)
    assert ended.exit_code == 0, ended.output
    told: dict[str, Any] = json.loads(ended.stdout)
    return told


def files(target: Path) -> set[Path]:
    return {path for path in target.rglob("*") if path.is_file()}


def test_what_is_restored_equals_what_was_backed_up(filled: Path, target: Path, empty: Path) -> None:
    told = back_up(filled, target)
    assert told["documents"] == 5
    ended = invoke(empty, "restore", str(target), **WITH_KEY)
    assert ended.exit_code == 0, ended.output
    assert "5 documents" in ended.stdout
    assert asyncio.run(held(settings_of(empty))) == asyncio.run(held(settings_of(filled)))
    assert asyncio.run(damages(settings_of(empty))) == []


def test_pictures_are_made_again_after_a_restore(filled: Path, target: Path, empty: Path) -> None:
    async def caught_up() -> int:
        async with opened(settings_of(empty)) as container:
            return await container.catch_up_derivatives()()

    back_up(filled, target)
    assert invoke(empty, "restore", str(target), **WITH_KEY).exit_code == 0
    assert list((empty / "data").rglob("thumb")) == []
    assert asyncio.run(caught_up()) == 4
    assert len(list((empty / "data").rglob("thumb"))) == 4


def test_a_second_backup_copies_only_what_is_new(filled: Path, target: Path) -> None:
    back_up(filled, target)
    first = {path: path.stat().st_mtime_ns for path in files(target) if "files" in path.parts}

    async def another() -> None:
        async with opened(settings_of(filled)) as container:
            await store_text(container, "Otro informe\n")

    asyncio.run(another())
    assert back_up(filled, target)["documents"] == 6
    second = {path: path.stat().st_mtime_ns for path in files(target) if "files" in path.parts}
    assert len(second) == len(first) + 1
    assert first.items() <= second.items()


def test_an_older_snapshot_can_be_chosen(filled: Path, target: Path, empty: Path) -> None:
    older = back_up(filled, target)["snapshot"]
    before = asyncio.run(held(settings_of(filled)))
    asyncio.run(fill(settings_of(filled), seed=2))
    back_up(filled, target)
    listed = invoke(empty, "restore", str(target), "--list", "--json", **WITH_KEY).stdout.splitlines()
    assert [json.loads(line)["documents"] for line in listed] == [5, 10]
    assert invoke(empty, "restore", str(target), "--snapshot", older, **WITH_KEY).exit_code == 0
    assert asyncio.run(held(settings_of(empty))) == before


def test_only_so_many_snapshots_are_kept_and_the_files_that_they_name(filled: Path, target: Path, empty: Path) -> None:
    async def purge_a_text() -> None:
        async with opened(settings_of(filled)) as container:
            view = await store_text(container, "for a while\n")
            await container.trash_document()(ADMIN, view.id)

    asyncio.run(purge_a_text())
    back_up(filled, target)
    with closing(sqlite3.connect(filled / "data" / "clinic-media.db")) as database, database:
        long_ago = "UPDATE documents SET trashed_at = '2020-01-01T00:00:00.000000Z'"
        database.execute(f"{long_ago} WHERE trashed_at IS NOT NULL AND title = 'Informe'")
    assert invoke(filled, "purge", RETENTION__TRASH_DAYS="1").exit_code == 0
    assert back_up(filled, target)["files_dropped"] == 0
    told = back_up(filled, target, "--keep", "2")
    assert told["files_dropped"] == 1
    listed = invoke(empty, "restore", str(target), "--list", "--json", **WITH_KEY).stdout.splitlines()
    assert len(listed) == 2
    assert invoke(empty, "restore", str(target), "--check", **WITH_KEY).exit_code == 0


def test_without_a_key_nothing_is_backed_up_unless_that_is_said(filled: Path, target: Path, empty: Path) -> None:
    ended = invoke(filled, "backup", str(target))
    assert ended.exit_code == 2
    assert "--unencrypted" in ended.stderr
    assert not target.exists()
    assert invoke(filled, "backup", str(target), "--unencrypted").exit_code == 0
    assert any(path.read_bytes() == b"Informe 1\n" for path in files(target))
    assert invoke(empty, "restore", str(target)).exit_code == 0


def test_what_is_backed_up_cannot_be_read_without_the_key(filled: Path, target: Path, empty: Path) -> None:
    back_up(filled, target)
    content = b"".join(path.read_bytes() for path in files(target))
    for word in (b"Informe", "García".encode(), b"SQLite format", b"north", b"JFIF"):
        assert word not in content
    for key in ({}, {"BACKUP__KEY": "some other passphrase"}):
        ended = invoke(empty, "restore", str(target), **key)
        assert ended.exit_code == 3
        assert "key" in ended.stderr
    assert invoke(filled, "backup", str(target), "--unencrypted").exit_code == 3


def test_the_key_may_be_in_a_file(filled: Path, target: Path, empty: Path) -> None:
    (filled / "key").write_text(f"{KEY}\n")
    (filled / "short").write_text("short\n")
    assert invoke(filled, "backup", str(target), "--key-file", str(filled / "short")).exit_code == 3
    assert invoke(filled, "backup", str(target), "--key-file", str(filled / "key")).exit_code == 0
    assert invoke(empty, "restore", str(target), "--check", **WITH_KEY).exit_code == 0


def test_nothing_is_restored_over_something(filled: Path, target: Path, empty: Path) -> None:
    back_up(filled, target)
    ended = invoke(filled, "restore", str(target), **WITH_KEY)
    assert ended.exit_code == 3
    assert "not empty" in ended.stderr
    stranger = empty / "data" / "files" / "blobs" / "c" / "p" / "2026-01" / "0190a0b0-0000-7000-8000-000000000000"
    stranger.mkdir(parents=True)
    (stranger / "original").write_bytes(b"somebody's")
    ended = invoke(empty, "restore", str(target), **WITH_KEY)
    assert ended.exit_code == 3
    assert "storage is not empty" in ended.stderr


def test_a_restore_that_was_interrupted_goes_on(filled: Path, target: Path, empty: Path) -> None:
    back_up(filled, target)
    assert invoke(empty, "restore", str(target), **WITH_KEY).exit_code == 0
    for path in (empty / "data").glob("clinic-media.db*"):
        path.unlink()
    first, second, *_ = sorted((empty / "data").rglob("original"))
    first.unlink()
    second.write_bytes(b"half")
    assert invoke(empty, "restore", str(target), **WITH_KEY).exit_code == 0
    assert asyncio.run(held(settings_of(empty))) == asyncio.run(held(settings_of(filled)))


@pytest.mark.parametrize("part", ["files", "database", "listing", "manifest"])
def test_every_damage_to_a_backup_is_found(filled: Path, target: Path, empty: Path, part: str) -> None:
    back_up(filled, target)
    assert invoke(empty, "restore", str(target), "--check", **WITH_KEY).exit_code == 0
    chosen = sorted(path for path in files(target) if part in path.parts)[0]
    content = bytearray(chosen.read_bytes())
    content[len(content) // 2] ^= 1
    chosen.chmod(0o600)
    chosen.write_bytes(content)
    ended = invoke(empty, "restore", str(target), "--check", **WITH_KEY)
    assert ended.exit_code == (3 if part == "manifest" else 1), ended.output


def test_a_document_that_is_damaged_in_the_installation_is_told_and_the_rest_is_backed_up(
    filled: Path, target: Path, empty: Path
) -> None:
    damaged, *_ = sorted((filled / "data").rglob("original"))
    damaged.write_bytes(b"x" * damaged.stat().st_size)
    ended = invoke(filled, "backup", str(target), "--json", **WITH_KEY)
    assert ended.exit_code == 1
    assert json.loads(ended.stdout)["missing"] == [damaged.parent.name]
    ended = invoke(empty, "restore", str(target), "--json", **WITH_KEY)
    assert ended.exit_code == 1
    assert [json.loads(line)["id"] for line in ended.stdout.splitlines()] == [damaged.parent.name]
    assert len(list((empty / "data").rglob("original"))) == 4


def test_what_cannot_be_is_said(filled: Path, target: Path, empty: Path) -> None:
    assert "no backups here" in invoke(empty, "restore", str(target), **WITH_KEY).stderr
    back_up(filled, target)
    assert "no snapshot of-old" in invoke(empty, "restore", str(target), "--snapshot", "of-old", **WITH_KEY).stderr
    memory = invoke(filled, "backup", str(target), **WITH_KEY, DATABASE__URL="memory://")
    assert memory.exit_code == 3
    other = invoke(empty, "restore", str(target), **WITH_KEY, DATABASE__URL="postgresql://nobody@127.0.0.1:1/x")
    assert "a postgresql one" in other.stderr


def test_what_an_installation_in_use_has_lost_is_put_back(filled: Path, target: Path) -> None:
    back_up(filled, target)
    before = asyncio.run(held(settings_of(filled)))
    missing, damaged, *_ = sorted((filled / "data").rglob("original"))
    missing.unlink()
    wrong = b"x" * damaged.stat().st_size
    damaged.write_bytes(wrong)
    ended = invoke(filled, "restore", str(target), "--mend", "--json", **WITH_KEY)
    assert ended.exit_code == 0, ended.output
    assert json.loads(ended.stdout) == {"mended": 2, "left": []}
    assert asyncio.run(held(settings_of(filled))) == before
    assert asyncio.run(damages(settings_of(filled))) == []
    assert wrong in {path.read_bytes() for path in (filled / "data").rglob("original")}, "put aside, not deleted"


def test_what_the_backup_does_not_have_is_named(filled: Path, target: Path) -> None:
    lost, *_ = sorted((filled / "data").rglob("original"))
    lost.unlink()
    assert invoke(filled, "backup", str(target), **WITH_KEY).exit_code == 1
    ended = invoke(filled, "restore", str(target), "--mend", **WITH_KEY)
    assert ended.exit_code == 1
    assert lost.parent.name in ended.stdout
    assert invoke(filled, "restore", str(target), "--mend", "--check", **WITH_KEY).exit_code == 2
