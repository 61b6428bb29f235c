"""A document whose file turned out to be infected."""

from datetime import timedelta

import pytest

from domain.documents import Derived, Scan, Status, quarantine, restore, scanned, trash
from domain.errors import RuleViolated
from domain.events import DocumentQuarantined, DocumentTrashed
from domain.ids import UserId
from tests.samples import NOON, photo

SYSTEM = UserId("system")
LATER = NOON + timedelta(hours=1)


def test_it_goes_to_the_trash_with_its_pictures_forgotten() -> None:
    picture = photo(derived=Derived.READY, placeholder="aGFzaA==", scan=Scan.PENDING)
    aside, happened = quarantine(picture, SYSTEM, LATER)
    assert (aside.status, aside.trashed_by, aside.version) == (Status.TRASHED, SYSTEM, picture.version + 1)
    assert (aside.file.scan, aside.file.derived, aside.file.placeholder) == (Scan.INFECTED, Derived.NONE, None)
    assert happened == (
        DocumentTrashed(patient_id=picture.patient_id, document_id=picture.id),
        DocumentQuarantined(patient_id=picture.patient_id, document_id=picture.id),
    )


def test_one_that_is_in_the_trash_stays_there_since_when_it_was() -> None:
    binned, _ = trash(photo(), UserId("u-1"), NOON)
    aside, happened = quarantine(binned, SYSTEM, LATER)
    assert (aside.trashed_at, aside.trashed_by, aside.version) == (NOON, "u-1", binned.version + 1)
    assert [type(event) for event in happened] == [DocumentQuarantined]


@pytest.mark.parametrize("scan", [Scan.INFECTED, Scan.QUARANTINED])
def test_it_never_comes_back_and_is_put_aside_once(scan: Scan) -> None:
    aside = scanned(quarantine(photo(), SYSTEM, NOON)[0], scan)
    with pytest.raises(RuleViolated, match="infected"):
        restore(aside, LATER)
    assert quarantine(aside, SYSTEM, LATER) == (aside, ())
