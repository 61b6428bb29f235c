"""What may become of a document: each transition changes what it says, tells what happened, and counts a version."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import documents, wording
from domain.documents import (
    Derived,
    Details,
    Document,
    Reclassification,
    Revision,
    Status,
    archive,
    move,
    place_on_hold,
    purged,
    reclassify,
    restore,
    revise,
    taken_at,
    trash,
    unarchive,
)
from domain.errors import Malformed, RuleViolated, StaleVersion
from domain.events import (
    DocumentMoved,
    DocumentPurged,
    DocumentRevised,
    DocumentTrashed,
    DocumentUploaded,
    Event,
    PhotoUploaded,
)
from domain.ids import PatientId, UserId
from domain.media import Capture, CaptureSource, Classification, DocumentType, MediaKind, Taxonomy
from tests import strategies
from tests.samples import ANA, CLINIC, DAY, LUIS, NOON, document, photo, staff

TAXONOMY = Taxonomy()
BY = UserId("u-9")
stored = strategies.documents()

Transition = Callable[[Document], tuple[Document, tuple[Event, ...]]]

TRANSITIONS: dict[str, tuple[Transition, set[str]]] = {
    "revise": (lambda one: revise(one, Revision(title="Otro"), NOON), {"title"}),
    "reclassify": (lambda one: reclassify(one, Reclassification(tags=("nuevo",)), TAXONOMY, NOON), {"tags"}),
    "trash": (lambda one: trash(one, BY, NOON), {"trashed_at", "trashed_by"}),
    "restore": (lambda one: restore(one, NOON), {"trashed_at", "trashed_by"}),
    "archive": (lambda one: archive(one, NOON), {"archived_at"}),
    "unarchive": (lambda one: unarchive(one, NOON), {"archived_at"}),
    "move": (lambda one: move(one, LUIS, duplicate_of=None, now=NOON), {"patient_id", "duplicate_of"}),
    "hold": (lambda one: place_on_hold(one, True, NOON), {"hold"}),
}


@pytest.mark.parametrize("name", TRANSITIONS)
@settings(max_examples=25)
@given(before=stored)
def test_a_transition_changes_its_own_fields_counts_a_version_and_tells_of_it(name: str, before: Document) -> None:
    transition, own = TRANSITIONS[name]
    after, happened = transition(before)
    if not happened:
        assert after is before
        return
    changed = {field.name for field in fields(Document) if getattr(before, field.name) != getattr(after, field.name)}
    assert changed - {"updated_at"} <= own | {"version"}
    assert (after.version, after.updated_at) == (before.version + 1, NOON)
    (event,) = happened
    assert event.patient_id == after.patient_id
    assert event.subject == after.id


@pytest.mark.parametrize("name", TRANSITIONS)
@settings(max_examples=25)
@given(before=stored)
def test_a_transition_made_again_changes_nothing_and_tells_nothing(name: str, before: Document) -> None:
    transition, _ = TRANSITIONS[name]
    once, _events = transition(before)
    again, happened = transition(once)
    assert again is once
    assert happened == ()


@given(stored)
def test_what_is_restored_is_as_it_was_before_it_was_trashed(before: Document) -> None:
    before = replace(before, trashed_at=None, trashed_by=None)
    after, _ = restore(trash(before, BY, NOON)[0], NOON)
    assert after == replace(before, version=before.version + 2, updated_at=NOON)


@given(stored)
def test_the_trash_hides_that_a_document_is_archived(one: Document) -> None:
    expected = Status.TRASHED if one.trashed_at else Status.ARCHIVED if one.archived_at else Status.ACTIVE
    assert one.status is expected


def test_a_document_is_listed_by_its_capture_date_else_by_its_upload() -> None:
    assert photo(taken=NOON - DAY).shown_at == NOON - DAY
    assert photo().shown_at == NOON


# --- storing --------------------------------------------------------------------------------------------------------


def new(details: Details, filename: str = "informe.pdf") -> tuple[Document, tuple[Event, ...]]:
    plain = document(original_filename=filename)
    return documents.store(
        id=plain.id,
        actor=staff(),
        patient=ANA,
        details=details,
        file=plain.file,
        capture=Capture(),
        duplicate_of=None,
        now=NOON,
    )


@given(strategies.written, strategies.written, strategies.written)
def test_a_new_document_has_clean_words_and_the_file_s_name_for_a_title_where_none_is_given(
    title: str, description: str, filename: str
) -> None:
    stem = wording.title_from(wording.clean_filename(filename))
    made, _ = new(Details(title=title[:200], description=description), wording.clean_filename(filename))
    assert made.title == (wording.line(title[:200]) or stem)
    assert made.description == wording.description(description)
    assert made == revise(made, Revision(), NOON + DAY)[0]


def test_a_new_document_is_its_patient_s_and_its_uploader_s() -> None:
    made, (event,) = new(Details(title="Consentimiento", document_type=DocumentType.CONSENT, tags=("A", "a")))
    assert (made.clinic_id, made.patient_id, made.uploaded_by, made.uploader_name) == (
        CLINIC,
        ANA,
        "u-staff",
        "Dr. Vega",
    )
    assert (made.created_at, made.updated_at, made.version, made.status) == (NOON, NOON, 1, Status.ACTIVE)
    assert made.tags == ("A",)
    assert event == DocumentUploaded(patient_id=ANA, document_id=made.id, document_type="consent")


def test_a_new_picture_is_told_of_with_its_words() -> None:
    made, (event,) = new(Details(media=TAXONOMY.classify(MediaKind.XRAY, None, "cbct")))
    assert event == PhotoUploaded(
        patient_id=ANA, document_id=made.id, media_kind="xray", media_category="xray", media_subtype="cbct"
    )


def test_bytes_lie_by_clinic_patient_and_month() -> None:
    one = document()
    assert documents.prefix_for(CLINIC, ANA, one.id, NOON) == f"c1/ana/2026-03/{one.id}"


# --- revising -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("title", ["a  b", " a", "x" * 300])
def test_what_is_not_mentioned_stays_even_where_it_could_not_be_given_today(title: str) -> None:
    old = document(title=title, description=" d ", original_filename="a/b", tags=("t" * 80,))
    assert revise(old, Revision(), NOON) == (old, ())
    assert reclassify(old, Reclassification(), TAXONOMY, NOON) == (old, ())
    assert revise(old, Revision(document_type=DocumentType.REPORT), NOON)[0].title == title


def test_a_revision_names_what_changed_and_not_how() -> None:
    one = document()
    revision = Revision(title=" Nuevo\ttítulo ", description=None, original_filename="../x.pdf")
    revised, (event,) = revise(replace(one, description="d"), revision, NOON)
    assert (revised.title, revised.description, revised.file.original_filename) == ("Nuevo título", None, "x.pdf")
    assert event == DocumentRevised(patient_id=ANA, document_id=one.id, changed=("title", "description", "file"))


@pytest.mark.parametrize(
    ("revision", "field"), [(Revision(title=None), "title"), (Revision(document_type=None), "document_type")]
)
def test_a_title_and_a_type_cannot_be_cleared(revision: Revision, field: str) -> None:
    with pytest.raises(RuleViolated) as refused:
        revise(document(), revision, NOON)
    assert refused.value.field == field


# --- reclassifying --------------------------------------------------------------------------------------------------

SMILE = TAXONOMY.classify(MediaKind.PHOTO, "extraoral", "smile")


@given(
    strategies.classifications(strategies.PICTURE_KINDS),
    strategies.classifications(strategies.PICTURE_KINDS),
)
def test_a_new_category_drops_a_subtype_that_does_not_fit(before: Classification, wanted: Classification) -> None:
    one = photo(media=before)
    change = Reclassification(category=wanted.category)
    if wanted.kind is not before.kind:
        with pytest.raises(RuleViolated):
            reclassify(one, change, TAXONOMY, NOON)
        return
    after = reclassify(one, change, TAXONOMY, NOON)[0].media
    assert after.category == wanted.category
    assert after.subtype == (before.subtype if wanted.category == before.category else None)


def test_a_subtype_given_with_the_category_must_fit_it() -> None:
    one = photo(media=SMILE)
    with pytest.raises(RuleViolated):
        reclassify(one, Reclassification(category="intraoral", subtype="smile"), TAXONOMY, NOON)
    with pytest.raises(RuleViolated):
        reclassify(one, Reclassification(subtype="frontal"), TAXONOMY, NOON)
    with pytest.raises(Malformed):
        reclassify(one, Reclassification(category="no-such"), TAXONOMY, NOON)
    moved, _ = reclassify(one, Reclassification(category="intraoral", subtype="frontal"), TAXONOMY, NOON)
    assert (moved.media.category, moved.media.subtype) == ("intraoral", "frontal")


def test_clearing_the_category_of_a_photo_clears_its_subtype_and_an_x_ray_stays_one() -> None:
    cleared, _ = reclassify(photo(media=SMILE), Reclassification(category=None), TAXONOMY, NOON)
    assert cleared.media == Classification(kind=MediaKind.PHOTO)
    xray = photo(media=TAXONOMY.classify(MediaKind.XRAY, "xray", "cbct"))
    cleared, _ = reclassify(xray, Reclassification(category=None, subtype=None), TAXONOMY, NOON)
    assert cleared.media == Classification(kind=MediaKind.XRAY, category="xray")


def test_a_document_that_is_no_picture_gets_no_category() -> None:
    with pytest.raises(RuleViolated):
        reclassify(document(), Reclassification(category="intraoral"), TAXONOMY, NOON)


def test_tags_are_replaced_and_null_clears_them() -> None:
    one = photo(tags=("a", "b"))
    assert reclassify(one, Reclassification(tags=("c", "C")), TAXONOMY, NOON)[0].tags == ("c",)
    assert reclassify(one, Reclassification(tags=None), TAXONOMY, NOON)[0].tags == ()


@given(st.datetimes(timezones=st.integers(-840, 840).map(lambda m: timezone(timedelta(minutes=m)))))
def test_a_capture_date_that_a_person_gives_is_kept_in_utc_or_refused(said: datetime) -> None:
    try:
        taken = taken_at(said, NOON)
    except RuleViolated:
        assert said > NOON + DAY or said.year < 1826
        return
    assert taken == Capture(said, CaptureSource.USER)
    assert taken.at is not None
    assert taken.at.tzinfo is UTC


@pytest.mark.parametrize(
    "said",
    [
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-14))),
        NOON + DAY + timedelta(microseconds=1),
    ],
)
def test_a_capture_date_that_cannot_be_is_refused(said: datetime) -> None:
    with pytest.raises(RuleViolated) as refused:
        reclassify(photo(), Reclassification(captured_at=said), TAXONOMY, NOON)
    assert refused.value.field == "captured_at"


def test_clearing_the_capture_date_leaves_the_upload_s() -> None:
    cleared, _ = reclassify(photo(taken=NOON - DAY), Reclassification(captured_at=None), TAXONOMY, NOON)
    assert cleared.capture == Capture(None, CaptureSource.NONE)
    assert cleared.shown_at == NOON


# --- the rest -------------------------------------------------------------------------------------------------------


def test_a_move_tells_from_whom_and_leaves_the_bytes_where_they_are() -> None:
    one = document()
    moved, (event,) = move(one, LUIS, duplicate_of=document().id, now=NOON)
    assert event == DocumentMoved(patient_id=LUIS, document_id=one.id, from_patient_id=ANA)
    assert moved.file == one.file
    assert moved.patient_id == LUIS
    assert moved.duplicate_of is not None


def test_who_trashed_it_is_noted() -> None:
    gone, (event,) = trash(document(), BY, NOON)
    assert (gone.trashed_at, gone.trashed_by) == (NOON, BY)
    assert event == DocumentTrashed(patient_id=ANA, document_id=gone.id)
    assert purged(gone) == (DocumentPurged(patient_id=PatientId(ANA), document_id=gone.id),)


def test_derivatives_are_nobody_s_change() -> None:
    one = photo(derived=Derived.PENDING)
    made = documents.derived(one, Derived.READY, 4, "aGFzaA==")
    assert (made.file.derived, made.file.recipe, made.file.placeholder) == (Derived.READY, 4, "aGFzaA==")
    assert replace(made, file=one.file) == one


def test_who_expects_another_version_is_told() -> None:
    one = document(version=3)
    documents.expect(one, None)
    documents.expect(one, 3)
    for version in (2, 4):
        with pytest.raises(StaleVersion):
            documents.expect(one, version)
