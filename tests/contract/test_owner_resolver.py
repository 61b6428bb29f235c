"""Whose a record is, asked of the directory that the installation keeps itself."""

import pytest

from domain.attachments import OwnerRef
from domain.directory import PATIENT
from domain.ids import OwnerId, PatientId
from domain.notes import CLINICAL_NOTE
from tests.installations import Installation
from tests.samples import ANA, ANOTHER_CLINIC, CLINIC, LUIS, VISIT, note, patient, record, staff

pytestmark = pytest.mark.anyio

STAFF = staff()


async def test_a_registered_record_is_its_patient_s(installation: Installation) -> None:
    await installation.keep(record(), record(OwnerRef("plan", VISIT.id), LUIS))
    assert await installation.owners.patient_of(CLINIC, VISIT) == ANA
    assert await installation.owners.patient_of(CLINIC, OwnerRef("plan", VISIT.id)) == LUIS


async def test_a_registered_patient_is_its_own(installation: Installation) -> None:
    await installation.keep(patient())
    assert await installation.owners.patient_of(CLINIC, OwnerRef(PATIENT, OwnerId(ANA))) == ANA
    assert await installation.owners.patient_of(CLINIC, OwnerRef(PATIENT, OwnerId(LUIS))) is None


async def test_a_note_is_its_patient_s(installation: Installation) -> None:
    written = note(LUIS)
    await installation.keep(written)
    assert await installation.owners.patient_of(CLINIC, OwnerRef(CLINICAL_NOTE, OwnerId(written.id))) == LUIS


@pytest.mark.parametrize("type", ["visit", PATIENT, CLINICAL_NOTE, "no-such-type"])
@pytest.mark.parametrize("id", ["v2", "ana", "00000000-0000-7000-8000-000000000000", "a" * 64, ":"])
async def test_nobody_s_record_is_nobody_s(installation: Installation, type: str, id: str) -> None:
    await installation.keep(record())
    assert await installation.owners.patient_of(CLINIC, OwnerRef(type, OwnerId(id))) is None


async def test_another_clinic_s_record_is_nobody_s(installation: Installation) -> None:
    written = note()
    await installation.keep(record(), patient(), written)
    for ref in (VISIT, OwnerRef(PATIENT, OwnerId(ANA)), OwnerRef(CLINICAL_NOTE, OwnerId(written.id))):
        assert await installation.owners.patient_of(ANOTHER_CLINIC, ref) is None


async def test_clinics_with_the_same_ids_are_kept_apart(installation: Installation) -> None:
    elsewhere = PatientId("someone-else")
    await installation.keep(record())
    await installation.keep(record(patient=elsewhere, clinic=ANOTHER_CLINIC), clinic=ANOTHER_CLINIC)
    assert await installation.owners.patient_of(CLINIC, VISIT) == ANA
    assert await installation.owners.patient_of(ANOTHER_CLINIC, VISIT) == elsewhere


async def test_a_record_that_was_removed_is_nobody_s(installation: Installation) -> None:
    await installation.keep(record())
    async with installation.unit_of_work(STAFF) as uow:
        await uow.directory.remove_owner(VISIT)
        await uow.commit()
    assert await installation.owners.patient_of(CLINIC, VISIT) is None
