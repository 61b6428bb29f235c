"""Whose a record is, asked of a host: over HTTP, or in its tables; also of one that lies, hangs or is away."""

import asyncio
import hashlib
import hmac
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

from adapters.owners.http import FAILURES, PAUSE, HttpOwners
from adapters.sql.host_owners import PostgresqlHostOwners, SqliteHostOwners, host_owners
from application.ports.owners import OwnerResolver
from domain.attachments import OwnerRef
from domain.errors import Unavailable
from domain.ids import ClinicId, OwnerId
from tests.services.host import RECORDS, Host, hosting
from tests.services.postgres import PostgresServer

pytestmark = pytest.mark.anyio

SECRET = "what host and service both know of each other"
MARINA, OTHER = ClinicId("marina"), ClinicId("other")


def visit(id: str) -> OwnerRef:
    return OwnerRef("visit", OwnerId(id))


@pytest.fixture
def host() -> Iterator[tuple[str, type[Host]]]:
    with hosting() as running:
        yield running


@pytest.fixture
async def by_http(host: tuple[str, type[Host]]) -> AsyncIterator[HttpOwners]:
    owners = HttpOwners(host[0], SECRET, seconds=0.5)
    yield owners
    await owners.close()


@pytest.fixture
def in_sqlite(tmp_path: Path) -> SqliteHostOwners:
    with sqlite3.connect(tmp_path / "host.db") as database:
        database.execute("CREATE TABLE visits (id INTEGER PRIMARY KEY, who TEXT, clinic TEXT, deleted_at TEXT)")
        rows = [(int(id), who, MARINA, None) for id, who in RECORDS.items()]
        database.executemany("INSERT INTO visits VALUES (?, ?, ?, ?)", [*rows, (9, "eva", MARINA, "2024-01-01")])
    database.close()
    columns = {"patient": "who", "clinic": "clinic", "removed": "deleted_at"}
    found = host_owners(f"sqlite:///{tmp_path / 'host.db'}", table="visits", **columns)
    assert isinstance(found, SqliteHostOwners)
    return found


@pytest.fixture
async def in_postgresql(postgres: PostgresServer) -> AsyncIterator[PostgresqlHostOwners]:
    async with postgres.database(migrated=False) as url:
        connection = await asyncpg.connect(url.replace("+asyncpg", ""))
        await connection.execute('CREATE SCHEMA "Host"; CREATE TABLE "Host"."Visits" (id int, who text, clinic text)')
        await connection.executemany(
            'INSERT INTO "Host"."Visits" VALUES ($1, $2, $3)', [(int(id), who, MARINA) for id, who in RECORDS.items()]
        )
        await connection.execute("CREATE TABLE scans (id uuid, patient_id int)")
        await connection.execute("INSERT INTO scans VALUES ('01890000-0000-7000-8000-000000000000', 12)")
        await connection.close()
        found = host_owners(url, table="Host.Visits", patient="who", clinic="clinic")
        assert isinstance(found, PostgresqlHostOwners)
        yield found
        await found.close()


KINDS = ["by_http", "in_sqlite", pytest.param("in_postgresql", marks=pytest.mark.services)]


@pytest.fixture(params=KINDS)
def owners(request: pytest.FixtureRequest) -> OwnerResolver:
    found: OwnerResolver = request.getfixturevalue(request.param)
    return found


async def test_a_record_of_the_host_is_its_patient_s(owners: OwnerResolver) -> None:
    assert [await owners.patient_of(MARINA, visit(id)) for id in RECORDS] == list(RECORDS.values())


@pytest.mark.parametrize("id", ["10", "no-number", "99999999999999999999", "a" * 64, "7 ", "07", "7.0", ":"])
async def test_what_the_host_does_not_have_is_nobody_s(owners: OwnerResolver, id: str) -> None:
    assert await owners.patient_of(MARINA, visit(id)) is None


async def test_another_clinic_s_record_is_nobody_s(owners: OwnerResolver) -> None:
    assert await owners.patient_of(OTHER, visit("7")) is None


# --- over HTTP ---


async def test_the_host_can_tell_that_it_is_we_who_ask(by_http: HttpOwners, host: tuple[str, type[Host]]) -> None:
    await by_http.patient_of(MARINA, visit("7"))
    path, headers = host[1].asked[0]
    assert path == "/owners/visit/7?clinic_id=marina"
    signed = f"{headers['x-clinic-media-timestamp']}.{path}".encode()
    assert headers["x-clinic-media-signature"] == hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()


async def test_an_address_may_say_where_type_and_id_go(host: tuple[str, type[Host]]) -> None:
    owners = HttpOwners(f"{host[0]}?type={{owner_type}}&id={{owner_id}}")
    await owners.patient_of(MARINA, visit("7:a"))
    await owners.close()
    path, headers = host[1].asked[0]
    assert path == "/owners?type=visit&id=7%3Aa&clinic_id=marina"
    assert "x-clinic-media-signature" not in headers


async def test_an_answer_counts_for_a_moment(host: tuple[str, type[Host]]) -> None:
    now = 100.0
    owners = HttpOwners(host[0], kept=5, clock=lambda: now)
    for now in (100.0, 104.9):  # noqa: B007 - the clock reads it
        await owners.patient_of(MARINA, visit("7"))
        await owners.patient_of(MARINA, visit("missing"))
        await owners.patient_of(OTHER, visit("7"))
    assert len(host[1].asked) == 3
    now = 105.1
    await owners.patient_of(MARINA, visit("7"))
    assert len(host[1].asked) == 4
    await owners.close()


def hang(host: Host) -> None:
    host.connection.settimeout(5)
    host.rfile.read(1)


LIES: dict[str, Callable[[Host], None]] = {
    "an error": lambda host: host.say(500, b"{}"),
    "a redirect": lambda host: (
        host.say(302, b"", Location="/owners/visit/8?clinic_id=marina") if "/7?" in host.path else host.tell()
    ),
    "no JSON": lambda host: host.say(200, b"<html>"),
    "nothing": lambda host: host.say(200, b"{}"),
    "null": lambda host: host.say(200, b'{"patient_id": null}'),
    "a list": lambda host: host.say(200, b'{"patient_id": ["ana"]}'),
    "no id": lambda host: host.say(200, b'{"patient_id": "../ana"}'),
    "too much": lambda host: host.say(200, b'{"patient_id": "ana", "more": "' + b"x" * 100_000 + b'"}'),
    "half an answer": lambda host: host.say(200, b'{"patient_id":', Content_Length="500"),
    "silence": hang,
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_host_that_does_not_answer_as_agreed_is_no_answer(
    by_http: HttpOwners, host: tuple[str, type[Host]], lie: str
) -> None:
    host[1].instead = staticmethod(LIES[lie])
    with pytest.raises(Unavailable):
        await by_http.patient_of(MARINA, visit("7"))
    host[1].instead = None
    assert await by_http.patient_of(MARINA, visit("7")) == "ana"


async def test_a_host_that_fails_again_and_again_is_left_alone_for_a_while(host: tuple[str, type[Host]]) -> None:
    now = 100.0
    owners = HttpOwners(host[0], clock=lambda: now)
    host[1].instead = staticmethod(LIES["an error"])
    for _ in range(FAILURES + 10):
        with pytest.raises(Unavailable):
            await owners.patient_of(MARINA, visit("7"))
    assert len(host[1].asked) == FAILURES
    now += PAUSE + 1
    for _ in range(2):
        with pytest.raises(Unavailable):
            await owners.patient_of(MARINA, visit("7"))
    assert len(host[1].asked) == FAILURES + 1
    now += PAUSE + 1
    host[1].instead = None
    assert await owners.patient_of(MARINA, visit("7")) == "ana"
    await owners.close()


async def test_a_host_that_is_not_there_is_said_soon() -> None:
    owners = HttpOwners("http://127.0.0.1:9/owners", seconds=1)
    async with asyncio.timeout(3):
        with pytest.raises(Unavailable):
            await owners.patient_of(MARINA, visit("7"))
    await owners.close()


# --- in its tables ---


async def test_a_record_that_the_host_removed_is_nobody_s(in_sqlite: SqliteHostOwners) -> None:
    assert await in_sqlite.patient_of(MARINA, visit("9")) is None


async def test_a_host_of_one_clinic_has_no_column_for_it(tmp_path: Path, in_sqlite: SqliteHostOwners) -> None:
    alone = host_owners(f"sqlite:///{tmp_path / 'host.db'}", table="visits", patient="who", only_clinic="marina")
    assert await alone.patient_of(MARINA, visit("9")) == "eva"
    assert await alone.patient_of(OTHER, visit("9")) is None


@pytest.mark.services
async def test_ids_of_any_type_are_found(postgres: PostgresServer, in_postgresql: PostgresqlHostOwners) -> None:
    where = in_postgresql._database._url  # type: ignore[attr-defined]
    scans = host_owners(where.render_as_string(hide_password=False), table="scans", only_clinic="marina")
    assert await scans.patient_of(MARINA, OwnerRef("scan", OwnerId("01890000-0000-7000-8000-000000000000"))) == "12"
    assert await scans.patient_of(MARINA, OwnerRef("scan", OwnerId("12"))) is None
    await scans.close()


async def test_the_host_s_database_is_never_written(tmp_path: Path, in_sqlite: SqliteHostOwners) -> None:
    (tmp_path / "host.db").chmod(0o400)
    before = contents(tmp_path)
    assert await in_sqlite.patient_of(MARINA, visit("7")) == "ana"
    assert contents(tmp_path) == before


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def test_a_host_s_database_that_cannot_be_read_is_no_answer(tmp_path: Path, in_sqlite: SqliteHostOwners) -> None:
    for url, table in ((f"sqlite:///{tmp_path / 'gone.db'}", "visits"), (f"sqlite:///{tmp_path / 'host.db'}", "gone")):
        with pytest.raises(Unavailable):
            await host_owners(url, table=table, only_clinic="marina").patient_of(MARINA, visit("7"))
    assert not (tmp_path / "gone.db").exists()


async def test_a_name_with_quotes_is_a_name(tmp_path: Path, in_sqlite: SqliteHostOwners) -> None:
    hostile = host_owners(
        f"sqlite:///{tmp_path / 'host.db'}", table='visits" WHERE 1=1 --', patient="who", only_clinic="marina"
    )
    with pytest.raises(Unavailable):
        await hostile.patient_of(MARINA, visit("7"))
