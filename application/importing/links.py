"""Bringing over what joins files to records and to one another, once they are here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from application.pairing import hold_pairs, pair_in
from application.ports.imports import ImportedRow
from application.ports.legacy import Anomaly, LegacyFile, LegacyLink, LegacyPairing, Row
from application.ports.system import Clock, NewId
from application.ports.unit_of_work import OpenUnitOfWork, UnitOfWork
from domain import attachments
from domain.access import Principal
from domain.attachments import MediaAttachment
from domain.errors import DomainError, NotFound, Unavailable
from domain.ids import AttachmentId, DocumentId


class Linked(NamedTuple):
    """A link with its file."""

    file: LegacyFile
    link: LegacyLink


Join = Linked | LegacyPairing
Ours = Mapping[Row, DocumentId]
"""What the files are called here, by their rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BringLinks:
    """One batch. What somebody has linked, paired, moved or removed here since stays as it is."""

    unit_of_work: OpenUnitOfWork
    clock: Clock
    new_id: NewId

    async def __call__(
        self, actor: Principal, source: str, joins: Sequence[Join], ours: Ours, run_id: str
    ) -> list[Anomaly]:
        found: list[Anomaly] = []
        async with self.unit_of_work(actor) as uow:
            rows: list[ImportedRow] = []
            for join in joins:
                made: Sequence[tuple[Row, str, str, str]] | Anomaly
                if isinstance(join, Linked):
                    made = await self._link(uow, actor, join, ours)
                else:
                    made = await self._pair(uow, join, ours)
                if isinstance(made, Anomaly):
                    found.append(made)
                else:
                    rows += [ImportedRow(run_id, actor.clinic_id, source, *row, *what) for row, *what in made]
            await uow.imports.remember(rows)
            await uow.commit()
        return found

    async def _link(
        self, uow: UnitOfWork, actor: Principal, join: Linked, ours: Ours
    ) -> list[tuple[Row, str, str, str]]:
        """On its record, however many files that may have here."""
        file, link = join
        try:
            document = await uow.documents.get(ours[file.rows[0]], trashed=True)
        except NotFound:
            return []
        if document.patient_id != file.patient:
            return []
        attachment = MediaAttachment(
            id=AttachmentId(self.new_id()),
            clinic_id=actor.clinic_id,
            patient_id=document.patient_id,
            document_id=document.id,
            owner=link.owner,
            display_order=link.display_order,
            category=link.category,
            created_at=link.created_at or document.created_at,
        )
        happened = attachments.link(attachment, document.patient_id)
        stored = await uow.attachments.add(attachment)
        if stored.id != attachment.id:
            return []
        uow.record(*happened)
        return [(row, "link", stored.id, document.id) for row in link.rows]

    async def _pair(
        self, uow: UnitOfWork, join: LegacyPairing, ours: Ours
    ) -> list[tuple[Row, str, str, str]] | Anomaly:
        if await uow.pairings.of(ours[join.one]) is not None:
            return []
        before = ours[join.before] if join.before else None
        try:
            one, two = ours[join.one], ours[join.two]
            held = await hold_pairs(uow, one, two)
            pairing = await pair_in(uow, self.new_id, held, one, two, self.clock(), before=before)
        except Unavailable:
            raise
        except DomainError as error:
            return Anomaly("pair_refused", join.row, "", f"these two are no pair here: {error.detail}", lost=True)
        return [(join.row, "pairing", pairing.id, f"{pairing.before}/{pairing.after}")]
