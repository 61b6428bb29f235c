"""Empty databases of both makes, without any migration."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.services.postgres import PostgresServer


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'clinic.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    async with server.database(migrated=False) as made:
        yield made
