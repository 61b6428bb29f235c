"""The schema of a database that a copy is loaded into."""

import asyncio

from adapters.sql.schema import current, downgrade, upgrade
from application.ports.backups import BackupRefused


class Schema:
    def __init__(self, url: str) -> None:
        self._url = url

    async def revision(self) -> str | None:
        return await asyncio.to_thread(current, self._url)

    async def bring_to(self, revision: str) -> None:
        """Of an empty database, up or down; raises `BackupRefused` for a revision that is not known."""
        now = await self.revision()
        if now == revision:
            return
        from alembic.util import CommandError  # noqa: PLC0415 - only migrating needs alembic

        try:
            if now is not None and now > revision:
                await asyncio.to_thread(downgrade, self._url, revision)
            else:
                await asyncio.to_thread(upgrade, self._url, revision)
        except CommandError as error:
            raise BackupRefused(
                f"This backup's database is at {revision}, which this version does not know: install a newer one"
            ) from error

    async def bring_to_this_version(self) -> None:
        await asyncio.to_thread(upgrade, self._url)
