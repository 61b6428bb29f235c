"""What an import finds, does and proves, as plain values."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from application.ports.legacy import Anomaly, Legacy, LegacyFile, LegacyPatient
from domain.access import Role
from domain.ids import ClinicId, PatientId


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientCount:
    """`files` are those that can come in and were not in the trash there, `verified` how many of them are here and
    whole; the latter stays None until that was looked at."""

    id: str
    name: str
    files: int
    trashed: int = 0
    verified: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UserCount:
    """`patients` are those of an account; `uploaded` counts the files that somebody of a clinic's staff uploaded."""

    id: str
    name: str
    label: str
    patients: tuple[PatientCount, ...] = ()
    uploaded: int = 0

    @property
    def files(self) -> int:
        return sum(patient.files for patient in self.patients)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicCount:
    """`patients` are those of no account."""

    id: str
    name: str
    patients: tuple[PatientCount, ...]

    @property
    def files(self) -> int:
        return sum(patient.files for patient in self.patients)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`brought` counts what this run added by kind; `isolated` says that no account can read what is not its own (None
    until it was asked)."""

    source: str
    run: str | None
    clinics: tuple[ClinicCount, ...]
    users: tuple[UserCount, ...]
    records: dict[str, int]
    file_rows: int
    files: int
    trashed: int
    links: int
    pairings: int
    anomalies: tuple[Anomaly, ...]
    brought: dict[str, int] = field(default_factory=dict)
    isolated: bool | None = None

    @property
    def patients(self) -> int:
        return sum(len(user.patients) for user in self.users) + sum(len(clinic.patients) for clinic in self.clinics)

    @property
    def whole(self) -> bool:
        """Everything is in, nothing is lost, and whatever was verified holds."""
        return self.isolated is not False and not any(anomaly.lost for anomaly in self.anomalies)


def report_of(
    legacies: Sequence[Legacy],
    *,
    source: str,
    found: Iterable[Anomaly] = (),
    run: str | None = None,
    brought: dict[str, int] | None = None,
    whole: Collection[LegacyFile] | None = None,
    isolated: bool | None = None,
) -> Report:
    """`found` are anomalies that only showed in the bytes; `whole` are the files that are here and whole."""
    files = [file for legacy in legacies for file in legacy.files]
    verified = None if whole is None else Counter(file.patient for file in whole)
    counted = {legacy.clinic: _Counts(legacy, verified) for legacy in legacies}
    return Report(
        source=source,
        run=run,
        clinics=tuple(
            ClinicCount(id=each.clinic, name=each.clinic_name, patients=counted[each.clinic].of(None))
            for each in legacies
        ),
        users=tuple(_users(legacies, counted)),
        records=_records(legacies),
        file_rows=sum(legacy.file_rows for legacy in legacies),
        files=sum(not file.trashed_at for file in files),
        trashed=sum(bool(file.trashed_at) for file in files),
        links=sum(len(file.links) for file in files),
        pairings=sum(len(legacy.pairings) for legacy in legacies),
        anomalies=(*(anomaly for legacy in legacies for anomaly in legacy.anomalies), *found),
        brought=brought or {},
        isolated=isolated,
    )


class _Counts:
    """Of the patients of one clinic."""

    def __init__(self, legacy: Legacy, verified: Counter[PatientId] | None) -> None:
        self._legacy = legacy
        self._verified = verified
        self._kept = Counter(file.patient for file in legacy.files if not file.trashed_at)
        self._trashed = Counter(file.patient for file in legacy.files if file.trashed_at)

    def of(self, account: str | None) -> tuple[PatientCount, ...]:
        return tuple(self._count(patient) for patient in self._legacy.patients if patient.account == account)

    def _count(self, patient: LegacyPatient) -> PatientCount:
        return PatientCount(
            id=patient.id,
            name=patient.name,
            files=self._kept[patient.id],
            trashed=self._trashed[patient.id],
            verified=None if self._verified is None else self._verified[patient.id],
        )


def _users(legacies: Sequence[Legacy], counted: Mapping[ClinicId, _Counts]) -> Iterable[UserCount]:
    """Each once, whatever the number of its clinics."""
    known = {user.id: user for legacy in legacies for user in legacy.users}
    uploaded = Counter(file.uploaded_by for legacy in legacies for file in legacy.files)
    for user in known.values():
        yield UserCount(
            id=user.id,
            name=user.name,
            label=user.label,
            patients=tuple(patient for counts in counted.values() for patient in counts.of(user.id)),
            uploaded=0 if user.role is Role.ACCOUNT else uploaded[user.id],
        )


def _records(legacies: Sequence[Legacy]) -> dict[str, int]:
    tables = Counter(record.row.table for legacy in legacies for record in legacy.records)
    tables += Counter(note.row.table for legacy in legacies for note in legacy.notes)
    return dict(sorted(tables.items()))
