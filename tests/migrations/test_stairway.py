"""Every migration can be gone up and down, and what is at the top is what the program thinks that it works with."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DBAPIError

from adapters.sql import logs, schema, tables
from adapters.sql.schema import connected, current, downgrade, expected, upgrade
from domain.errors import Unavailable
from tests.conftest import ROOT
from tests.migrations.definitions import definitions
from tests.services.postgres import PostgresServer, over_every_clinic_at

pytestmark = pytest.mark.anyio

REVISIONS = [script.revision for script in ScriptDirectory(str(ROOT / "migrations")).walk_revisions()][::-1]


async def on(url: str, work: Callable[[Connection], Any]) -> Any:
    return await asyncio.to_thread(connected, url, work)


async def run(url: str, *statements: str) -> None:
    await on(url, lambda connection: [connection.execute(text(statement)) for statement in statements])


async def test_each_migration_can_be_taken_back_and_made_again(url: str) -> None:
    before = "base"
    for revision in REVISIONS:
        await asyncio.to_thread(upgrade, url, revision)
        once = await on(url, definitions)
        await asyncio.to_thread(downgrade, url, before)
        await asyncio.to_thread(upgrade, url, revision)
        assert await on(url, definitions) == once
        assert await asyncio.to_thread(current, url) == revision
        before = revision
    assert before == expected()


async def test_taking_everything_back_leaves_nothing(url: str) -> None:
    await asyncio.to_thread(upgrade, url)
    await asyncio.to_thread(downgrade, url, "base")
    assert await on(url, definitions) == set()
    assert await asyncio.to_thread(current, url) is None


async def test_the_migrated_tables_are_those_that_the_program_knows(url: str) -> None:
    await asyncio.to_thread(upgrade, url)
    migrated = await on(url, definitions)
    await asyncio.to_thread(downgrade, url, "base")
    await on(url, tables.metadata.create_all)
    assert migrated == await on(url, definitions)
    assert {logs.audit.name, tables.documents.name} <= {name for name, *_ in migrated} | {line[1] for line in migrated}


async def test_a_database_that_was_never_migrated_has_no_revision(url: str) -> None:
    assert await asyncio.to_thread(current, url) is None


async def test_a_migration_that_fails_leaves_nothing_behind(url: str) -> None:
    await asyncio.to_thread(upgrade, url, REVISIONS[0])
    await run(url, "CREATE TABLE tombstones (in_the_way INTEGER)")
    before = await on(url, definitions)
    with pytest.raises(DBAPIError):
        await asyncio.to_thread(upgrade, url)
    assert await on(url, definitions) == before
    assert await asyncio.to_thread(current, url) == REVISIONS[0]


async def test_several_that_migrate_at_once_wait_for_one_another(url: str) -> None:
    await asyncio.gather(*(asyncio.to_thread(upgrade, url) for _ in range(4)))
    assert await asyncio.to_thread(current, url) == expected()


@pytest.mark.services
async def test_a_migration_that_waits_for_a_table_keeps_nobody_else_off_it(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "MILLISECONDS_IN_THE_WAY", 300)
    async with postgres.database(migrated=False) as url:
        await asyncio.to_thread(upgrade, url, "0007")
        reader, another = [await asyncpg.connect(over_every_clinic_at(url)) for _ in range(2)]
        await reader.execute("BEGIN; SELECT FROM documents")
        migrating = asyncio.create_task(asyncio.to_thread(upgrade, url))
        while not await another.fetch("SELECT FROM pg_locks WHERE NOT granted"):  # noqa: ASYNC110 - another session's
            await asyncio.sleep(0.01)
        await another.fetch("SELECT FROM documents")
        assert not migrating.done()
        await reader.execute("COMMIT")
        await migrating
        assert await asyncio.to_thread(current, url) == expected()
        for connection in (reader, another):
            await connection.close()


@pytest.mark.services
async def test_an_index_is_made_beside_those_who_write_and_anew_where_that_was_cut_short(
    postgres: PostgresServer,
) -> None:
    async with postgres.database(migrated=False) as url:
        await asyncio.to_thread(upgrade, url, "0009")
        await run(url, "CREATE INDEX owners_type ON owners (title)")
        reader, writer = [await asyncpg.connect(over_every_clinic_at(url)) for _ in range(2)]
        await reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM owners")
        migrating = asyncio.create_task(asyncio.to_thread(upgrade, url))
        while not await writer.fetch("SELECT FROM pg_locks WHERE NOT granted"):  # noqa: ASYNC110 - another session's
            await asyncio.sleep(0.01)
        await writer.execute("INSERT INTO owners VALUES ('c', 'visit', 'v', 'p', '', NULL, now(), now(), now())")
        assert not migrating.done()
        await reader.execute("COMMIT")
        await migrating
        (made,) = [line for line in await on(url, definitions) if "owners_type" in line]
        assert "(clinic_id, owner_type, shown_at DESC, owner_id DESC)" in made[-1]
        for connection in (reader, writer):
            await connection.close()


# What looks at every row of a table, or writes it anew, while nobody else may use it.
_LONG = re.compile(
    r"CREATE (UNIQUE )?INDEX (?!CONCURRENTLY)\w+ ON (?P<on>\w+)|ALTER TABLE (?P<table>\w+)"
    r" (ALTER( COLUMN)? \w+ (SET DATA )?TYPE|ALTER( COLUMN)? \w+ SET NOT NULL|ADD CONSTRAINT (?!.*NOT VALID))",
    re.IGNORECASE | re.DOTALL,
)


@pytest.mark.services
async def test_migrations_of_an_installation_in_use_hold_its_tables_for_a_moment_only(
    postgres: PostgresServer,
) -> None:
    said: list[str] = []
    async with postgres.database(migrated=False) as url:
        await asyncio.to_thread(upgrade, url, "0007")
        there = {line[1] for line in await on(url, definitions)}
        assert "documents" in there

        def migrate(connection: Connection) -> None:
            event.listen(connection, "before_cursor_execute", lambda *told: said.append(told[2]))
            command.upgrade(schema._config(connection), "head")

        await on(url, migrate)
    assert any(statement.startswith("CREATE POLICY") for statement in said)
    found = [match for statement in said for match in _LONG.finditer(statement)]
    assert [match.group() for match in found if (match["on"] or match["table"]) in there] == []


async def test_a_database_that_is_away_is_told_apart_from_one_without_migrations() -> None:
    with pytest.raises(Unavailable):
        await asyncio.to_thread(current, "postgresql+asyncpg://nobody@127.0.0.1:1/nothing")


async def test_a_url_of_neither_make_is_refused_without_its_password() -> None:
    with pytest.raises(ValueError, match="sqlite:///path") as refused:
        schema.current("mysql://root:secret@host/name")
    assert "secret" not in str(refused.value)


async def test_sqlite_is_told_about_every_index_that_a_list_may_use(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'clinic.db'}"
    await asyncio.to_thread(upgrade, url)
    untold = await on(url, lambda connection: connection.execute(text(_UNTOLD)).scalars().all())
    assert untold == []


_UNTOLD = """
SELECT tbl_name || '.' || name FROM sqlite_schema WHERE type = 'index' AND name NOT IN (SELECT idx FROM sqlite_stat1)
AND tbl_name NOT IN ('alembic_version', 'import_runs', 'import_rows')
AND NOT (tbl_name IN (SELECT idx FROM sqlite_stat1) AND name LIKE 'sqlite_autoindex%')
"""


@pytest.mark.parametrize("change", ["UPDATE audit SET user_id = 'x'", "DELETE FROM audit"])
async def test_the_audit_log_can_only_be_added_to(url: str, change: str) -> None:
    await asyncio.to_thread(upgrade, url)
    columns = "clinic_id, seq, hash, at, user_id, action, outcome, address, request_id"
    values = "'c', 1, 'h', '2026-01-01T00:00:00Z', 'u', 'a', 'ok', '', ''"
    await run(url, f"INSERT INTO audit ({columns}) VALUES ({values})")
    with pytest.raises(DBAPIError, match="only ever added to"):
        await run(url, change)
    assert await on(url, lambda connection: connection.execute(text("SELECT seq, hash FROM audit_heads")).all()) == [
        (1, "h")
    ]
