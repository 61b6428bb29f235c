"""Before and after: two pictures of one patient."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from domain.documents import Document
from domain.errors import Malformed, RuleViolated
from domain.events import PairCreated, PairRemoved
from domain.ids import ClinicId, PairingId
from domain.media import Classification, MediaKind
from domain.pairings import PairRole, pair, unpair
from tests import strategies
from tests.samples import DAY, LUIS, NOON, document, photo

ID = PairingId("0197a1b2-0000-7000-8000-00000000000a")
pictures = strategies.documents(kinds=strategies.PICTURE_KINDS)


@settings(max_examples=50)
@given(pictures, pictures)
def test_the_earlier_picture_is_the_before_one_in_whichever_order_they_are_named(one: Document, two: Document) -> None:
    if one.id == two.id:
        return
    pairing, _ = pair(ID, one, two, before=None, now=NOON)
    assert pair(ID, two, one, before=None, now=NOON)[0] == pairing
    shown = {one.id: one.shown_at, two.id: two.shown_at}
    assert shown[pairing.before] <= shown[pairing.after]
    assert pairing.members == {one.id, two.id}


@settings(max_examples=50)
@given(pictures, pictures)
def test_each_member_has_the_other_for_a_partner_and_the_other_role(one: Document, two: Document) -> None:
    if one.id == two.id:
        return
    pairing, _ = pair(ID, one, two, before=None, now=NOON)
    for member, partner in ((one, two), (two, one)):
        assert pairing.partner_of(member.id) == partner.id
        assert pairing.partner_of(partner.id) == member.id
        assert {pairing.role_of(member.id), pairing.role_of(partner.id)} == set(PairRole)
    assert pairing.role_of(pairing.before) is PairRole.BEFORE


def test_who_names_the_before_picture_overrides_the_dates() -> None:
    early, late = photo(taken=NOON - DAY), photo(taken=NOON)
    for one, two in ((early, late), (late, early)):
        assert pair(ID, one, two, before=late.id, now=NOON)[0].before == late.id
        assert pair(ID, one, two, before=early.id, now=NOON)[0].before == early.id


def test_a_pairing_is_told_of_with_the_before_picture_as_its_subject() -> None:
    early, late = photo(taken=NOON - DAY), photo(taken=NOON)
    pairing, (created,) = pair(ID, late, early, before=None, now=NOON)
    assert (pairing.id, pairing.clinic_id, pairing.patient_id, pairing.created_at) == (
        *(ID, early.clinic_id, early.patient_id, NOON),
    )
    told: dict[str, Any] = {
        "patient_id": early.patient_id,
        "pairing_id": ID,
        "document_id": early.id,
        "after_document_id": late.id,
    }
    assert created == PairCreated(**told)
    assert unpair(pairing) == (PairRemoved(**told),)
    assert created.subject == early.id


SCAN = Classification(kind=MediaKind.SCAN)


@pytest.mark.parametrize(
    ("one", "two", "error"),
    [
        ((one := photo()), one, Malformed),
        (photo(), photo(LUIS), RuleViolated),
        (photo(), photo(clinic=ClinicId("c2")), RuleViolated),
        (photo(), document(), RuleViolated),
        (photo(media=SCAN), photo(), RuleViolated),
    ],
)
def test_what_cannot_be_paired_is_refused(one: Document, two: Document, error: type[Exception]) -> None:
    for first, second in ((one, two), (two, one)):
        with pytest.raises(error):
            pair(ID, first, second, before=None, now=NOON)


def test_a_before_picture_that_is_neither_of_the_two_is_malformed() -> None:
    with pytest.raises(Malformed) as refused:
        pair(ID, photo(), photo(), before=photo().id, now=NOON)
    assert refused.value.field == "before"


def test_a_photo_and_an_x_ray_may_be_paired() -> None:
    xray = photo(media=Classification(kind=MediaKind.XRAY, category="xray"))
    assert pair(ID, photo(), replace(xray), before=None, now=NOON)[0].members
