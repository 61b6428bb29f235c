"""What only the store in memory has to see to: nobody waits for ever, and nothing committed is ever changed."""

import pytest

from adapters.memory.store import MemoryStore
from adapters.memory.unit_of_work import OpenMemoryUnitOfWork
from adapters.system import Uuid7
from application.ports.unit_of_work import UnitOfWork
from domain.errors import Unavailable
from tests.installations import TickingClock
from tests.samples import CLINIC, document, staff

pytestmark = pytest.mark.anyio

STAFF = staff()


async def test_who_waits_too_long_for_a_turn_is_told_to_try_again() -> None:
    open_one = OpenMemoryUnitOfWork(MemoryStore(patience=0.01), TickingClock(), Uuid7())

    async def open_another() -> None:
        async with open_one(STAFF):
            raise AssertionError("two transactions at once")

    async with open_one(STAFF):
        with pytest.raises(Unavailable):
            await open_another()
    async with open_one(STAFF) as uow:
        assert await uow.documents.of_patient(document().patient_id) == []


@pytest.mark.parametrize("is_committed", [True, False])
async def test_a_transaction_that_is_over_cannot_be_used(is_committed: bool) -> None:
    store, late = MemoryStore(), document()
    kept: list[UnitOfWork] = []
    async with OpenMemoryUnitOfWork(store, TickingClock(), Uuid7())(STAFF) as uow:
        kept.append(uow)
        if is_committed:
            await uow.commit()
    with pytest.raises(RuntimeError):
        await kept[0].documents.add(late)
    with pytest.raises(RuntimeError):
        await kept[0].commit()
    assert store.tables(CLINIC).documents == {}
