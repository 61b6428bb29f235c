"""Files on any record: which kinds of records there are, what each accepts, and how its files are ordered."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import filetypes
from domain.attachments import (
    MAX_ORDER,
    MediaAttachment,
    Operation,
    OwnerRef,
    OwnerRegistry,
    OwnerType,
    link,
    ordered,
    unlink,
)
from domain.errors import Malformed, RuleViolated, TooLarge, Unsupported
from domain.events import AttachmentLinked, AttachmentUnlinked
from domain.ids import AttachmentId, OwnerId
from tests import strategies
from tests.samples import ANA, LUIS, attachment, document

LAB = OwnerType(
    name="lab-result",
    labels={"es": "Resultado", "en": "Result"},
    aliases=frozenset({"lab-results"}),
    accepted=("pdf", "jpg", "jpeg", "txt"),
    max_bytes=10 * 2**20,
    max_files=2,
    categories=("result", "report"),
    default_category="result",
)
VISIT = OwnerType(name="visit", aliases=frozenset({"visits", "encounter"}))
REGISTRY = OwnerRegistry([LAB, VISIT])


# --- the registry ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "found"), [("visit", VISIT), ("encounter", VISIT), ("lab-results", LAB)])
def test_a_type_is_found_by_its_name_and_by_its_aliases(name: str, found: OwnerType) -> None:
    assert REGISTRY.get(name) is found
    assert REGISTRY.ref(name, "7") == OwnerRef(found.name, OwnerId("7"))


@pytest.mark.parametrize("name", ["", "Visit", "no-such-type"])
def test_a_type_that_is_not_registered_is_malformed(name: str) -> None:
    with pytest.raises(Malformed) as refused:
        REGISTRY.get(name)
    assert refused.value.field == "owner_type"


def test_every_type_is_listed_once() -> None:
    assert list(REGISTRY) == [LAB, VISIT]


@pytest.mark.parametrize("names", [frozenset({"visit"}), frozenset({"encounter"})])
def test_an_alias_that_means_another_type_is_no_registry(names: frozenset[str]) -> None:
    with pytest.raises(ValueError, match="lab-result"):
        OwnerRegistry([VISIT, replace(LAB, aliases=names)])
    with pytest.raises(ValueError, match="visit"):
        OwnerRegistry([replace(LAB, aliases=names), VISIT])


def test_a_label_falls_back_to_english_then_to_the_name() -> None:
    assert (LAB.label("es"), LAB.label("fr"), VISIT.label("es")) == ("Resultado", "Result", "visit")
    assert str(OwnerRef("visit", OwnerId("v1"))) == "visit/v1"


# --- the rules ------------------------------------------------------------------------------------------------------


def test_a_type_without_a_list_accepts_what_the_installation_does() -> None:
    assert VISIT.file_types == filetypes.DOCUMENT_TYPES
    assert LAB.file_types == (filetypes.PDF, filetypes.JPEG, filetypes.TXT)
    assert VISIT.check_upload("x.dcm", None) is None


@pytest.mark.parametrize("filename", ["a.pdf", "A.PDF", "b.jpeg"])
def test_an_accepted_extension_passes_with_the_category_given_or_the_usual_one(filename: str) -> None:
    assert LAB.check_upload(filename, None) == "result"
    assert LAB.check_upload(filename, "") == "result"
    assert LAB.check_upload(filename, "report") == "report"


@pytest.mark.parametrize("filename", ["a.png", "a", ".pdf", "a.pdf.exe"])
def test_an_extension_that_is_not_accepted_is_refused(filename: str) -> None:
    with pytest.raises(Unsupported):
        LAB.check_upload(filename, None)


def test_a_category_that_the_type_does_not_have_is_malformed() -> None:
    with pytest.raises(Malformed) as refused:
        LAB.check_upload("a.pdf", "no-such")
    assert refused.value.field == "category"
    assert VISIT.check_category("whatever") == "whatever"


def test_a_type_without_uploads_takes_none() -> None:
    with pytest.raises(RuleViolated):
        replace(LAB, operations=frozenset({Operation.DOWNLOAD})).check_upload("a.pdf", None)


@given(st.integers(0, 10**12), st.none() | st.integers(1, 10**12))
def test_a_file_may_be_as_large_as_the_type_says_and_not_a_byte_larger(size: int, limit: int | None) -> None:
    rules = replace(LAB, max_bytes=limit)
    if limit is None or size <= limit:
        rules.check_size(size)
    else:
        with pytest.raises(TooLarge):
            rules.check_size(size)


@given(st.integers(0, 300), st.none() | st.integers(1, 300))
def test_a_record_holds_as_many_files_as_the_type_says(already: int, limit: int | None) -> None:
    rules = replace(LAB, max_files=limit)
    if limit is None or already < limit:
        rules.check_count(already)
    else:
        with pytest.raises(RuleViolated):
            rules.check_count(already)


@pytest.mark.parametrize(
    ("limit", "said"), [(10 * 2**20, "10 MB"), (2**20 + 2**19, "1.5 MB"), (2**19, "0.5 MB"), (1000, "1000 bytes")]
)
def test_a_refusal_says_how_large_a_file_may_be(limit: int, said: str) -> None:
    with pytest.raises(TooLarge, match=said):
        replace(LAB, max_bytes=limit).check_size(limit + 1)


# --- links ----------------------------------------------------------------------------------------------------------


def test_a_link_is_told_of_with_the_record_that_it_is_to() -> None:
    made = attachment(document())
    told: dict[str, Any] = {
        "patient_id": ANA,
        "document_id": made.document_id,
        "attachment_id": made.id,
        "owner_type": "visit",
        "owner_id": "v1",
    }
    assert link(made, ANA) == (AttachmentLinked(**told),)
    assert unlink(made) == (AttachmentUnlinked(**told),)


def test_a_document_cannot_be_put_on_a_record_of_another_patient() -> None:
    with pytest.raises(RuleViolated):
        link(attachment(document(LUIS)), ANA)


@pytest.mark.parametrize(("order", "is_allowed"), [(0, True), (MAX_ORDER, True), (-1, False), (MAX_ORDER + 1, False)])
def test_a_display_order_has_bounds(order: int, is_allowed: bool) -> None:
    made = attachment(document(), display_order=order)
    if is_allowed:
        assert link(made, ANA)
    else:
        with pytest.raises(RuleViolated):
            link(made, ANA)


@given(st.lists(strategies.attachments(document().id), unique_by=lambda each: each.id, max_size=6), st.randoms())
def test_attachments_are_numbered_in_the_order_of_the_ids(links: list[MediaAttachment], chance: st.DataObject) -> None:
    ids = [each.id for each in links]
    chance.shuffle(ids)  # type: ignore[attr-defined]
    numbered = ordered(links, tuple(ids))
    assert [each.id for each in numbered] == ids
    assert [each.display_order for each in numbered] == list(range(len(ids)))
    by_id = {each.id: each for each in links}
    assert all(replace(each, display_order=0) == replace(by_id[each.id], display_order=0) for each in numbered)


def test_an_order_that_leaves_one_out_repeats_one_or_invents_one_is_refused() -> None:
    links = [attachment(document()) for _ in range(2)]
    one, two = (each.id for each in links)
    for ids in ((one,), (one, one), (one, two, two), (one, two, AttachmentId("another")), (one, AttachmentId("x"))):
        with pytest.raises(RuleViolated):
            ordered(links, ids)
