"""The report of a larger installation, on a smaller one."""

from pathlib import Path

import pytest

from entrypoints.cli.import_report import lines
from tests.imports.bringing import bring, documents, installed, is_whole, medikeep
from tests.imports.large import Size, make

pytestmark = pytest.mark.anyio

FEW = (
    ("parent@family.com", ((15, "John Smith", 5), (16, "Jane Smith", 3), (17, "Baby Smith", 2))),
    ("doctor@clinic.com", ((8, "Self", 12),)),
)


async def test_each_account_and_patient_is_counted_and_verified(tmp_path: Path) -> None:
    made = make(tmp_path / "old", Size(users=3, patients=6, lab_results=15, files=40), FEW)
    async with installed(tmp_path) as container:
        report = await bring(container, medikeep(container, made.url, made.uploads), batch=16)
        assert len(await documents(container)) == 40
        assert await is_whole(container)
    told = list(lines(report))
    for line in (
        "  - Total Users: 3",
        "  - Total Patients: 6",
        "  - Total Lab Results: 15",
        "  - Total Files to Migrate: 40",
        "User 1 (parent@family.com) has 3 patient(s)",
        "  - Patient 15 (John Smith): 5 files",
        "User 1 (parent@family.com): 10 files total",
        "User 1: ✓ 10 files verified (across 3 patients)",
        "User 2: ✓ 12 files verified (1 patient)",
        "User 3: ✓ 18 files verified (across 2 patients)",
        "✓ User isolation verified - no cross-user file access detected",
        "✓ Patient isolation verified - files correctly associated with patients",
        "Total files processed: 40",
        "Migration errors: 0",
    ):
        assert line in told
    assert report.anomalies == ()
