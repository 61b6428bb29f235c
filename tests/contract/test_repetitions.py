"""The same request again, known by its Idempotency-Key."""

import asyncio
from datetime import timedelta

import pytest

from application.ports.unit_of_work import Once, UnitOfWork
from domain.errors import Conflict, RuleViolated
from tests.installations import Installation
from tests.races import RACERS, committed, race
from tests.samples import ANA, ANOTHER_CLINIC, document, staff

pytestmark = pytest.mark.anyio

STAFF = staff()


ONCE = Once(key="k-1", fingerprint="POST /x")


async def test_what_a_request_made_is_remembered_for_its_repetition(installation: Installation) -> None:
    async with installation.unit_of_work(STAFF) as uow:
        assert await uow.repetitions.result_of(ONCE) is None
        await uow.repetitions.remember(ONCE, "made")
        await uow.commit()
    installation.clock.advance(timedelta(hours=23))
    async with installation.unit_of_work(STAFF) as uow:
        assert await uow.repetitions.result_of(ONCE) == "made"


async def test_a_key_used_for_another_request_is_refused(installation: Installation) -> None:
    await committed(installation, lambda uow: uow.repetitions.remember(ONCE, "made"))
    async with installation.unit_of_work(STAFF) as uow:
        with pytest.raises(RuleViolated):
            await uow.repetitions.result_of(Once(key=ONCE.key, fingerprint="POST /y"))


async def test_a_key_that_was_not_committed_is_forgotten(installation: Installation) -> None:
    async with installation.unit_of_work(STAFF) as uow:
        await uow.repetitions.remember(ONCE, "made")
    async with installation.unit_of_work(STAFF) as uow:
        assert await uow.repetitions.result_of(ONCE) is None


async def test_one_request_sent_many_times_at_once_is_carried_out_once(installation: Installation) -> None:
    copies = [document() for _ in range(RACERS)]

    async def upload(uow: UnitOfWork, number: int) -> None:
        if await uow.repetitions.result_of(ONCE) is None:
            await uow.documents.add(copies[number])
            await asyncio.sleep(0)
            await uow.repetitions.remember(ONCE, copies[number].id)

    outcomes = await race(installation, upload)
    assert all(outcome is None or isinstance(outcome, Conflict) for outcome in outcomes)
    async with installation.unit_of_work(STAFF) as uow:
        (made,) = await uow.documents.of_patient(ANA)
        assert await uow.repetitions.result_of(ONCE) == made.id


async def test_a_key_is_nothing_to_another_user_or_another_clinic(installation: Installation) -> None:
    await committed(installation, lambda uow: uow.repetitions.remember(ONCE, "made"))
    for stranger in (staff(user="u-2"), staff(ANOTHER_CLINIC)):
        async with installation.unit_of_work(stranger) as uow:
            assert await uow.repetitions.result_of(ONCE) is None
            await uow.repetitions.remember(ONCE, "another")
            await uow.commit()
    async with installation.unit_of_work(STAFF) as uow:
        assert await uow.repetitions.result_of(ONCE) == "made"


async def test_a_key_remembered_twice_is_a_conflict(installation: Installation) -> None:
    await committed(installation, lambda uow: uow.repetitions.remember(ONCE, "made"))
    with pytest.raises(Conflict):
        await committed(installation, lambda uow: uow.repetitions.remember(ONCE, "again"))
