"""What an import would find in an installation of another program."""

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from application.importing.look import look_into, lost, same_bytes
from application.importing.report import Report, report_of
from application.ports.inspecting import FileInspector
from application.ports.legacy import Anomaly, FileLost, LegacyFile, LegacySource
from application.ports.system import Clock

T = TypeVar("T")

Progress = Callable[[str, int, int], None]
"""Told what is being done, and how many files of how many are done."""

_AT_ONCE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyseImport:
    """What an import would find; nothing is written."""

    inspector: FileInspector
    clock: Clock

    async def __call__(self, source: LegacySource, progress: Progress) -> Report:
        legacies = await source.read()
        files = [file for legacy in legacies for file in legacy.files]
        found: list[Anomaly] = []
        hashed: list[tuple[LegacyFile, str]] = []
        for some in in_batches(files, _AT_ONCE):
            for sha256, anomalies in await asyncio.gather(*(self._looked_at(source, file) for file in some)):
                hashed.append((files[len(hashed)], sha256))
                found += anomalies
            progress("Looking into", len(hashed), len(files))
        return report_of(legacies, source=source.name, found=(*found, *same_bytes(hashed)))

    async def _looked_at(self, source: LegacySource, file: LegacyFile) -> tuple[str, Sequence[Anomaly]]:
        size, digest = 0, hashlib.sha256()
        try:
            async for chunk in source.chunks(file.path):
                size += len(chunk)
                digest.update(chunk)
            seen = await look_into(self.inspector, source.bytes_of(file.path), size, file, self.clock())
        except FileLost as error:
            return "", [lost(file, error)]
        return digest.hexdigest(), seen.anomalies


def in_batches(all_of_them: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (all_of_them[start : start + size] for start in range(0, len(all_of_them), size))
