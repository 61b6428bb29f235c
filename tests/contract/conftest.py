"""Whole installations to test: one test run over each, and all of them side by side."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.installations import INSTALLATIONS, Installation


@pytest.fixture(params=INSTALLATIONS)
async def installation(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Installation]:
    """An empty installation of its own for each test."""
    async with INSTALLATIONS[request.param](tmp_path) as opened:
        yield opened


@pytest.fixture(scope="module")
async def installations(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, Installation]]:
    """One of each adapter, kept for all tests of a module: examples of a property use records of their own."""
    async with AsyncExitStack() as opened:
        yield {
            name: await opened.enter_async_context(opening(tmp_path_factory.mktemp(name)))
            for name, opening in INSTALLATIONS.items()
        }
