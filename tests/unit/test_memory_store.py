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


async def test_a_transaction_that_is_committed_can_change_nothing_more() -> None:
    store, late = MemoryStore(), document()
    async with OpenMemoryUnitOfWork(store, TickingClock(), Uuid7())(STAFF) as uow:
        await uow.commit()
        with pytest.raises(RuntimeError):
            await uow.documents.add(late)
        with pytest.raises(RuntimeError):
            await uow.commit()
    assert store.tables(CLINIC).documents == {}


async def test_a_transaction_that_was_left_can_change_nothing_more() -> None:
    store, left = MemoryStore(), list[UnitOfWork]()
    async with OpenMemoryUnitOfWork(store, TickingClock(), Uuid7())(STAFF) as uow:
        left.append(uow)
    with pytest.raises(RuntimeError):
        await left[0].documents.add(document())
    with pytest.raises(RuntimeError):
        await left[0].commit()
    assert store.tables(CLINIC).documents == {}
