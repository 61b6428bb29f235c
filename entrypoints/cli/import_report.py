"""What came of an import, for people."""

from collections.abc import Iterator, Sequence

from application.importing_report import PatientCount, Report, UserCount


def lines(report: Report) -> Iterator[str]:
    yield from _overview(report)
    for user in report.users:
        yield from _user(user)
    for patient in report.unowned:
        yield f"Patient {patient.id} ({patient.name}) of no account: {_files(patient)}"
    yield ""
    yield from _anomalies(report)
    if report.isolated is not None:
        yield ""
        yield from _verified(report)


def _overview(report: Report) -> Iterator[str]:
    patients = sum(len(user.patients) for user in report.users) + len(report.unowned)
    yield f"{report.source} into clinic {report.clinic}:"
    yield f"  - Users: {len(report.users):,}"
    yield f"  - Patients: {patients:,}"
    for table, count in report.records.items():
        yield f"  - {table.replace('_', ' ').capitalize()}: {count:,}"
    trashed = f", {report.trashed:,} in the trash" if report.trashed else ""
    yield f"  - Files: {report.files:,} to bring over{trashed} (rows: {report.file_rows:,})"
    yield ""


def _user(user: UserCount) -> Iterator[str]:
    yield f"User {user.id} ({user.label}) has {len(user.patients)} patient(s)"
    for patient in user.patients:
        yield f"  - Patient {patient.id} ({patient.name}): {_files(patient)}"
    yield f"User {user.id} ({user.label}): {user.files:,} files total"
    yield ""


def _files(patient: PatientCount) -> str:
    return f"{patient.files:,} files" + (f", {patient.trashed:,} in the trash" if patient.trashed else "")


def _anomalies(report: Report) -> Iterator[str]:
    lost = sum(anomaly.lost for anomaly in report.anomalies)
    yield f"Anomalies: {len(report.anomalies)}, of which lost: {lost}"
    for anomaly in report.anomalies:
        named = f" ({anomaly.name})" if anomaly.name else ""
        yield f"  - {anomaly.code}: {anomaly.row.table} {anomaly.row.id}{named}: {anomaly.reason}"


def _verified(report: Report) -> Iterator[str]:
    for user in report.users:
        whole = sum(patient.verified or 0 for patient in user.patients)
        sign = "✓" if whole == user.files else "✗"
        yield f"User {user.id}: {sign} {whole:,} of {user.files:,} files verified ({_patients(user.patients)})"
    yield "✓ No account reads what is not its own" if report.isolated else "✗ An account reads what is not its own"
    brought = ", ".join(f"{count:,} {kind}s" for kind, count in report.brought.items()) or "nothing new"
    yield f"Run {report.run}: {brought}" if report.run else "Nothing new to bring over."


def _patients(patients: Sequence[PatientCount]) -> str:
    return f"{len(patients)} patient{'' if len(patients) == 1 else 's'}"
