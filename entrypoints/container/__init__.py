"""The composition root: which adapter stands behind each port, and what each use case is given.

Everything is made once, when first asked for. Nothing here is awaited; `opened` closes what was opened.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from entrypoints.container.imports import Imports
from entrypoints.settings import Settings


class Container(Imports):
    """Everything, by its name."""


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Container]:
    """The container for as long as the block lasts; what was opened in it is closed at the end."""
    container = Container(settings=settings)
    try:
        yield container
    finally:
        await container.resources().close()
