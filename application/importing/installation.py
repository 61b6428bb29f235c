"""Bringing an installation of another program over, with nothing lost."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from application.derivatives import the_system
from application.importing.analysis import Progress, in_batches
from application.importing.check import CheckImport, Rows, named_here
from application.importing.directory import BringDirectory, Entry
from application.importing.files import FOUND, BringFiles
from application.importing.links import BringLinks, Join, Linked
from application.importing.look import about
from application.importing.report import Report, report_of
from application.ports.imports import ImportedRow, ImportRun, ImportRuns
from application.ports.legacy import Anomaly, Legacy, LegacyFile, LegacySource, Row
from application.ports.system import Clock, NewId
from application.ports.upkeep import Upkeep
from application.recovery import Recover
from application.retention import FinishPurges
from domain.errors import Unavailable
from domain.ids import ClinicId

_ALL = 2**31 - 1


class _Missing(NamedTuple):
    """What of a clinic no import has brought in yet."""

    entries: Sequence[Entry]
    files: Sequence[LegacyFile]
    joins: Sequence[Join]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportInstallation:
    """Bring in what is not here yet, then prove that all of it is. An interrupted run goes on where it was."""

    runs: ImportRuns
    upkeep: Upkeep
    bring_directory: BringDirectory
    bring_files: BringFiles
    bring_links: BringLinks
    check: CheckImport
    recover: Recover
    finish_purges: FinishPurges
    clock: Clock
    new_id: NewId

    async def __call__(self, source: LegacySource, progress: Progress, *, batch: int = 100) -> Report:
        legacies = await source.read()
        await self.recover()
        while await self.finish_purges():
            pass  # an undone import's bytes, before the same places are used again
        before = await self._rows(source, legacies)
        missing = {legacy.clinic: _missing(legacy, before[legacy.clinic]) for legacy in legacies}
        found: list[Anomaly] = []
        for legacy in legacies:
            entries, files, joins = missing[legacy.clinic]
            await self.bring_directory.check(the_system(legacy.clinic), legacy.patients)
            free, taken = await self._free(files)
            found += taken
            missing[legacy.clinic] = _Missing(entries, free, joins)
        run = await self.runs.unfinished(source.name, source.scope)
        if run is None and any(map(any, missing.values())):
            run = await self._begun(source)
        if run is not None:
            found += await self._brought(source, legacies, missing, run, partial(progress, "Bringing over"), batch)
            await self.runs.put(run._replace(finished_at=self.clock()))
        return await self._verified(source, legacies, before, run, found, partial(progress, "Verifying"))

    async def _rows(self, source: LegacySource, legacies: Sequence[Legacy]) -> Rows:
        return {legacy.clinic: await self.runs.rows_of_source(source.name, legacy.clinic) for legacy in legacies}

    async def _free(self, files: Sequence[LegacyFile]) -> tuple[list[LegacyFile], list[Anomaly]]:
        """The files whose id nothing else has here."""
        given = {file.id for file in files if file.id is not None}
        if given and given & {purge.document_id for purge in await self.upkeep.unfinished_purges(_ALL)}:
            raise Unavailable("The bytes of an import that was undone are still to be deleted; try again later")
        taken = await self.upkeep.prefixes(sorted(given))
        reason = "a document that this import did not bring has its id here"
        named = [about("id_taken", file, reason, lost=True) for file in files if file.id in taken]
        return [file for file in files if file.id not in taken], named

    async def _begun(self, source: LegacySource) -> ImportRun:
        run = ImportRun(self.new_id(), source.name, source.scope, self.clock())
        await self.runs.put(run)
        return run

    async def _brought(
        self,
        source: LegacySource,
        legacies: Sequence[Legacy],
        missing: Mapping[ClinicId, _Missing],
        run: ImportRun,
        progress: Callable[[int, int], None],
        batch: int,
    ) -> list[Anomaly]:
        found: list[Anomaly] = []
        total = sum(len(legacy.files) for legacy in legacies)
        done = total - sum(len(each.files) for each in missing.values())
        for legacy in legacies:
            actor, (entries, files, joins) = the_system(legacy.clinic), missing[legacy.clinic]
            for some_entries in in_batches(entries, batch):
                await self.bring_directory(actor, source.name, some_entries, run.id)
            for some_files in in_batches(files, batch):
                found += await self.bring_files(actor, source, some_files, run.id)
                done += len(some_files)
                progress(done, total)
            ours = named_here(legacy.files, await self.runs.rows_of_source(source.name, legacy.clinic))
            for some_joins in in_batches(
                [join for join in joins if all(row in ours for row in _files_of(join))], batch
            ):
                found += await self.bring_links(actor, source.name, some_joins, ours, run.id)
        return found

    async def _verified(
        self,
        source: LegacySource,
        legacies: Sequence[Legacy],
        before: Rows,
        run: ImportRun | None,
        found: Sequence[Anomaly],
        progress: Callable[[int, int], None],
    ) -> Report:
        rows = await self._rows(source, legacies)
        checked = await self.check(source, legacies, rows, progress)
        new = [row for clinic in rows for row in set(rows[clinic]) - set(before[clinic])]
        things = {(row.clinic_id, row.kind, row.our_id) for row in new if not row.kind.startswith(FOUND)}
        is_run = run is not None and any(row.run_id == run.id for some in rows.values() for row in some)
        return report_of(
            legacies,
            source=source.name,
            found=(*found, *_remembered(legacies, rows), *_not_named(checked.anomalies, found)),
            run=run.id if run is not None and is_run else None,
            brought=dict(sorted(Counter(kind for _, kind, _ in things).items())),
            whole=checked.whole,
            isolated=checked.isolated,
        )


def _missing(legacy: Legacy, rows: Sequence[ImportedRow]) -> _Missing:
    known = {(Row(row.source_table, row.source_id), row.kind) for row in rows}
    entries: list[Entry] = [each for each in legacy.patients if (each.row, "patient") not in known]
    entries += [each for each in legacy.records if (each.row, "owner") not in known]
    entries += [each for each in legacy.notes if (each.row, "note") not in known]
    entries += [each for each in legacy.grants if (each.row, "grant") not in known]
    joins: list[Join] = [
        Linked(file, link)
        for file in legacy.files
        for link in file.links
        if not any((row, "link") in known for row in link.rows)
    ]
    joins += [each for each in legacy.pairings if (each.row, "pairing") not in known]
    return _Missing(
        entries, [file for file in legacy.files if not any((row, "document") in known for row in file.rows)], joins
    )


def _not_named(anomalies: Sequence[Anomaly], found: Sequence[Anomaly]) -> list[Anomaly]:
    """Without those that only say again that something is not here."""
    named = {anomaly.row for anomaly in found if anomaly.lost}
    return [anomaly for anomaly in anomalies if anomaly.code != "not_verified" or anomaly.row not in named]


def _files_of(join: Join) -> tuple[Row, ...]:
    return (join.file.rows[0],) if isinstance(join, Linked) else (join.one, join.two)


def _remembered(legacies: Sequence[Legacy], rows: Rows) -> Iterator[Anomaly]:
    """What was found about the bytes of files when they came in, in this run or an earlier one."""
    for legacy in legacies:
        names = {row: file.filename for file in legacy.files for row in file.rows}
        for each in rows[legacy.clinic]:
            where = Row(each.source_table, each.source_id)
            if each.kind.startswith(FOUND) and where in names:
                yield Anomaly(each.kind.removeprefix(FOUND), where, names[where], each.mark)
