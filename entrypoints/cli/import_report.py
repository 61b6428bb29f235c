"""What came of an import, for people."""

from collections.abc import Iterator, Mapping, Sequence

from application.importing.report import ClinicCount, PatientCount, Report, UserCount


def lines(report: Report) -> Iterator[str]:
    yield from _overview(report)
    for user in report.users:
        yield from _user(user)
    for clinic in report.clinics:
        yield from _clinic(clinic)
    yield from _anomalies(report)
    if report.isolated is not None:
        yield ""
        yield from _verified(report)


def _overview(report: Report) -> Iterator[str]:
    yield f"{report.source} into {', '.join(f'clinic {clinic.id}' for clinic in report.clinics)}"
    yield "System Overview:"
    yield f"  - Total Users: {len(report.users):,}"
    yield f"  - Total Patients: {report.patients:,}"
    for table, count in report.records.items():
        yield f"  - Total {table.replace('_', ' ').title()}: {count:,}"
    trashed = f"  ({report.trashed:,} more in the trash)" if report.trashed else ""
    yield f"  - Total Files to Migrate: {report.files:,}{trashed}"
    yield f"  - Rows that stand for files: {report.file_rows:,}"
    yield f"  - Links of files to records: {report.links:,}"
    if report.pairings:
        yield f"  - Pairs of photos: {report.pairings:,}"
    yield ""


def _user(user: UserCount) -> Iterator[str]:
    if user.uploaded and not user.patients:
        yield f"User {user.id} ({user.label}) uploaded {user.uploaded:,} files"
    else:
        yield f"User {user.id} ({user.label}) has {len(user.patients)} patient(s)"
        yield from map(_patient, user.patients)
        yield f"User {user.id} ({user.label}): {user.files:,} files total"
    yield ""


def _clinic(clinic: ClinicCount) -> Iterator[str]:
    if not clinic.patients:
        return
    named = f"Clinic {clinic.id}" + (f" ({clinic.name})" if clinic.name else "")
    yield f"{named} has {len(clinic.patients)} patient(s) of no account"
    yield from map(_patient, clinic.patients)
    yield f"{named}: {clinic.files:,} files total"
    yield ""


def _patient(patient: PatientCount) -> str:
    trashed = f", {patient.trashed:,} in the trash" if patient.trashed else ""
    return f"  - Patient {patient.id} ({patient.name}): {patient.files:,} files{trashed}"


def _anomalies(report: Report) -> Iterator[str]:
    lost = sum(anomaly.lost for anomaly in report.anomalies)
    yield f"Anomalies: {len(report.anomalies)}, of which lost: {lost}"
    for anomaly in report.anomalies:
        named = f" ({anomaly.name})" if anomaly.name else ""
        sign = "LOST " if anomaly.lost else ""
        yield f"  - {sign}{anomaly.code}: {anomaly.row.table} {anomaly.row.id}{named}: {anomaly.reason}"


def _verified(report: Report) -> Iterator[str]:
    for user in report.users:
        if user.patients:
            yield _whole(f"User {user.id}", user.patients)
    for clinic in report.clinics:
        if clinic.patients:
            yield _whole(f"Clinic {clinic.id}", clinic.patients)
    if report.isolated:
        yield "✓ User isolation verified - no cross-user file access detected"
        yield "✓ Patient isolation verified - files correctly associated with patients"
    else:
        yield "✗ An account reads what is not its own, or not all that is"
    yield f"Total files processed: {report.files + report.trashed:,}"
    yield f"Migration errors: {sum(anomaly.lost for anomaly in report.anomalies)}"
    yield (
        f"Run {report.run}: {counted(report.brought) or 'nothing new'}" if report.run else "Nothing new to bring over."
    )


def counted(things: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {kind}{'' if count == 1 else 's'}" for kind, count in things.items())


def _whole(named: str, patients: Sequence[PatientCount]) -> str:
    files, whole = sum(patient.files for patient in patients), sum(patient.verified or 0 for patient in patients)
    across = f"(across {len(patients)} patients)" if len(patients) > 1 else "(1 patient)"
    return (
        f"{named}: ✓ {whole:,} files verified {across}"
        if whole == files
        else (f"{named}: ✗ {whole:,} of {files:,} files verified {across}")
    )
