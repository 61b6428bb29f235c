"""A transaction is committed, and its answer lost: the server waits for a standby that never comes when it is ended."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import make_url

from adapters.sql.schema import upgrade
from application.ports.unit_of_work import Once
from application.ports.views import DocumentView
from application.reach import over_every_clinic
from application.uploads import Incoming
from domain.errors import Unavailable
from domain.media import DocumentType
from entrypoints.container import Container, opened
from entrypoints.settings import Settings
from tests.backup.filling import ADMIN, ANA, settings_of
from tests.services.stoppable_postgres import StoppablePostgres, stoppable_postgres

pytestmark = [pytest.mark.anyio, pytest.mark.proof, pytest.mark.services]

_COMMITTED = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND application_name = 'clinic-media'"


@pytest.fixture
def postgres() -> Iterator[StoppablePostgres]:
    with stoppable_postgres() as server:
        yield server


@pytest.fixture
def settings(postgres: StoppablePostgres, tmp_path: Path) -> Settings:
    url = make_url(postgres.url).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)
    upgrade(url)
    return settings_of(tmp_path, DATABASE__URL=url)


async def stored(container: Container, once: Once | None = None) -> DocumentView:
    id, blob = await container.begin_upload()(ADMIN, ANA)
    await blob.write(b"Informe\n")
    incoming = Incoming(id=id, blob=blob, filename="informe.txt")
    return await container.store_document()(
        ADMIN, ANA, incoming, document_type=DocumentType.OTHER, title="Informe", once=once
    )


async def wait_for_a_standby(postgres: StoppablePostgres, name: str) -> None:
    connection = await asyncpg.connect(postgres.url)
    await connection.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'")
    await connection.execute("SELECT pg_reload_conf()")
    while await connection.fetchval("SHOW synchronous_standby_names") != name:  # noqa: ASYNC110 - it takes it up
        await asyncio.sleep(0.01)
    await connection.close()


async def committed(postgres: StoppablePostgres) -> int:
    """The process of the transaction that is committed and not answered."""
    connection = await asyncpg.connect(postgres.url)
    try:
        async with asyncio.timeout(60):
            while (pid := await connection.fetchval(_COMMITTED)) is None:  # noqa: ASYNC110 - another process gets there
                await asyncio.sleep(0.01)
    finally:
        await connection.close()
    return int(pid)


async def test_what_was_committed_without_an_answer_is_the_answer_to_the_repeated_request(
    postgres: StoppablePostgres, settings: Settings
) -> None:
    with over_every_clinic():
        async with opened(settings) as container:
            await container.register_patient()(ADMIN, ANA, display_name="Ana García")
            for lost in ("backend", "server"):
                once = Once(key=f"the {lost} went away", fingerprint="the same")
                await wait_for_a_standby(postgres, "nobody")
                storing = asyncio.create_task(stored(container, once))
                await end(postgres, lost, await committed(postgres))
                with pytest.raises(Unavailable):
                    await storing
                await wait_for_a_standby(postgres, "")
                again = await stored(container, once)
                assert (await stored(container, once)).id == again.id
                assert [finding.code async for finding in container.verify()(share=1.0)] == ["I10"]
                await container.recover()()
                assert [finding async for finding in container.verify()(share=1.0)] == []
            assert len([view async for view in container.upkeep().documents()]) == 2


async def test_bytes_of_what_may_be_committed_stay_whatever_others_do_meanwhile(
    postgres: StoppablePostgres, settings: Settings
) -> None:
    """Another server takes in the same at the same time, without a key either, and tidies up."""
    with over_every_clinic():
        async with opened(settings) as one, opened(settings) as other:
            await one.register_patient()(ADMIN, ANA, display_name="Ana García")
            await wait_for_a_standby(postgres, "nobody")
            storing = asyncio.create_task(stored(one))
            pid = await committed(postgres)
            rival = asyncio.create_task(stored(other))
            await other.recover()()
            await end(postgres, "backend", pid)
            with pytest.raises(Unavailable):
                await storing
            await asyncio.gather(one.recover()(), other.recover()())
            await wait_for_a_standby(postgres, "")
            with suppress(Unavailable):  # it has waited for the other's end, perhaps for too long
                await rival
            await stored(one)
            await other.recover()()
            assert [finding async for finding in one.verify()(share=1.0)] == []
            assert len([view async for view in one.upkeep().documents()]) in (2, 3)


async def end(postgres: StoppablePostgres, what: str, pid: int) -> None:
    if what == "backend":
        connection = await asyncpg.connect(postgres.url)
        await connection.fetchval("SELECT pg_terminate_backend($1)", pid)
        await connection.close()
    else:
        await asyncio.to_thread(postgres.stop)
        await asyncio.to_thread(postgres.start)
