"""Records that own files: never more than they may hold, never another patient's, whichever way a file comes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from application.notes import NewNote
from application.ports.unit_of_work import UnitOfWork
from domain.access import Principal
from domain.errors import NotFound, RuleViolated
from domain.ids import DocumentId
from domain.notes import NoteType
from tests.invariants import audit_rows
from tests.proof.scene import TREATMENT, VISIT
from tests.proof.small_clinic import ME, SmallClinic, small_clinic
from tests.proof.use_cases import MAX_FILES
from tests.samples import ANA, CLINIC, LUIS

pytestmark = pytest.mark.anyio


@pytest.fixture
async def clinic() -> SmallClinic:
    return await small_clinic()


def note(text: str, *documents: DocumentId) -> NewNote:
    return NewNote(note_type=NoteType.TREATMENT, owner=TREATMENT, body=text, documents=documents)


async def test_a_full_record_takes_no_further_file_by_any_way(clinic: SmallClinic) -> None:
    does = clinic.does
    loose = (await clinic.photo(9)).id
    on_both = [(await clinic.photo(number, owner=VISIT)).id for number in range(MAX_FILES)]
    written = await does.write_note(ME, note("Primera", *on_both))
    with pytest.raises(RuleViolated):
        await does.link(ME, loose, VISIT)
    with pytest.raises(RuleViolated):
        await clinic.photo(8, owner=VISIT)
    with pytest.raises(RuleViolated):
        await does.write_note(ME, note("Segunda", loose))
    with pytest.raises(RuleViolated):
        await does.revise_note(ME, written.id, documents=(*on_both, loose))
    assert await clinic.ports.attachments.counts(ME, "visit", ["v1"]) == {"v1": MAX_FILES}
    assert await clinic.ports.attachments.counts(ME, "treatment", ["t1"]) == {"t1": MAX_FILES}


async def test_a_file_is_not_restored_to_a_record_that_filled_up_meanwhile(clinic: SmallClinic) -> None:
    does = clinic.does
    views = [await clinic.photo(number, owner=VISIT) for number in range(MAX_FILES)]
    await does.trash(ME, views[0].id)
    in_its_place = await clinic.photo(7, owner=VISIT)
    with pytest.raises(RuleViolated):
        await does.restore(ME, views[0].id)
    await does.trash(ME, in_its_place.id)
    await does.restore(ME, views[0].id)
    assert await clinic.ports.attachments.counts(ME, "visit", ["v1"]) == {"v1": MAX_FILES}


async def test_linking_what_is_linked_already_is_fine_on_a_full_record(clinic: SmallClinic) -> None:
    views = [await clinic.photo(number, owner=VISIT) for number in range(MAX_FILES)]
    _, is_new = await clinic.does.link(ME, views[0].id, VISIT)
    assert not is_new


async def test_a_record_with_notes_cannot_become_another_patients(clinic: SmallClinic) -> None:
    does = clinic.does
    written = await does.write_note(ME, note("Primera"))
    with pytest.raises(RuleViolated):
        await does.register_owner(ME, TREATMENT, patient=LUIS, title="Tratamiento")
    await does.delete_note(ME, written.id)
    await does.register_owner(ME, TREATMENT, patient=LUIS, title="Tratamiento")


async def test_nor_can_one_that_was_deleted_and_whose_note_got_a_file_since(clinic: SmallClinic) -> None:
    """The note outlives its record; its next file hangs on the note alone."""
    does = clinic.does
    photo = await clinic.photo(1)
    written = await does.write_note(ME, note("Primera"))
    await does.delete_owner(ME, TREATMENT)
    await does.revise_note(ME, written.id, documents=(photo.id,))
    assert await clinic.ports.attachments.counts(ME, "treatment", [TREATMENT.id]) == {}
    assert await clinic.ports.attachments.counts(ME, "clinical_note", [written.id]) == {written.id: 1}
    with pytest.raises(RuleViolated):
        await does.register_owner(ME, TREATMENT, patient=LUIS, title="Tratamiento")
    await does.register_owner(ME, TREATMENT, patient=ANA, title="Tratamiento")
    assert [finding async for finding in does.verify()] == []


async def test_a_note_is_not_written_with_files_on_a_record_that_is_deleted_meanwhile(clinic: SmallClinic) -> None:
    does = clinic.does
    photo = await clinic.photo(1)

    @asynccontextmanager
    async def too_late(actor: Principal) -> AsyncIterator[UnitOfWork]:
        await does.delete_owner(ME, TREATMENT)
        async with does.write_note.unit_of_work(actor) as uow:
            yield uow

    with pytest.raises(NotFound):
        await replace(does.write_note, unit_of_work=too_late)(ME, note("Primera", photo.id))
    assert await clinic.ports.attachments.counts(ME, "treatment", [TREATMENT.id]) == {}


async def test_registering_a_record_as_it_is_tells_nobody(clinic: SmallClinic) -> None:
    before = [row async for row in audit_rows(clinic.ports, CLINIC)]
    _, is_new = await clinic.does.register_owner(ME, VISIT, patient=ANA, title="Revisión")
    assert not is_new
    assert [row async for row in audit_rows(clinic.ports, CLINIC)] == before
