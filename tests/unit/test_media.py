"""The media vocabulary: what goes with what, and which dates can be believed."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Malformed, RuleViolated
from domain.media import (
    XRAY,
    Capture,
    CaptureSource,
    Classification,
    MediaKind,
    Taxonomy,
    capture,
    plausible_capture,
)
from tests import strategies
from tests.samples import DAY, NOON

TAXONOMY = Taxonomy()
CATEGORIES = [category.key for category in TAXONOMY.categories]
SUBTYPES = {term.key: category.key for category in TAXONOMY.categories for term in category.subtypes}
PICTURES = (MediaKind.PHOTO, MediaKind.XRAY)

kinds = st.sampled_from(MediaKind)
categories = st.sampled_from([None, *CATEGORIES, "no-such-category"])
subtypes = st.sampled_from([None, *SUBTYPES, "no-such-subtype"])


@given(kinds, categories, subtypes)
def test_words_are_accepted_exactly_when_they_go_together(
    kind: MediaKind, category: str | None, subtype: str | None
) -> None:
    filed = category or (XRAY if kind is MediaKind.XRAY else None)
    goes = (
        filed in CATEGORIES
        and (filed == XRAY) == (kind is MediaKind.XRAY)
        and (not subtype or SUBTYPES.get(subtype) == filed)
        if kind in PICTURES
        else category is None and subtype is None
    )
    if goes:
        accepted = TAXONOMY.classify(kind, category, subtype)
        assert accepted == Classification(kind=kind, category=filed if kind in PICTURES else None, subtype=subtype)
        assert TAXONOMY.classify(kind, accepted.category, accepted.subtype) == accepted
    else:
        with pytest.raises((Malformed, RuleViolated)):
            TAXONOMY.classify(kind, category, subtype)


@pytest.mark.parametrize(
    ("kind", "category", "subtype", "error", "field"),
    [
        (MediaKind.PHOTO, "no-such", None, Malformed, "media_category"),
        (MediaKind.PHOTO, "intraoral", "no-such", Malformed, "media_subtype"),
        (MediaKind.PHOTO, "intraoral", "smile", RuleViolated, "media_subtype"),
        (MediaKind.PHOTO, "xray", "panoramic", RuleViolated, "media_category"),
        (MediaKind.XRAY, "intraoral", None, RuleViolated, "media_category"),
        (MediaKind.PHOTO, None, None, RuleViolated, "media_category"),
        (MediaKind.SCAN, "xray", None, RuleViolated, "media_category"),
        (MediaKind.DOCUMENT, None, "smile", RuleViolated, "media_category"),
    ],
)
def test_a_word_outside_the_vocabulary_is_malformed_and_a_wrong_combination_breaks_a_rule(
    kind: MediaKind, category: str | None, subtype: str | None, error: type[Malformed | RuleViolated], field: str
) -> None:
    with pytest.raises(error) as refused:
        TAXONOMY.classify(kind, category, subtype)
    assert refused.value.field == field


def test_the_vocabulary_has_the_words_that_clients_know() -> None:
    assert CATEGORIES == ["intraoral", "extraoral", "xray", "clinical", "other"]
    assert len(SUBTYPES) == sum(len(category.subtypes) for category in TAXONOMY.categories) == 28
    for category in TAXONOMY.categories:
        for term in (category.term, *category.subtypes):
            assert term.label("es")
            assert term.label("en")
            assert term.label("fr") == term.label("en")


def test_a_clinic_adds_subtypes_of_its_own() -> None:
    extended = TAXONOMY.with_subtypes({"intraoral": {"retractor": {"es": "Con retractor"}}})
    added = extended.category("intraoral").subtypes[-1]
    assert (added.key, added.label("es"), added.label("en")) == ("retractor", "Con retractor", "retractor")
    assert extended.classify(MediaKind.PHOTO, "intraoral", "retractor").subtype == "retractor"
    assert extended.category("xray") == TAXONOMY.category("xray")
    with pytest.raises(RuleViolated):
        extended.classify(MediaKind.PHOTO, "extraoral", "retractor")
    with pytest.raises(Malformed):
        TAXONOMY.classify(MediaKind.PHOTO, "intraoral", "retractor")
    with pytest.raises(Malformed):
        TAXONOMY.with_subtypes({"no-such": {}})


# --- capture dates --------------------------------------------------------------------------------------------------

zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
anywhere = st.datetimes(timezones=zones)


@given(anywhere, strategies.instants)
def test_a_capture_date_is_believed_from_1970_to_tomorrow_and_kept_in_utc(at: datetime, now: datetime) -> None:
    believed = plausible_capture(at, now)
    assert (believed is not None) == (at.year >= 1970 and at <= now + DAY)
    if believed is not None:
        assert believed == at
        assert believed.tzinfo is UTC


def test_no_date_is_no_capture_date() -> None:
    assert plausible_capture(None, NOON) is None
    assert capture(None, None) == Capture(None, CaptureSource.NONE)


def test_what_a_person_says_goes_before_what_the_file_says() -> None:
    assert capture(NOON, NOON - DAY) == Capture(NOON, CaptureSource.USER)
    assert capture(None, NOON - DAY) == Capture(NOON - DAY, CaptureSource.EXIF)
