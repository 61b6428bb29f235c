"""Backing up: the database first, then the bytes that it names."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from application.backups.vault import DATABASE, LISTING, Manifest, Part, Vault, file_of, place_of
from application.copying import Tell, Unlike, original, several
from application.ports.backups import BackupRefused, DatabaseCopies, Deletions, Snapshot, Stored
from application.ports.blobs import Blobs
from application.ports.sealing import Damaged
from application.ports.system import Clock, NewId
from domain.errors import Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class BackUp:
    """One snapshot more. Documents that are in the vault already are not copied again: their bytes never change.

    Pictures are not copied, they can be made again; nor is what is in quarantine, or on its way in.
    """

    blobs: Blobs
    deletions: Deletions
    clock: Clock
    new_id: NewId

    async def __call__(self, copies: DatabaseCopies, vault: Vault, version: str, tell: Tell) -> Manifest:
        """Raises `BackupRefused` while another backup of this installation is running."""
        async with self.deletions.suspended() as alone:
            if not alone:
                raise BackupRefused("Another backup of this installation is running: wait for its end")
            begun = await self._records(copies, vault, version)
            missing = tuple([id async for id in self._bytes(vault, begun, tell)])
        manifest = replace(begun, missing=missing)
        await vault.add(manifest)
        return manifest

    async def _records(self, copies: DatabaseCopies, vault: Vault, version: str) -> Manifest:
        now = self.clock()
        # To the microsecond: in the order of their names they are in the order of time.
        name = f"{now:%Y%m%dT%H%M%S.%fZ}-{self.new_id()[-6:]}"
        async with copies.snapshot() as snapshot:
            async with vault.writing(place_of(name, DATABASE)) as file:
                await snapshot.write(file.write)
            database = file.part
            listing, documents, size = await _listed(vault, name, snapshot)
            return Manifest(
                snapshot=name,
                made_at=now.isoformat(timespec="seconds").replace("+00:00", "Z"),
                version=version,
                kind=copies.kind,
                revision=snapshot.revision,
                documents=documents,
                bytes=size,
                database=database,
                listing=listing,
            )

    async def _bytes(self, vault: Vault, manifest: Manifest, tell: Tell) -> AsyncIterator[str]:
        """Ids of documents whose bytes could not be copied."""
        there, done = await vault.sealed_sizes(), 0

        async def copied(stored: Stored) -> str | None:
            if there.get(stored.id) == vault.sealed_size(stored.size):
                return None
            return None if await self._copied(vault, stored, again=stored.id in there) else stored.id

        try:
            async for missing in several(vault.listing(manifest), copied):
                done += 1
                tell(done, manifest.documents)
                if missing is not None:
                    yield missing
        except Damaged as error:
            raise Unavailable("The storage of the backups gives back other bytes than it was given") from error

    async def _copied(self, vault: Vault, stored: Stored, *, again: bool) -> bool:
        """False where the bytes are missing or damaged."""
        if again:
            await vault.remove(file_of(stored.id))
        try:
            async with vault.writing(file_of(stored.id)) as file:
                async for chunk in await original(self.blobs, stored):
                    await file.write(chunk)
                if file.part != Part(size=stored.size, sha256=stored.sha256):
                    raise Unlike
        except Unlike:
            return False
        return True


async def _listed(vault: Vault, name: str, snapshot: Snapshot) -> tuple[Part, int, int]:
    """The listing, how many documents are in it, and their bytes together."""
    documents = size = 0
    async with vault.writing(place_of(name, LISTING)) as file:
        async for stored in snapshot.documents():
            await file.write(json.dumps(stored).encode() + b"\n")
            documents += 1
            size += stored.size
    return file.part, documents, size


async def prune(vault: Vault, keep: int) -> int:
    """Keep that many snapshots, the newest; returns how many files went that only older ones named.

    Raises `BackupRefused`, and nothing goes, while one that is to stay cannot be read.
    """
    snapshots = await vault.snapshots()
    named: set[str] = set()
    for snapshot in snapshots[-keep:]:
        try:
            named |= {stored.id async for stored in vault.listing(await vault.manifest(snapshot))}
        except Damaged as error:
            raise BackupRefused(
                f"The snapshot {snapshot} is damaged, so nothing was pruned: remove it first"
            ) from error
    for snapshot in (*snapshots[:-keep], *await vault.unfinished()):
        await vault.drop(snapshot)
    unnamed = set(await vault.sealed_sizes()) - named
    for id in unnamed:
        await vault.remove(file_of(id))
    return len(unnamed)
