"""Proving that everything came in: every file compared on both sides, and the service asked as each account."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from application.importing.look import about, same_bytes
from application.ports.blobs import ORIGINAL, BlobMissing, Blobs
from application.ports.imports import ImportedRow
from application.ports.legacy import Anomaly, FileLost, Legacy, LegacyFile, LegacySource, LegacyUser, Row
from application.ports.upkeep import Upkeep
from application.ports.views import DirectoryViews, DocumentView, DocumentViews
from domain.access import Principal, Role
from domain.ids import ClinicId, DocumentId, PatientId, UserId

Rows = Mapping[ClinicId, Sequence[ImportedRow]]

_MANY = 500
_AT_ONCE = 4


class Checked(NamedTuple):
    """`whole` are the files that are here as they are there, those in the trash left out."""

    whole: tuple[LegacyFile, ...]
    anomalies: tuple[Anomaly, ...]
    isolated: bool


class _Compared(NamedTuple):
    file: LegacyFile
    sha256: str
    """Of the source's bytes; empty where there was nothing to compare them with."""
    anomaly: Anomaly | None
    view: DocumentView | None = None


def named_here(files: Sequence[LegacyFile], rows: Sequence[ImportedRow]) -> dict[Row, DocumentId]:
    """What those of the files that were brought in are called here, by their first row."""
    ours = {Row(row.source_table, row.source_id): row.our_id for row in rows if row.kind == "document"}
    found = ((file.rows[0], next((ours[row] for row in file.rows if row in ours), None)) for file in files)
    return {row: DocumentId(id) for row, id in found if id is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckImport:
    blobs: Blobs
    upkeep: Upkeep
    documents: DocumentViews
    directory: DirectoryViews

    async def __call__(
        self, source: LegacySource, legacies: Sequence[Legacy], rows: Rows, progress: Callable[[int, int], None]
    ) -> Checked:
        compared: list[_Compared] = []
        total = sum(len(legacy.files) for legacy in legacies)
        for legacy in legacies:
            ours = named_here(legacy.files, rows[legacy.clinic])
            for start in range(0, len(legacy.files), _MANY):
                compared += await self._compared(source, legacy, legacy.files[start : start + _MANY], ours)
                progress(len(compared), total)
        anomalies = [each.anomaly for each in compared if each.anomaly is not None]
        anomalies += same_bytes((each.file, each.sha256) for each in compared if each.sha256)
        here = [(each.file, each.view) for each in compared if each.view is not None and each.anomaly is None]
        whole = [(file, view) for file, view in here if file.trashed_at is None and view.trashed_at is None]
        leaks = [leak async for leak in self._leaks(legacies, rows, [view for _, view in whole])]
        return Checked(tuple(file for file, _ in whole), (*anomalies, *leaks), not leaks)

    async def _compared(
        self, source: LegacySource, legacy: Legacy, files: Sequence[LegacyFile], ours: Mapping[Row, DocumentId]
    ) -> list[_Compared]:
        asked = [ours[file.rows[0]] for file in files if file.rows[0] in ours]
        there = set(await self.upkeep.prefixes(asked))
        views = {view.id: view for view in await self.documents.many(_staff(legacy.clinic), asked)}
        room = asyncio.Semaphore(_AT_ONCE)

        async def one(file: LegacyFile) -> _Compared:
            id = ours.get(file.rows[0])
            if id is None:
                return _Compared(file, "", about("not_verified", file, "it is not here", lost=True))
            if id not in there:
                return _Compared(file, "", about("removed_since", file, "it was brought in, and removed here since"))
            async with room:
                return await self._read(source, file, id, views.get(id))

        return await asyncio.gather(*map(one, files))

    async def _read(
        self, source: LegacySource, file: LegacyFile, id: DocumentId, view: DocumentView | None
    ) -> _Compared:
        """A document in the trash has no view, but bytes."""
        prefix = view.prefix if view else (await self.upkeep.prefixes([id]))[id]
        try:
            wanted = await _sha256(source.chunks(file.path))
        except FileLost as error:
            return _Compared(file, "", about("not_compared", file, f"it is here, and there {error}"))
        wrong = None
        if (stored := await self._stored(id, prefix)) is None:
            wrong = "its bytes are not here"
        elif stored != wanted:
            wrong = "its bytes are not those of the source"
        if wrong is not None:
            return _Compared(file, wanted, about("not_verified", file, wrong, lost=True))
        if view is None and file.trashed_at is None:
            return _Compared(file, wanted, about("trashed_since", file, "it was put in the trash here since"))
        if view is not None and view.patient_id != file.patient:
            reason = f"it was moved here since, to patient {view.patient_id}"
            return _Compared(file, wanted, about("moved_since", file, reason))
        return _Compared(file, wanted, None, view)

    async def _stored(self, id: DocumentId, prefix: str) -> str | None:
        key = f"{prefix}/{ORIGINAL}"
        try:
            if await self.blobs.stat(key) is None:
                # A run that was stopped right after its commit left its bytes staged.
                await self.blobs.promote(id, prefix)
            return await _sha256(await self.blobs.read(key))
        except BlobMissing:
            return None

    async def _leaks(
        self, legacies: Sequence[Legacy], rows: Rows, views: Sequence[DocumentView]
    ) -> AsyncIterator[Anomaly]:
        """Each account, asked in each clinic for everything, sees exactly what it saw there; but for what somebody
        granted or revoked here since."""
        known = {user.id: user for legacy in legacies for user in legacy.users}
        for legacy in legacies:
            members = {user.id: user for user in legacy.users}
            for user in known.values():
                account = members.get(user.id, user._replace(role=Role.ACCOUNT))
                wrong = await self._sees_wrongly(legacy, rows[legacy.clinic], account, views)
                if wrong is not None:
                    yield Anomaly("not_isolated", Row("users", user.id), user.label, wrong, lost=True)

    async def _sees_wrongly(
        self, legacy: Legacy, rows: Sequence[ImportedRow], user: LegacyUser, views: Sequence[DocumentView]
    ) -> str | None:
        grants = await self.directory.grants(legacy.clinic, user.id)
        asking = Principal(
            clinic_id=legacy.clinic, user_id=user.id, name=user.name, roles=frozenset({user.role}), grants=grants
        )
        here = [view for view in views if view.clinic_id == legacy.clinic]
        if asking.is_staff:
            wanted = allowed = {view.id for view in here}
        else:
            must, may = _meant(legacy, rows, user.id, frozenset(grants))
            wanted = {view.id for view in here if view.patient_id in must}
            allowed = {view.id for view in here if view.patient_id in may}
        seen = await self._seen(asking, [view.id for view in views])
        if wanted <= seen <= allowed:
            return None
        return f"sees {len(seen)} documents in clinic {legacy.clinic}, and should see {len(wanted)}"

    async def _seen(self, account: Principal, ids: Sequence[DocumentId]) -> set[DocumentId]:
        return {view.id for some in _in_parts(ids) for view in await self.documents.many(account, some)}


def _meant(
    legacy: Legacy, rows: Sequence[ImportedRow], user: UserId, grants: frozenset[PatientId]
) -> tuple[set[PatientId], set[PatientId]]:
    """The patients that an account must see and those that it may, by the source and by what was changed here since."""
    brought = {row.our_id for row in rows if row.kind == "grant"}
    meant = {grant.patient for grant in legacy.grants if grant.user == user}
    since = {patient for patient in grants if f"{patient}/{user}" not in brought}
    return {patient for patient in meant if patient in grants or f"{patient}/{user}" not in brought}, meant | since


def _staff(clinic: ClinicId) -> Principal:
    return Principal(clinic_id=clinic, user_id=UserId("system"), roles=frozenset({Role.ADMIN}))


def _in_parts(ids: Sequence[DocumentId]) -> Iterator[Sequence[DocumentId]]:
    return (ids[start : start + _MANY] for start in range(0, len(ids), _MANY))


async def _sha256(chunks: AsyncIterator[bytes]) -> str:
    digest = hashlib.sha256()
    async for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()
