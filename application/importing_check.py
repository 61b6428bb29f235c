"""Proving that everything came in: every file compared on both sides, and the service asked as each account."""

import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from application.ports.blobs import ORIGINAL, BlobMissing, Blobs
from application.ports.imports import ImportedRow
from application.ports.legacy import Anomaly, Legacy, LegacyFile, LegacySource, Row
from application.ports.upkeep import Upkeep
from application.ports.views import DirectoryViews, DocumentViews
from domain.access import Principal, Role
from domain.ids import ClinicId, DocumentId, PatientId, UserId

_AT_ONCE = 500


class Checked(NamedTuple):
    """`verified` counts by patient the files that are here and whole, those in the trash left out."""

    verified: Counter[str]
    anomalies: tuple[Anomaly, ...]
    isolated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckImport:
    blobs: Blobs
    upkeep: Upkeep
    documents: DocumentViews
    directory: DirectoryViews

    async def __call__(self, source: LegacySource, legacy: Legacy, rows: Sequence[ImportedRow]) -> Checked:
        ours = {Row(row.source_table, row.source_id): row.our_id for row in rows if row.kind == "document"}
        verified: Counter[str] = Counter()
        anomalies = []
        here: list[DocumentId] = []
        for file in legacy.files:
            id = next((ours[row] for row in file.rows if row in ours), None)
            if id is not None and not await self.upkeep.prefixes([DocumentId(id)]):
                reason = "it was brought in, and somebody removed it here since"
                anomalies.append(Anomaly("removed_since", file.rows[0], file.filename, reason))
            elif (wrong := await self._wrong(source, file, id)) is not None:
                anomalies.append(Anomaly("not_verified", file.rows[0], file.filename, wrong, lost=True))
            elif id is not None and file.trashed_at is None:
                verified[file.patient] += 1
                here.append(DocumentId(id))
        leaks = [leak async for leak in self._leaks(source.clinic, legacy, rows, here)]
        return Checked(verified, (*anomalies, *leaks), not leaks)

    async def _wrong(self, source: LegacySource, file: LegacyFile, id: str | None) -> str | None:
        if id is None:
            return "it is not here"
        prefix = (await self.upkeep.prefixes([DocumentId(id)]))[DocumentId(id)]
        try:
            # A run that was stopped right after its commit left its bytes staged; promoting again changes nothing.
            await self.blobs.promote(DocumentId(id), prefix)
            stored = await _sha256(await self.blobs.read(f"{prefix}/{ORIGINAL}"))
        except BlobMissing:
            return "its bytes are not here"
        return None if stored == await _sha256(source.chunks(file.path)) else "its bytes are not those of the source"

    async def _leaks(
        self, clinic: ClinicId, legacy: Legacy, rows: Sequence[ImportedRow], ids: Sequence[DocumentId]
    ) -> AsyncIterator[Anomaly]:
        """Each account sees every document of the patients that it sees there, and nothing of any other's; but for
        what somebody granted or revoked here since."""
        whose = await self._patients(clinic, ids)
        brought = {row.our_id for row in rows if row.kind == "grant"}
        for user in legacy.users:
            grants = await self.directory.grants(clinic, user.id)
            account = Principal(
                clinic_id=clinic, user_id=user.id, name=user.name, roles=frozenset({Role.ACCOUNT}), grants=grants
            )
            seen = await self._seen(account, ids)
            meant = {grant.patient for grant in legacy.grants if grant.user == user.id}
            wanted = {p for p in meant if p in grants or f"{p}/{user.id}" not in brought}
            allowed = meant | {p for p in grants if f"{p}/{user.id}" not in brought}
            if not {id for id in ids if whose.get(id) in wanted} <= seen or not {whose[id] for id in seen} <= allowed:
                reason = f"sees {len(seen)} documents, which are not those of patients {', '.join(sorted(meant))}"
                yield Anomaly("not_isolated", Row("users", user.id), user.label, reason, lost=True)

    async def _patients(self, clinic: ClinicId, ids: Sequence[DocumentId]) -> Mapping[DocumentId, PatientId]:
        staff = Principal(clinic_id=clinic, user_id=UserId("system"), roles=frozenset({Role.ADMIN}))
        return {
            view.id: view.patient_id
            for start in range(0, len(ids), _AT_ONCE)
            for view in await self.documents.many(staff, ids[start : start + _AT_ONCE])
        }

    async def _seen(self, account: Principal, ids: Sequence[DocumentId]) -> set[DocumentId]:
        return {
            view.id
            for start in range(0, len(ids), _AT_ONCE)
            for view in await self.documents.many(account, ids[start : start + _AT_ONCE])
        }


async def _sha256(chunks: AsyncIterator[bytes]) -> str:
    digest = hashlib.sha256()
    async for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()
