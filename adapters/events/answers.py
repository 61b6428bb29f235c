"""How a bus that does not answer, or answers with an error of its own, is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from domain.errors import Unavailable


@asynccontextmanager
async def answered(whose: str, seconds: float, *errors: type[Exception]) -> AsyncIterator[None]:
    """Turn a silence of `seconds`, broken connections and the client's `errors` into `Unavailable`.

    Only the kind of an error is told: some clients put the password into its text.
    """
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise Unavailable(f"{whose} did not answer within {seconds:g} s") from error
    except Exception as error:
        if not isinstance(error, (OSError, *errors)):
            raise
        raise Unavailable(f"{whose} did not take it ({type(error).__name__})") from error
