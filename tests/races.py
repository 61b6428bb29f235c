"""Transactions one after another and many at once."""

import asyncio
from collections.abc import Awaitable, Callable

from application.ports.unit_of_work import UnitOfWork
from domain.errors import DomainError
from tests.installations import Installation
from tests.samples import staff

RACERS = 8


async def committed(installation: Installation, change: Callable[[UnitOfWork], Awaitable[None]]) -> None:
    async with installation.unit_of_work(staff()) as uow:
        await change(uow)
        await uow.commit()


async def race(
    installation: Installation, change: Callable[[UnitOfWork, int], Awaitable[None]]
) -> list[DomainError | None]:
    """Transactions at once, each told which of `RACERS` it is; what came of each."""

    async def run(number: int) -> DomainError | None:
        try:
            await committed(installation, lambda uow: change(uow, number))
        except DomainError as error:
            return error
        return None

    return await asyncio.gather(*map(run, range(RACERS)))
