"""A small installation of each program, for what must hold of both."""

from collections.abc import Callable, Mapping
from pathlib import Path

from application.ports.legacy import LegacySource
from entrypoints.container import Container
from tests.imports.bringing import dentalpin, medikeep
from tests.imports.dentalpin_made import EVA, IAN, NOTE, PLAN, ZOE, DentalPinMade
from tests.imports.medikeep_made import MediKeepMade

Opening = Callable[[Container], LegacySource]


def _medikeep(folder: Path) -> tuple[Path, Opening]:
    made = MediKeepMade(folder)
    for id in range(1, 8):
        made.lab_file(id, 1 + id % 3)
    made.lab_file(8, None)
    made.put("patient_shares", 1, 1, 2, "edit", 1, None)
    return folder, lambda container: medikeep(container, made.url, made.uploads)


def _dentalpin(folder: Path) -> tuple[Path, Opening]:
    made = DentalPinMade(folder, later=True)
    for number in range(1, 8):
        made.document(number, (EVA, IAN, ZOE)[number % 3])
    made.pair(1, 4)
    made.pair(2, 5)
    for number in (3, 6):
        made.attach(number, number, "plan", PLAN)
        made.attach(10 + number, number, "clinical_note", NOTE)
    made.write("no-row.jpg", b"nobody names this")
    return folder, lambda container: dentalpin(container, made.url, made.storage)


PROGRAMS: Mapping[str, Callable[[Path], tuple[Path, Opening]]] = {"medikeep": _medikeep, "dentalpin": _dentalpin}
"""Each makes one of seven documents in a folder, and tells how it is opened."""
