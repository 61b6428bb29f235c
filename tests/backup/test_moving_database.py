"""clinic-media migrate-database: every row in another kind of database and back, equal, or nothing at all."""

import asyncio
import json
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy import make_url

from adapters.sql.moves import open_tables
from adapters.sql.schema import upgrade
from application.moving_database import move_database
from application.ports.tables import MoveRefused
from application.reach import over_every_clinic
from entrypoints.container import opened
from entrypoints.settings import Settings
from tests.backup.everything import fill_everything
from tests.backup.filling import damages, fill, held, settings_of
from tests.cli.running import invoke
from tests.proof.kill_server import Server
from tests.services.postgres import PostgresServer
from tests.services.s3 import BUCKET, S3Server

RULES = {"RETENTION__TRASH_DAYS": "1", "RETENTION__PHOTOS_PURGEABLE": "true", "EVENTS__ATTEMPTS": "1"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    assert invoke(folder, "migrate").exit_code == 0
    asyncio.run(fill_everything(settings_of(folder, **RULES)))
    return folder


@pytest.fixture
def filled(tmp_path: Path, made: Path) -> Path:
    return shutil.copytree(made, tmp_path / "clinic")


@pytest.fixture
def postgresql(postgres: PostgresServer) -> Iterator[str]:
    """The URL of a database without tables."""
    with asyncio.Runner() as runner:
        database = postgres.database(migrated=False)
        yield runner.run(database.__aenter__())
        runner.run(database.__aexit__(None, None, None))


def move(folder: Path, target: str, **settings: str) -> dict[str, tuple[int, str]]:
    """Rows and digest of each table."""
    ended = invoke(folder, "migrate-database", target, "--json", **settings)
    assert ended.exit_code == 0, ended.output
    return {table["name"]: (table["rows"], table["digest"]) for table in json.loads(ended.stdout)["tables"]}


async def delivered(settings: Settings) -> list[str]:
    """The ids of the events that are on their way, in their order, and are not afterwards."""
    with over_every_clinic():
        async with opened(settings) as container, container.outbox().claim(1_000) as batch:
            for message in batch.messages:
                await batch.published(message)
            return [message.id for message in batch.messages]


@pytest.mark.services
def test_every_table_is_equal_in_postgresql_and_back_in_sqlite(filled: Path, postgresql: str) -> None:
    in_sqlite, in_postgresql = settings_of(filled), settings_of(filled, DATABASE__URL=postgresql)
    before = asyncio.run(held(in_sqlite))
    there = move(filled, postgresql)
    assert [name for name, (rows, _) in there.items() if rows == 0] == []
    assert asyncio.run(held(in_postgresql)) == before
    assert asyncio.run(damages(in_postgresql)) == []
    back = f"sqlite:///{filled / 'back.db'}"
    assert move(filled, back, DATABASE__URL=postgresql) == there
    assert asyncio.run(held(settings_of(filled, DATABASE__URL=back))) == before
    assert asyncio.run(damages(settings_of(filled, DATABASE__URL=back))) == []
    waiting = asyncio.run(delivered(in_sqlite))
    assert len(waiting) > 9
    for url in (postgresql, back):
        assert asyncio.run(delivered(settings_of(filled, DATABASE__URL=url))) == waiting
        # it goes on counting, and chaining, where the old one was
        asyncio.run(fill(settings_of(filled, DATABASE__URL=url), seed=2))
        assert len(asyncio.run(delivered(settings_of(filled, DATABASE__URL=url)))) > 5
        assert [line for line in asyncio.run(damages(settings_of(filled, DATABASE__URL=url))) if line[:2] != "I3"] == []


def test_a_database_in_use_is_refused_and_stays_as_it_is(filled: Path) -> None:
    target = filled / "new.db"
    with closing(sqlite3.connect(filled / "data" / "clinic-media.db")) as other:
        other.execute("SELECT * FROM documents").fetchall()
        ended = invoke(filled, "migrate-database", f"sqlite:///{target}")
        assert ended.exit_code == 3
        assert "clinic-media serve" in ended.stderr
    move(filled, f"sqlite:///{target}")


def test_nobody_gets_into_a_database_while_it_is_moved(filled: Path) -> None:
    old, new = filled / "data" / "clinic-media.db", filled / "new.db"
    upgrade(f"sqlite:///{new}")
    refused = set[str]()

    def meanwhile(_: int, __: int) -> None:
        for path in (old, new):
            with closing(sqlite3.connect(path, timeout=0)) as other, pytest.raises(sqlite3.OperationalError) as error:
                other.execute("SELECT * FROM documents")
            refused.add(str(error.value))

    asyncio.run(move_database(open_tables(f"sqlite:///{old}"), open_tables(f"sqlite:///{new}"), meanwhile))
    assert refused == {"database is locked"}


def test_a_database_with_rows_in_it_is_refused(filled: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = f"sqlite:///{tmp_path / 'other.db'}"
    upgrade(other)
    asyncio.run(fill(settings_of(tmp_path / "other", DATABASE__URL=other)))
    ended = invoke(filled, "migrate-database", other)
    assert ended.exit_code == 3
    assert "empty" in ended.stderr
    for wrong in (f"sqlite:///{filled / 'data' / 'clinic-media.db'}", "mysql://db/media", "memory://"):
        assert invoke(filled, "migrate-database", wrong).exit_code == 2


def test_stopped_at_any_moment_it_has_kept_nothing_and_begins_anew(filled: Path) -> None:
    old, new = (f"sqlite:///{path}" for path in (filled / "data" / "clinic-media.db", filled / "new.db"))
    upgrade(new)
    steps = list[int]()
    asyncio.run(move_database(open_tables(old), open_tables(new), lambda done, _: steps.append(done)))
    for at in (steps[0], steps[len(steps) // 2], steps[-1]):
        again = f"sqlite:///{filled / f'stopped-at-{at}.db'}"
        upgrade(again)

        def stop_there(done: int, _: int, at: int = at) -> None:
            if done == at:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            asyncio.run(move_database(open_tables(old), open_tables(again), stop_there))
        assert len(asyncio.run(move_database(open_tables(old), open_tables(again), lambda *_: None))) > 10


def test_a_value_that_cannot_be_kept_is_refused_by_the_name_of_its_table(filled: Path) -> None:
    with closing(sqlite3.connect(filled / "data" / "clinic-media.db")) as database:
        database.execute("UPDATE notes SET created_at = 'yesterday'")
        database.commit()
    ended = invoke(filled, "migrate-database", f"sqlite:///{filled / 'new.db'}")
    assert ended.exit_code == 3
    assert "notes" in ended.stderr


@pytest.mark.services
def test_postgresql_in_use_is_refused_and_nobody_writes_it_meanwhile(filled: Path, postgresql: str) -> None:
    async def go() -> None:
        await asyncio.to_thread(upgrade, postgresql)
        plain = make_url(postgresql).set(drivername="postgresql").render_as_string(hide_password=False)
        service = await asyncpg.connect(plain, server_settings={"application_name": "clinic-media"})
        old, new = open_tables(f"sqlite:///{filled / 'data' / 'clinic-media.db'}"), open_tables(postgresql)
        with pytest.raises(MoveRefused):
            await move_database(old, new, lambda *_: None)
        await service.close()
        writer = await asyncpg.connect(plain, server_settings={"lock_timeout": "50"})
        async with new.held():
            with pytest.raises(asyncpg.LockNotAvailableError):
                await writer.execute("DELETE FROM grants")
            assert await writer.fetchval("SELECT count(*) FROM grants") == 0
        await writer.close()
        await move_database(old, new, lambda *_: None)

    asyncio.run(go())


@pytest.mark.slow
@pytest.mark.services
def test_an_installation_is_switched_to_postgresql_and_s3_as_the_operators_page_says(
    filled: Path, postgresql: str, s3: S3Server
) -> None:
    with over_every_clinic():
        wanted = {id: each.sha256 for id, each in asyncio.run(held(settings_of(filled))).items()}
    written, url = filled / "clinic-media.toml", f"s3://{BUCKET}/switched-{os.getpid()}"
    options = {name: s3.options[name] for name in ("endpoint_url", "key", "secret")}
    move(filled, postgresql)
    written.write_text(f'[database]\nurl = "{postgresql}"\n')
    ended = invoke(filled, "migrate-storage", "--to", url, "--options", json.dumps(options), "--json")
    assert (ended.exit_code, json.loads(ended.stdout)["complete"]) == (0, True)
    lines = [f'url = "{url}"', "[storage.options]", *(f'{name} = "{value}"' for name, value in options.items())]
    written.write_text("\n".join([written.read_text(), "[storage]", *lines]))
    ended = invoke(filled, "verify", "--read-data")
    assert ended.exit_code == 0, ended.output
    token = invoke(filled, "token", "--clinic", "north", "--user", "u-1", "--role", "admin").stdout.strip()
    shutil.rmtree(filled / "data")
    server = Server(filled)
    try:
        server.wait(120)
        assert asyncio.run(_downloaded(server.url, token, wanted)) == wanted
    finally:
        server.kill()
    ended = invoke(filled, "verify", "--read-data")
    assert ended.exit_code == 0, ended.output


async def _downloaded(base: str, token: str, wanted: dict[str, Any]) -> dict[str, str]:
    """The checksum of each document's bytes; what is in the trash is restored to be read."""
    found = {}
    async with httpx.AsyncClient(base_url=f"{base}/api/v1/media", headers={"Authorization": f"Bearer {token}"}) as http:
        async for id, content in _contents(http, wanted):
            found[id] = sha256(content).hexdigest()
    return found


async def _contents(http: httpx.AsyncClient, wanted: dict[str, Any]) -> AsyncIterator[tuple[str, bytes]]:
    for id in wanted:
        answer = await http.get(f"/documents/{id}/download")
        if answer.status_code == 404:
            (await http.post(f"/documents/{id}/restore")).raise_for_status()
            answer = await http.get(f"/documents/{id}/download")
        yield id, answer.raise_for_status().content
