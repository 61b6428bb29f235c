"""What is known of patients, and ids that the host gave."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.directory import PatientStatus, display_name, owner_registered, registered, status_event
from domain.errors import Malformed, RuleViolated
from domain.events import OwnerRegistered, PatientArchived, PatientRegistered, PatientUnarchived
from domain.ids import host_id
from tests import strategies
from tests.samples import ANA, DAY, NOON, patient, record


@given(strategies.written)
def test_a_name_is_one_line_that_cleaning_again_does_not_change(text: str) -> None:
    try:
        name = display_name(text)
    except RuleViolated:
        return
    assert name == " ".join(name.split())
    assert display_name(name) == name


@pytest.mark.parametrize("gap", [" ", "\t", "\n", "\u00a0 ", "\x0c"])
def test_first_and_last_name_stay_apart(gap: str) -> None:
    assert display_name(f" Ana{gap}García ") == "Ana García"


@pytest.mark.parametrize("text", ["", " \t", "\u202e", "x" * 256])
def test_a_name_that_says_nothing_or_too_much_is_refused(text: str) -> None:
    with pytest.raises(RuleViolated) as refused:
        display_name(text)
    assert refused.value.field == "display_name"


def test_a_patient_registered_again_as_it_is_tells_nothing() -> None:
    known = patient()
    assert registered(known, None) == (PatientRegistered(patient_id=ANA),)
    assert registered(replace(known, updated_at=NOON + DAY), known) == ()
    assert registered(replace(known, display_name="Ana G."), known) == (PatientRegistered(patient_id=ANA),)


def test_a_record_registered_again_as_it_is_tells_nothing() -> None:
    known = record()
    told = OwnerRegistered(patient_id=ANA, owner_type="visit", owner_id="v1")
    assert owner_registered(known, None) == (told,)
    assert owner_registered(replace(known, updated_at=NOON + DAY), known) == ()
    assert owner_registered(replace(known, occurred_at=NOON), known) == (told,)


def test_a_change_of_status_is_told_as_what_it_is() -> None:
    assert status_event(ANA, PatientStatus.ARCHIVED) == PatientArchived(patient_id=ANA)
    assert status_event(ANA, PatientStatus.ACTIVE) == PatientUnarchived(patient_id=ANA)


@given(strategies.host_ids)
def test_an_id_of_the_host_is_kept_exactly_as_it_is(id: str) -> None:
    assert host_id(id, "patient_id") == id


@given(st.text(max_size=70))
def test_what_is_taken_for_an_id_can_stand_in_a_url_and_a_storage_key(id: str) -> None:
    try:
        host_id(id, "patient_id")
    except Malformed:
        return
    assert 1 <= len(id) <= 64
    assert id.isascii()
    assert not set(id) & set("/\\?#%& \0\n\"'<>")


@pytest.mark.parametrize("id", ["", ".", "..", "a/b", "a b", "ñ", "a\n", "x" * 65, "%2e%2e", "a\0"])
def test_what_cannot_be_an_id_is_malformed(id: str) -> None:
    with pytest.raises(Malformed) as refused:
        host_id(id, "owner_id")
    assert refused.value.field == "owner_id"
