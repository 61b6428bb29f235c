"""Work that is waited for to its end."""

import asyncio
from typing import TypeVar

T = TypeVar("T")


async def finished(work: "asyncio.Future[T]") -> T:
    """The result of `work`. Even a caller that is cancelled waits for it: what it uses is not free before."""
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        while not work.done():
            try:
                await asyncio.wait([work])
            except asyncio.CancelledError:
                continue
        if not work.cancelled():
            work.exception()
        raise
