"""Whole installations to test: one test run over each, and some of them side by side."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path

import pytest

from tests.installations import INSTALLATIONS, Installation, postgresql

POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.services)
BESIDE_MEMORY = ["sqlite", POSTGRESQL]


@pytest.fixture(params=[*INSTALLATIONS, POSTGRESQL])
async def installation(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Installation]:
    """An empty installation of its own for each test."""
    async with opening(request, request.param, tmp_path) as opened:
        yield opened


@pytest.fixture(scope="module", params=BESIDE_MEMORY)
async def installations(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[dict[str, Installation]]:
    """One in memory and one in a database, kept for all tests of a module: examples use records of their own."""
    async with AsyncExitStack() as opened:
        yield {
            name: await opened.enter_async_context(opening(request, name, tmp_path_factory.mktemp(name)))
            for name in ("memory", request.param)
        }


def opening(request: pytest.FixtureRequest, name: str, folder: Path) -> AbstractAsyncContextManager[Installation]:
    if name == "postgresql":
        return postgresql(request.getfixturevalue("postgres"))
    return INSTALLATIONS[name](folder)
