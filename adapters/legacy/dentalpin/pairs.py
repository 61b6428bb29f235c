"""DentalPin's pairs: two documents that point at each other, and nothing else is one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from adapters.legacy.identifiers import ident
from adapters.legacy.tables import Tables
from application.ports.legacy import Anomaly, LegacyFile, LegacyPairing, Row
from domain.media import MediaKind

_COLUMN = "documents.paired_document_id"
_PICTURES = (MediaKind.PHOTO, MediaKind.XRAY)


@dataclass(slots=True)
class Pairs:
    files: Mapping[str, LegacyFile]
    """Those that come, by their ids there."""
    anomalies: list[Anomaly]

    def pairings(self, tables: Tables) -> Iterator[tuple[LegacyFile, LegacyPairing]]:
        """Each with one of its files."""
        rows = {ident(row.get("id")): ident(row.get("paired_document_id")) for row in tables.get("documents", ())}
        pointing = {one: two for one, two in sorted(rows.items()) if two}
        for one, two in pointing.items():
            if pointing.get(two) == one and one != two:
                if one < two and (pairing := self._pairing(one, two)) is not None:
                    yield self.files[one], pairing
            elif two not in rows:
                self._lost("dangling_pair", one, f"it is paired with {two}, which is gone")
            elif two not in pointing:
                self._lost("one_sided_pair", one, f"it points at {two}, which points at none; no pair is made")
            else:
                self._lost("pair_chain", one, f"it points at {two}, which points at {pointing[two]}; no pair is made")

    def _pairing(self, one: str, two: str) -> LegacyPairing | None:
        first, second = self.files.get(one), self.files.get(two)
        if first is None or second is None:
            self._lost("pair_refused", one, f"it is paired with {two}; not both of them can come")
        elif first.patient != second.patient:
            self._lost("pair_refused", one, f"it is paired with {two}, which is of another patient")
        elif not {first.media.kind, second.media.kind} <= set(_PICTURES):
            self._lost("pair_refused", one, f"it is paired with {two}; not both of them are photos or x-rays")
        elif first.trashed_at or second.trashed_at:
            self._lost("pair_refused", one, f"it is paired with {two}; not both of them are out of the trash")
        else:
            before = _before(first, second)
            return LegacyPairing(
                Row(_COLUMN, one), first.rows[0], second.rows[0], before.rows[0] if before is not None else None
            )
        return None

    def _lost(self, code: str, one: str, reason: str) -> None:
        name = self.files[one].filename if one in self.files else ""
        self.anomalies.append(Anomaly(code, Row(_COLUMN, one), name, reason, lost=True))


def _before(first: LegacyFile, second: LegacyFile) -> LegacyFile | None:
    """The one that is filed as such; None leaves it to the dates."""
    words = (first.media.subtype, second.media.subtype)
    if words[0] != words[1] and (words[0] == "before" or words[1] == "after"):
        return first
    if words[0] != words[1] and (words[1] == "before" or words[0] == "after"):
        return second
    return None
