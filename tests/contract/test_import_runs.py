"""What imports remember of themselves."""

from dataclasses import replace
from datetime import timedelta

import pytest

from application.ports.imports import EVERY_CLINIC, ImportedRow, ImportRun
from domain.errors import Conflict, NotFound
from domain.ids import ClinicId
from tests.installations import Installation
from tests.samples import ANOTHER_CLINIC, CLINIC, NOON, document, staff

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)
RUN = ImportRun("01900000-0000-7000-8000-000000000001", "medikeep", CLINIC, NOON)
LATER = RUN._replace(id="01900000-0000-7000-8000-000000000002", started_at=NOON + HOUR)


def row(id: str = "1", kind: str = "document", clinic: ClinicId = CLINIC, run: ImportRun = RUN) -> ImportedRow:
    return ImportedRow(run.id, clinic, run.source, "files", id, kind, f"ours-{id}", "1")


async def remember(installation: Installation, *rows: ImportedRow, clinic: ClinicId = CLINIC) -> None:
    async with installation.unit_of_work(staff(clinic)) as uow:
        await uow.imports.remember(rows)
        await uow.commit()


async def test_a_run_is_kept_as_it_was_put_last(installation: Installation) -> None:
    await installation.imports.put(RUN)
    assert await installation.imports.get(RUN.id) == RUN
    finished = RUN._replace(finished_at=NOON + HOUR)
    await installation.imports.put(finished)
    assert await installation.imports.get(RUN.id) == finished
    with pytest.raises(NotFound):
        await installation.imports.get(LATER.id)


async def test_the_latest_run_that_has_not_ended_is_the_one_to_go_on_with(installation: Installation) -> None:
    for run in (LATER, RUN):
        await installation.imports.put(run)
    assert await installation.imports.unfinished("medikeep", CLINIC) == LATER
    await installation.imports.put(LATER._replace(finished_at=NOON))
    assert await installation.imports.unfinished("medikeep", CLINIC) == RUN
    await installation.imports.put(RUN._replace(undone_at=NOON))
    assert await installation.imports.unfinished("medikeep", CLINIC) is None


async def test_runs_of_other_programs_and_clinics_are_not_gone_on_with(installation: Installation) -> None:
    await installation.imports.put(RUN._replace(source="dentalpin", clinic_id=EVERY_CLINIC))
    assert await installation.imports.unfinished("medikeep", CLINIC) is None
    assert await installation.imports.unfinished("dentalpin", CLINIC) is None
    assert await installation.imports.unfinished("dentalpin", EVERY_CLINIC) is not None


async def test_rows_are_found_by_their_source_and_by_their_run(installation: Installation) -> None:
    for run in (RUN, LATER):
        await installation.imports.put(run)
    mine, next_one, found = row(), row("2", run=LATER), row("1", "found empty")
    await remember(installation, mine, found)
    await remember(installation, next_one)
    assert set(await installation.imports.rows_of_source("medikeep", CLINIC)) == {mine, next_one, found}
    assert await installation.imports.rows_of_source("dentalpin", CLINIC) == []
    assert await installation.imports.rows_of_source("medikeep", ANOTHER_CLINIC) == []
    assert set(await installation.imports.rows_of_run(RUN.id)) == {mine, found}


async def test_a_run_may_bring_something_to_several_clinics(installation: Installation) -> None:
    await installation.imports.put(RUN._replace(clinic_id=EVERY_CLINIC))
    here, there = row(), row(clinic=ANOTHER_CLINIC)
    await remember(installation, here)
    await remember(installation, there, clinic=ANOTHER_CLINIC)
    assert set(await installation.imports.rows_of_run(RUN.id)) == {here, there}
    assert await installation.imports.rows_of_source("medikeep", ANOTHER_CLINIC) == [there]


async def test_a_row_is_remembered_once_and_only_with_what_was_committed(installation: Installation) -> None:
    await installation.imports.put(RUN)
    async with installation.unit_of_work(staff()) as uow:
        await uow.imports.remember([row()])
    assert await installation.imports.rows_of_run(RUN.id) == []
    await remember(installation, row())
    with pytest.raises(Conflict):
        await remember(installation, row()._replace(our_id="another"))
    assert await installation.imports.rows_of_run(RUN.id) == [row()]


async def test_a_row_of_another_clinic_is_refused(installation: Installation) -> None:
    await installation.imports.put(RUN)
    with pytest.raises(NotFound):
        await remember(installation, row(clinic=ANOTHER_CLINIC))
    await remember(installation, row())
    with pytest.raises(NotFound):
        async with installation.unit_of_work(staff(ANOTHER_CLINIC)) as uow:
            await uow.imports.forget([row()])
    assert await installation.imports.rows_of_run(RUN.id) == [row()]


async def test_what_is_forgotten_can_be_brought_in_again(installation: Installation) -> None:
    await installation.imports.put(RUN)
    await remember(installation, row(), row("2"))
    async with installation.unit_of_work(staff()) as uow:
        await uow.imports.forget([row(), row("3")])
        await uow.commit()
    assert await installation.imports.rows_of_run(RUN.id) == [row("2")]
    await remember(installation, row())


async def test_a_document_may_come_back_under_its_id_and_go_again(installation: Installation) -> None:
    first = document()
    again = replace(first, file=replace(first.file, prefix=f"{CLINIC}/ana/2026-04/{first.id}"))
    for each in (first, again):
        await installation.keep(each)
        async with installation.unit_of_work(staff()) as uow:
            await uow.documents.remove(each)
            await uow.commit()
        (purge,) = await installation.upkeep.unfinished_purges(10)
        assert (purge.document_id, purge.prefix) == (each.id, each.file.prefix)
        await installation.upkeep.finish_purge(each.id)
        assert await installation.upkeep.unfinished_purges(10) == []
