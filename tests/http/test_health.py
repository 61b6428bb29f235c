"""What is told of a service that does not do well: which part it is, and to operators why."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from dependency_injector.providers import Dict, Object

from adapters.system import RoomOnDisk
from entrypoints.container import Container
from entrypoints.settings import Database
from tests.http.places import ON_A_DISK
from tests.http.service import Clinic, Json, Service, problem_of, serving, settings_for

pytestmark = pytest.mark.anyio

FINE = dict.fromkeys(("database", "storage", "scanner", "schema", "disk", "events"), "ok")


@pytest.fixture
async def alone(tmp_path: Path) -> AsyncIterator[Service]:
    """An installation that can be broken."""
    async with serving(settings_for(tmp_path)) as running:
        yield running


@pytest.fixture
async def on_a_disk(tmp_path: Path) -> AsyncIterator[Service]:
    """One whose folder can be looked into, database and all."""
    async with serving(settings_for(tmp_path, database=Database(), storage=ON_A_DISK)) as running:
        yield running


async def ready(service: Service) -> Json:
    answer = await service.client.get("/health/ready")
    assert answer.status_code == 200, answer.text
    told: Json = answer.json()
    return told


async def test_where_all_is_well_each_part_says_so(alone: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RoomOnDisk, "at_least", 0)
    assert await ready(alone) == {"status": "ok", "parts": FINE}


async def test_the_part_that_is_away_is_named_and_nothing_else(on_a_disk: Service) -> None:
    folder = on_a_disk.settings.folder
    (folder / "files").rename(folder / "unplugged")
    answer = await on_a_disk.client.get("/health/ready")
    problem = problem_of(answer, 503, "unavailable")
    assert problem["errors"] == [{"field": "storage", "message": "away"}]
    assert str(folder) not in answer.text
    (folder / "unplugged").rename(folder / "files")
    assert (await ready(on_a_disk))["parts"]["storage"] == "ok"


async def test_a_check_that_hangs_is_a_part_that_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("entrypoints.http.health.SECONDS", 0.2)
    monkeypatch.setattr(RoomOnDisk, "at_least", 0)

    def hang(container: Container) -> None:
        container.needed.override(Dict({**container.needed(), "storage": Object(lambda: asyncio.sleep(3600))}))

    async with serving(settings_for(tmp_path), hang) as service:
        problem = problem_of(await service.client.get("/health/ready"), 503, "unavailable")
    assert problem["errors"] == [{"field": "storage", "message": "away"}]


async def test_little_room_on_the_disk_is_told_while_the_work_goes_on(
    alone: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(RoomOnDisk, "at_least", 2**62)
    assert await ready(alone) == {"status": "attention", "parts": {**FINE, "disk": "low"}}
    assert "MiB are free" in caplog.text


async def test_events_that_nobody_takes_are_told_after_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RoomOnDisk, "at_least", 0)
    async with serving(settings_for(tmp_path)) as service:
        await Clinic(service, "c").patient("ana")
        assert (await ready(service))["status"] == "ok"
        now = service.container.clock()() + timedelta(minutes=6)
        monkeypatch.setattr(type(service.container.clock()), "__call__", lambda _: now)
        assert (await ready(service))["parts"] == {**FINE, "events": "late"}
        while await service.container.relay_events()():
            pass
        assert (await ready(service))["status"] == "ok"


async def test_a_database_that_another_version_has_migrated_is_told(
    on_a_disk: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RoomOnDisk, "at_least", 0)
    path = on_a_disk.settings.folder / "clinic-media.db"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    assert (await ready(on_a_disk))["parts"] == {**FINE, "schema": "other"}
