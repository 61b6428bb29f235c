"""Doing what is safe about what `Verify` found: nothing that belongs to a document is deleted or changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from application.copying import is_right
from application.derivatives import MakeDerivatives
from application.ports.backups import Stored
from application.ports.blobs import Blobs
from application.ports.upkeep import Upkeep
from application.recovery import QuarantineOrphans, Recover
from application.verify import Finding
from domain.errors import Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """Finish interrupted uploads, put orphans aside, make pictures again."""

    blobs: Blobs
    upkeep: Upkeep
    recover: Recover
    quarantine_orphans: QuarantineOrphans
    make_derivatives: MakeDerivatives

    async def __call__(self, findings: Sequence[Finding]) -> None:
        codes = {finding.code for finding in findings}
        if codes & {"I1", "I10"}:
            await self.recover()
        if "I3" in codes:
            await self.quarantine_orphans()
        without_pictures = {finding.id for finding in findings if finding.code == "I12"}
        if without_pictures:
            await self._make_pictures(without_pictures)

    async def _make_pictures(self, ids: set[str]) -> None:
        async for view in self.upkeep.documents():
            stored = Stored(view.id, view.prefix, view.file_size, view.sha256)
            # Pictures of damaged bytes would be of something else, and would hide what is wrong.
            if view.id in ids and await is_right(self.blobs, stored):
                try:
                    await self.make_derivatives(view)
                except Unavailable:
                    continue  # it is found again, and said
