"""What an import finds, does and proves, as plain values."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from application.ports.legacy import Anomaly, Legacy, LegacyFile


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
    id: str
    name: str
    label: str
    patients: tuple[PatientCount, ...]

    @property
    def files(self) -> int:
        return sum(patient.files for patient in self.patients)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`brought` counts what this run added by kind; `isolated` says that no account can read what is not its own (None
    until it was asked)."""

    source: str
    clinic: str
    run: str | None
    users: tuple[UserCount, ...]
    unowned: tuple[PatientCount, ...]
    records: dict[str, int]
    file_rows: int
    files: int
    trashed: int
    anomalies: tuple[Anomaly, ...]
    brought: dict[str, int] = field(default_factory=dict)
    isolated: bool | None = None

    @property
    def whole(self) -> bool:
        """Everything is in, nothing is lost, and whatever was verified holds."""
        return self.isolated is not False and not any(anomaly.lost for anomaly in self.anomalies)


def report_of(
    legacy: Legacy,
    *,
    source: str,
    clinic: str,
    found: Iterable[Anomaly] = (),
    run: str | None = None,
    brought: dict[str, int] | None = None,
    verified: Counter[str] | None = None,
    isolated: bool | None = None,
) -> Report:
    """`found` are anomalies that only showed in the bytes; `verified` counts whole files by patient."""
    counts = {count.id: count for count in _counts(legacy, verified)}
    owned = {user.id: [p.id for p in legacy.patients if p.account == user.id] for user in legacy.users}
    return Report(
        source=source,
        clinic=clinic,
        run=run,
        users=tuple(
            UserCount(id=user.id, name=user.name, label=user.label, patients=tuple(counts[id] for id in owned[user.id]))
            for user in legacy.users
        ),
        unowned=tuple(counts[patient.id] for patient in legacy.patients if patient.account is None),
        records=dict(sorted(Counter(record.row.table for record in legacy.records).items())),
        file_rows=legacy.file_rows,
        files=sum(not file.trashed_at for file in legacy.files),
        trashed=sum(bool(file.trashed_at) for file in legacy.files),
        anomalies=(*legacy.anomalies, *found),
        brought=brought or {},
        isolated=isolated,
    )


def _counts(legacy: Legacy, verified: Counter[str] | None) -> Iterable[PatientCount]:
    files: dict[str, list[LegacyFile]] = {}
    for file in legacy.files:
        files.setdefault(file.patient, []).append(file)
    for patient in legacy.patients:
        trashed = sum(bool(file.trashed_at) for file in files.get(patient.id, ()))
        yield PatientCount(
            id=patient.id,
            name=patient.name,
            files=len(files.get(patient.id, ())) - trashed,
            trashed=trashed,
            verified=None if verified is None else verified[patient.id],
        )
