"""A MediKeep installation of the size that migrations are planned for, brought over and measured.

Run ``python -m tests.imports.large``, or with other numbers of users, patients, lab results and files behind it. It
prints the report's ends, how long each step took, and the memory that the largest process needed.
"""

import json
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import click

from tests.cli.running import environment
from tests.imports.medikeep_made import AT, MediKeepMade
from tests.made_files import pdf, quadrants, saved


class Size(NamedTuple):
    users: int
    patients: int
    lab_results: int
    files: int


LARGE = Size(25, 73, 1_247, 3_891)
# Who the first accounts are: label, and for each patient its id, name and number of files.
FIRST: Sequence[tuple[str, Sequence[tuple[int, str, int]]]] = (
    ("parent@family.com", ((15, "John Smith", 45), (16, "Jane Smith", 32), (17, "Baby Smith", 12))),
    ("doctor@clinic.com", ((8, "Self", 127),)),
    ("caregiver@home.com", ((22, "Mom", 156), (23, "Dad", 78))),
)


class _Patient(NamedTuple):
    id: int
    user: int
    name: str
    files: int


def make(folder: Path, size: Size, first: Sequence[tuple[str, Sequence[tuple[int, str, int]]]] = FIRST) -> MediKeepMade:
    """Every lab result and file that `size` asks for is of some patient; the first accounts are those given."""
    made = MediKeepMade(folder)
    labels = [label for label, _ in first] + [f"user{number}@example.org" for number in range(len(first), size.users)]
    patients = list(_patients(size, first))
    results = [(id, patients[id % len(patients)].id, f"Test {id}", None) for id in range(1, size.lab_results + 1)]
    results_of: dict[int, list[int]] = {}
    for id, patient, *_ in results:
        results_of.setdefault(patient, []).append(id)
    owned = [(patient, number) for patient in patients for number in range(patient.files)]
    files = [
        _file(made, id, results_of[patient.id][number % len(results_of[patient.id])])
        for id, (patient, number) in enumerate(owned, 1)
    ]
    with closing(sqlite3.connect(made.database)) as connection, connection:
        for table in ("users", "patients", "lab_results", "encounters", "allergies", "family_members"):
            connection.execute(f"DELETE FROM {table}")
        users = [(number, label, label, "x", label.partition("@")[0]) for number, label in enumerate(labels, 1)]
        connection.executemany("INSERT INTO users VALUES (?, ?, ?, ?, ?)", users)
        rows = [(each.id, each.user, each.user, *_two(each.name), "1990-01-01") for each in patients]
        connection.executemany("INSERT INTO patients VALUES (?, ?, ?, ?, ?, ?)", rows)
        connection.executemany("INSERT INTO lab_results VALUES (?, ?, ?, ?)", results)
        connection.executemany("INSERT INTO lab_result_files VALUES (?, ?, ?, ?, ?, ?, ?, ?)", files)
    return made


def _patients(size: Size, first: Sequence[tuple[str, Sequence[tuple[int, str, int]]]]) -> Iterator[_Patient]:
    known = [_Patient(id, user, name, count) for user, (_, of) in enumerate(first, 1) for id, name, count in of]
    yield from known
    others, left = size.patients - len(known), size.files - sum(patient.files for patient in known)
    for number in range(others):
        user = len(first) + 1 + number % (size.users - len(first))
        yield _Patient(1000 + number, user, f"Patient {number}", left // others + (number < left % others))


def _two(name: str) -> tuple[str, str | None]:
    given, _, family = name.partition(" ")
    return given, family or None


_PICTURE = saved(quadrants(640, 480), "JPEG")
_PAPER = pdf()


def _file(made: MediKeepMade, id: int, lab_result: int) -> tuple[object, ...]:
    """Half of them papers, three in ten pictures, the rest text; no two alike."""
    said = f"file {id}".encode()
    comment = b"\xff\xfe" + (len(said) + 2).to_bytes(2, "big") + said
    ending, mime, data = (
        ("pdf", "application/pdf", _PAPER + b"% " + said + b"\n"),
        ("jpg", "image/jpeg", _PICTURE[:2] + comment + _PICTURE[2:]),
        ("txt", "text/plain", said * 500),
    )[(0, 0, 0, 0, 0, 1, 1, 1, 2, 2)[id % 10]]
    path = f"lab_result_files/{id}.{ending}"
    made.write(path, data)
    return id, lab_result, f"n{id}.{ending}", f"uploads/{path}", mime, len(data), f"Said {id}", AT


def main() -> None:
    size = LARGE if len(sys.argv) == 1 else Size(*map(int, sys.argv[1:]))
    with TemporaryDirectory() as folder:
        began = time.monotonic()
        made = make(Path(folder, "old"), size)
        click.echo(f"made in {time.monotonic() - began:.1f} s")
        source = ("import", "medikeep", "--database", made.url, "--uploads", str(made.uploads))
        _run(folder, "migrate")
        click.echo(_head(_run(folder, *source, "--analyse")))
        click.echo(_tail(_run(folder, *source)))
        run = json.loads(_run(folder, *source, "--json", "--batch", "1000"))
        click.echo(f"again: {run['brought'] or 'nothing new'}")
        _run(folder, "verify", "--read-data")
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        click.echo(f"largest process: {peak:.0f} MB")


def _run(folder: str, *arguments: str) -> str:
    began, worked = time.monotonic(), _worked()
    command = [sys.executable, "-c", "from entrypoints.cli import main; main()", *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment(Path(folder)), stdout=subprocess.PIPE, text=True, check=True
    )
    steps = [word for word in arguments if word in ("migrate", "import", "--analyse", "--json", "verify")]
    click.echo(f"{' '.join(steps)}: {time.monotonic() - began:.1f} s, {_worked() - worked:.1f} s of processor")
    return done.stdout


def _worked() -> float:
    """Seconds of processor that the processes so far have used; they tell more on a machine that is shared."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _head(report: str) -> str:
    return "\n".join(report.splitlines()[:20])


def _tail(report: str) -> str:
    return "\n".join(report.splitlines()[-10:])


if __name__ == "__main__":
    main()
