"""Clinical notes: what belongs to what, who may change them, and what they say."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access import Role
from domain.attachments import Owner, OwnerRef
from domain.errors import Forbidden, RuleViolated
from domain.events import NoteDeleted, NoteRevised, NoteWritten
from domain.ids import NoteId, OwnerId
from domain.notes import MAX_BODY, OWNER_OF, TEETH, ClinicalNote, NoteType, delete, may_edit, revise, write
from tests import strategies
from tests.samples import ANA, CLINIC, DAY, NOON, note, staff

ID = NoteId("0197a1b2-0000-7000-8000-00000000000b")
DENTIST = staff(role=Role.DENTIST, user="u-7")


def written(
    note_type: NoteType = NoteType.DIAGNOSIS, owner: str | None = None, body: str = "Caries", tooth: int | None = None
) -> ClinicalNote:
    ref = OwnerRef(owner or OWNER_OF[note_type], OwnerId("o-1"))
    made, _ = write(
        id=ID, actor=DENTIST, note_type=note_type, owner=Owner(ref, ANA), body=body, tooth_number=tooth, now=NOON
    )
    return made


@pytest.mark.parametrize("note_type", NoteType)
@pytest.mark.parametrize("owner", ["patient", "treatment", "plan", "appointment", "visit"])
def test_a_note_belongs_to_the_kind_of_record_that_its_type_asks_for(note_type: NoteType, owner: str) -> None:
    if owner == OWNER_OF[note_type]:
        assert written(note_type, owner).owner.type == owner
    else:
        with pytest.raises(RuleViolated) as refused:
            written(note_type, owner)
        assert refused.value.field == "owner_type"


@given(st.sampled_from(NoteType), st.integers(-5, 100))
def test_a_diagnosis_may_name_a_tooth_by_its_fdi_number_and_no_other_note_may(note_type: NoteType, tooth: int) -> None:
    quadrant, place = divmod(tooth, 10)
    exists = (1 <= quadrant <= 4 and 1 <= place <= 8) or (5 <= quadrant <= 8 and 1 <= place <= 5)
    assert (tooth in TEETH) == exists
    if note_type is NoteType.DIAGNOSIS and exists:
        assert written(note_type, tooth=tooth).tooth_number == tooth
    else:
        with pytest.raises(RuleViolated) as refused:
            written(note_type, tooth=tooth)
        assert refused.value.field == "tooth_number"


def test_a_person_has_32_permanent_and_20_deciduous_teeth() -> None:
    assert len([tooth for tooth in TEETH if tooth < 50]) == 32
    assert len([tooth for tooth in TEETH if tooth > 50]) == 20


def test_a_note_is_its_author_s_and_its_owner_s_patient_s() -> None:
    made, (event,) = write(
        id=ID,
        actor=DENTIST,
        note_type=NoteType.DIAGNOSIS,
        owner=Owner(OwnerRef("patient", OwnerId(ANA)), ANA),
        body=" Caries\r\nen 46 \n",
        tooth_number=46,
        now=NOON,
    )
    assert (made.clinic_id, made.patient_id, made.author_id, made.author_name) == (CLINIC, ANA, "u-7", "Dr. Vega")
    assert (made.body, made.created_at, made.updated_at, made.version) == ("Caries\nen 46", NOON, NOON, 1)
    told: dict[str, Any] = {
        "patient_id": ANA,
        "note_id": ID,
        "note_type": "diagnosis",
        "owner_type": "patient",
        "owner_id": ANA,
    }
    assert event == NoteWritten(**told)
    assert delete(made) == (NoteDeleted(**told),)
    assert event.subject == ID


@pytest.mark.parametrize("body", ["", " \n\t", "\u200e", "x" * (MAX_BODY + 1)])
def test_a_note_that_says_nothing_or_too_much_is_refused(body: str) -> None:
    with pytest.raises(RuleViolated) as refused:
        written(body=body)
    assert refused.value.field == "body"
    with pytest.raises(RuleViolated):
        revise(note(), body, NOON)


@given(strategies.notes(), strategies.written)
def test_a_revision_changes_the_body_counts_a_version_and_made_again_changes_nothing(
    before: ClinicalNote, body: str
) -> None:
    try:
        after, happened = revise(before, body, NOON)
    except RuleViolated:
        return
    if happened:
        assert replace(after, body=before.body, version=before.version, updated_at=before.updated_at) == before
        assert (after.version, after.updated_at) == (before.version + 1, NOON)
        assert [type(event) for event in happened] == [NoteRevised]
    again, nothing = revise(after, body, NOON + DAY)
    assert again is after
    assert nothing == ()


def test_only_the_author_or_an_admin_may_change_a_note() -> None:
    own = written()
    may_edit(own, DENTIST)
    may_edit(own, staff(role=Role.ADMIN, user="u-1"))
    for role in set(Role) - {Role.ADMIN}:
        with pytest.raises(Forbidden):
            may_edit(own, staff(role=role, user="u-8"))
