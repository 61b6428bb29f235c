"""clinic-media import, as it is typed."""

import fcntl
import json
import os
from pathlib import Path

import pytest

from tests.cli.running import invoke
from tests.imports.dentalpin_made import NORTH, NOTE, PLAN, SOUTH, ZOE, DentalPinMade
from tests.imports.medikeep_made import MediKeepMade


@pytest.fixture
def made(tmp_path: Path) -> MediKeepMade:
    source = MediKeepMade(tmp_path / "old")
    for id in range(1, 4):
        source.lab_file(id, id)
    assert invoke(tmp_path, "migrate").exit_code == 0
    return source


def arguments(made: MediKeepMade) -> tuple[str, ...]:
    return ("import", "medikeep", "--database", made.url, "--uploads", str(made.uploads))


@pytest.mark.parametrize("option", ["--analyse", "--dry-run"])
def test_analysing_tells_of_each_account_and_patient(tmp_path: Path, made: MediKeepMade, option: str) -> None:
    result = invoke(tmp_path, *arguments(made), option)
    assert result.exit_code == 0
    for line in (
        "  - Total Users: 2",
        "  - Total Patients: 3",
        "  - Total Lab Results: 3",
        "  - Total Files to Migrate: 3",
        "User 1 (eva@example.org) has 2 patient(s)",
        "  - Patient 2 (Kid Ruiz): 1 files",
        "User 1 (eva@example.org): 2 files total",
    ):
        assert line in result.output.splitlines()
    assert "verified" not in result.output


def test_it_comes_in_is_verified_reported_and_taken_back(tmp_path: Path, made: MediKeepMade) -> None:
    report = tmp_path / "report.json"
    result = invoke(tmp_path, *arguments(made), "--clinic", "home", "--json", "--report", str(report))
    assert result.exit_code == 0, result.output
    told = json.loads(report.read_text())
    assert json.loads(result.stdout) == told
    assert (told["whole"], told["isolated"], told["files"], told["clinics"][0]["id"]) == (True, True, 3, "home")
    assert [sum(patient["verified"] for patient in user["patients"]) for user in told["users"]] == [2, 1]
    again = invoke(tmp_path, *arguments(made), "--clinic", "home")
    assert "User 1: ✓ 2 files verified (across 2 patients)" in again.stdout.splitlines()
    assert "Nothing new to bring over." in again.output
    undone = invoke(tmp_path, "import", "undo", told["run"])
    assert (undone.exit_code, undone.stdout) == (0, "Removed: 3 documents, 3 grants, 5 owners, 3 patients\n")


def test_losses_are_named_and_end_with_1(tmp_path: Path, made: MediKeepMade) -> None:
    (made.uploads / made.lab_file(9, 1)).unlink()
    result = invoke(tmp_path, *arguments(made))
    assert result.exit_code == 1
    assert "  - LOST missing_on_disk: lab_result_files 9 (n9.txt): " in result.output


def test_two_imports_at_once_are_refused(tmp_path: Path, made: MediKeepMade) -> None:
    with (tmp_path / "data" / "import.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = invoke(tmp_path, *arguments(made))
        assert result.exit_code == 3
        assert "Error: Another import is under way; wait for its end" in result.output.splitlines()
        assert invoke(tmp_path, *arguments(made), "--analyse").exit_code == 0
    assert invoke(tmp_path, *arguments(made)).exit_code == 0


def test_what_cannot_be_read_or_undone_ends_with_3(tmp_path: Path, made: MediKeepMade) -> None:
    made.database.unlink()
    assert invoke(tmp_path, *arguments(made)).exit_code == 3
    assert invoke(tmp_path, "import", "undo", "no-run").exit_code == 3


def test_dentalpin_is_brought_over_and_taken_back_by_the_same_words(tmp_path: Path) -> None:
    source = DentalPinMade(tmp_path / "dental")
    source.document(1)
    source.document(2, ZOE)
    source.attach(1, 1, "plan", PLAN, NOTE)
    Path(os.fsdecode(os.fsencode(source.storage) + b"/\xff.jpg")).write_bytes(b"a name of no encoding")
    command = ("import", "dentalpin", "--database", source.url, "--storage", str(source.storage))
    assert invoke(tmp_path, "migrate").exit_code == 0
    analysed = invoke(tmp_path, *command, "--dry-run")
    assert analysed.exit_code == 0, analysed.output
    told = analysed.output.splitlines()
    assert f"Clinic {NORTH} (North) has 2 patient(s) of no account" in told
    assert "  - Links of files to records: 2" in told
    assert "  - Total Clinical Notes: 1" in told
    assert any(line.startswith("  - orphan_on_disk: storage ?.jpg") for line in told)
    result = invoke(tmp_path, *command, "--json", "--batch", "1")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert report["brought"] == {"document": 2, "link": 2, "note": 1, "owner": 2, "patient": 3}
    again = invoke(tmp_path, *command)
    assert f"Clinic {SOUTH}: ✓ 1 files verified (1 patient)" in again.output.splitlines()
    assert "Nothing new to bring over." in again.output
    undone = invoke(tmp_path, "import", "undo", report["run"])
    assert undone.stdout == "Removed: 2 documents, 1 note, 2 owners, 3 patients\n"
    source.database.unlink()
    assert invoke(tmp_path, *command).exit_code == 3
