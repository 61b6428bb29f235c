"""Reading a backup: to see that it is whole, and to make an installation from it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from application.backups.vault import DATABASE, Manifest, Vault, file_of, place_of
from application.copying import Tell, Unlike, brought, is_right, several
from application.ports.backups import BackupRefused, DatabaseCopies, Stored
from application.ports.blobs import ORIGINAL, Blobs
from application.ports.sealing import Damaged
from application.verify import Finding

_ANOTHER = "restore another snapshot, and make a new backup"
_ANEW = "if it is in the installation still: remove {0} here, then run clinic-media backup, which copies it anew"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore:
    """Into an empty installation: the bytes first, then the database. Interrupted, the same call goes on."""

    blobs: Blobs

    async def __call__(self, copies: DatabaseCopies, vault: Vault, manifest: Manifest, tell: Tell) -> list[Finding]:
        """What could not be brought back. Raises `BackupRefused` where something else is there already."""
        if manifest.kind != copies.kind:
            raise BackupRefused(
                f"This backup is of a {manifest.kind} database and database.url names a {copies.kind} one"
            )
        if not await copies.is_empty():
            raise BackupRefused("The database is not empty: a backup is restored into a new installation only")
        await self._require_nothing_else(vault, manifest)
        findings = [finding async for finding in self._bytes(vault, manifest, tell)]
        database = vault.read(place_of(manifest.snapshot, DATABASE), manifest.database)
        try:
            await copies.load(manifest.revision, database)
        except Damaged as error:
            raise BackupRefused("The backup's database is damaged: restore another snapshot") from error
        return findings

    async def _require_nothing_else(self, vault: Vault, manifest: Manifest) -> None:
        """What an interrupted restore left is part of the backup."""
        there = {entry.key.rpartition("/")[0] async for entry in self.blobs.entries()}
        if there:
            try:
                there -= {stored.prefix async for stored in vault.listing(manifest)}
            except Damaged as error:
                raise _no_listing() from error
        if there:
            raise BackupRefused("The storage is not empty: a backup is restored into a new installation only")

    async def _bytes(self, vault: Vault, manifest: Manifest, tell: Tell) -> AsyncIterator[Finding]:
        done = 0

        async def restored(stored: Stored) -> Finding | None:
            return await self._restored(vault, stored)

        try:
            async for finding in several(vault.listing(manifest), restored):
                done += 1
                tell(done, manifest.documents)
                if finding is not None:
                    yield finding
        except Damaged as error:
            raise _no_listing() from error

    async def _restored(self, vault: Vault, stored: Stored) -> Finding | None:
        if await self.blobs.stat(f"{stored.prefix}/{ORIGINAL}") is not None:
            if await is_right(self.blobs, stored):
                return None
            await self.blobs.quarantine(stored.prefix)
        try:
            await brought(vault.document(stored), stored, self.blobs)
        except (Damaged, Unlike):
            return Finding("B1", stored.id, "its bytes are missing or damaged in the backup", "look in another backup")
        return None


async def check_backup(vault: Vault, manifest: Manifest, tell: Tell) -> AsyncIterator[Finding]:
    """Read everything of a snapshot; changes nothing."""
    async for finding in _check_database(vault, manifest):
        yield finding
    done = 0

    async def checked(stored: Stored) -> Finding | None:
        return await _checked(vault, stored)

    try:
        async for found in several(vault.listing(manifest), checked):
            done += 1
            tell(done, manifest.documents)
            if found is not None:
                yield found
    except Damaged:
        yield Finding("B2", manifest.snapshot, "its list of documents is damaged", _ANOTHER)


async def _checked(vault: Vault, stored: Stored) -> Finding | None:
    try:
        async for _ in vault.document(stored):
            pass
    except Damaged:
        mend = _ANEW.format(file_of(stored.id))
        return Finding("B1", stored.id, "its bytes are missing or damaged in the backup", mend)
    return None


async def _check_database(vault: Vault, manifest: Manifest) -> AsyncIterator[Finding]:
    try:
        async for _ in vault.read(place_of(manifest.snapshot, DATABASE), manifest.database):
            pass
    except Damaged:
        yield Finding("B3", manifest.snapshot, "its copy of the database is damaged", _ANOTHER)


async def chosen(vault: Vault, snapshot: str | None) -> Manifest:
    """The newest, or the one of that name. Raises `BackupRefused` where there is none, or it is damaged."""
    snapshots = await vault.snapshots()
    if not snapshots:
        raise BackupRefused("There are no finished backups here")
    name = snapshot or snapshots[-1]
    if name not in snapshots:
        raise BackupRefused(f"There is no snapshot {name} here: --list shows those there are")
    try:
        return await vault.manifest(name)
    except Damaged as error:
        raise BackupRefused(f"The snapshot {name} is damaged: choose another with --snapshot") from error


def _no_listing() -> BackupRefused:
    return BackupRefused("The backup's list of documents is damaged: restore another snapshot")
