"""An import is taken back while others work: everybody waits in one order, so nobody waits for ever."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from application.importing.report import Report
from domain.ids import PatientId
from entrypoints.container import Container
from tests.imports.bringing import bring, documents, installed, links, medikeep, undo
from tests.imports.medikeep_made import MediKeepMade
from tests.imports.test_undo import STAFF
from tests.services.postgres import PostgresServer

pytestmark = [pytest.mark.anyio, pytest.mark.services]

FIRST = PatientId("1")


@pytest.fixture
async def url(postgres: PostgresServer) -> AsyncIterator[str]:
    async with postgres.database() as made:
        yield made


async def brought(container: Container, folder: Path) -> Report:
    made = MediKeepMade(folder)
    for id in range(1, 4):
        made.lab_file(id, id)
    return await bring(container, medikeep(container, made.url, made.uploads))


async def until_somebody_waits(url: str) -> None:
    looking = await asyncpg.connect(url.replace("+asyncpg", ""))
    while not await looking.fetch("SELECT FROM pg_locks WHERE NOT granted"):  # noqa: ASYNC110 - another session's
        await asyncio.sleep(0.01)
    await looking.close()


async def test_beside_somebody_who_has_the_patient_and_comes_to_its_documents(tmp_path: Path, url: str) -> None:
    async with installed(tmp_path, DATABASE__URL=url) as container:
        report = await brought(container, tmp_path / "old")
        async with container.unit_of_work()(STAFF) as uow:
            await uow.directory.patient(FIRST)
            undoing = asyncio.create_task(undo(container, report))
            await until_somebody_waits(url)
            assert len(await uow.documents.of_patient(FIRST)) == 1
        assert (await undoing).kept == ()
        assert await documents(container) == []


async def test_beside_somebody_who_has_a_record_and_comes_to_its_links(tmp_path: Path, url: str) -> None:
    async with installed(tmp_path, DATABASE__URL=url) as container:
        report = await brought(container, tmp_path / "old")
        ((type, id),) = (await links(container))[(await documents(container))[0].id]
        ref = container.registry().ref(type, id)
        async with container.unit_of_work()(STAFF) as uow:
            await uow.directory.lock_owner(ref)
            undoing = asyncio.create_task(undo(container, report))
            await until_somebody_waits(url)
            assert len(await uow.attachments.remove(await uow.attachments.all_of_owner(ref))) == 1
        assert (await undoing).kept == ()
