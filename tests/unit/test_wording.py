"""What people write is cleaned once and for all, and found again however it is asked for."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain import wording
from domain.errors import RuleViolated
from tests.strategies import written

STEERING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\ufeff\u061c"


@given(written)
@example("e\u200e\u0301")
@example("\u2028a\u2029")
def test_cleaning_again_changes_nothing(text: str) -> None:
    assert wording.clean(wording.clean(text)) == wording.clean(text)


@given(written)
def test_clean_text_is_composed_and_holds_no_sign_that_steers_a_terminal_or_the_direction_of_reading(text: str) -> None:
    cleaned = wording.clean(text)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(unicodedata.category(sign) == "Cc" or sign in STEERING for sign in cleaned)


def test_letters_of_every_script_are_kept() -> None:
    for text in ("Núñez", "日本語", "עברית", "العربية", "🦷 muela", "a\u0301"):
        assert wording.clean(text) == unicodedata.normalize("NFC", text)


# --- names of files -------------------------------------------------------------------------------------------------


@given(written)
@example("." * 300)
@example(". " * 200 + ".")
@example("a" * 300 + ".jpg")
@example("ñ" * 200 + ".jpg")
@example("x" * 250 + "." + "y" * 250)
@example("../../etc/passwd")
@example("C:\\fotos\\ana.jpg")
@example("e\u200e\u0301.jpg")
def test_a_file_s_name_can_stand_in_any_folder_and_header(name: str) -> None:
    cleaned = wording.clean_filename(name)
    assert 1 <= len(cleaned.encode()) <= wording.MAX_FILENAME_BYTES
    assert not set(cleaned) & set('/\\\0\r\n"') - {'"'}
    assert cleaned.strip(". ") != ""
    assert cleaned == cleaned.strip()
    assert wording.clean_filename(cleaned) == cleaned


@given(st.text("abñ日🦷", min_size=1, max_size=300), st.sampled_from(["jpg", "jpeg", "docx", "dcm", "tiff"]))
def test_a_name_that_is_too_long_keeps_its_extension(stem: str, extension: str) -> None:
    assert wording.clean_filename(f"{stem}.{extension}").endswith(f".{extension}")


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("", "file"),
        ("...", "file"),
        (" . ", "file"),
        ("\0", "file"),
        ("../../.bashrc", ".bashrc"),
        ("C:\\fotos\\sonrisa.JPG", "sonrisa.JPG"),
        ("exe\u202egpj.scr", "exegpj.scr"),
        ("a\r\nSet-Cookie: x.jpg", "aSet-Cookie: x.jpg"),
        ("Radiografi\u0301a.png", "Radiografía.png"),
    ],
)
def test_a_hostile_or_empty_name_becomes_a_plain_one(name: str, cleaned: str) -> None:
    assert wording.clean_filename(name) == cleaned


# --- titles, tags, descriptions -------------------------------------------------------------------------------------


@given(written)
@example("a .pdf")
@example("a  b.pdf")
@example("x" * 254 + " y.pdf")
@example("\u3000.pdf")
def test_the_title_made_from_a_file_s_name_is_a_title_as_it_stands(name: str) -> None:
    made = wording.title_from(wording.clean_filename(name))
    assert wording.title(made) == made


@pytest.mark.parametrize(
    ("name", "title"), [("IMG_1.JPG", "IMG_1"), ("a.tar.gz", "a.tar"), (".env", ".env"), ("x", "x")]
)
def test_the_first_title_is_the_stem_of_the_file_s_name(name: str, title: str) -> None:
    assert wording.title_from(name) == title


@given(written)
def test_a_title_is_one_line_of_1_to_255_signs_or_refused(text: str) -> None:
    try:
        title = wording.title(text)
    except RuleViolated:
        return
    assert 1 <= len(title) <= wording.MAX_TITLE
    assert "\n" not in title
    assert wording.title(title) == title


@pytest.mark.parametrize("gap", ["\n", "\t", "\r\n", "  ", "\u00a0", "\x0b", "\u2028", "\x1f"])
def test_words_stay_apart_whatever_stood_between_them(gap: str) -> None:
    assert wording.title(f"Ana{gap}García") == "Ana García"
    assert wording.tags([f"Ana{gap}García"]) == ("Ana García",)


@pytest.mark.parametrize("text", ["", " ", "\t\n", "\u200e", "x" * 256])
def test_a_title_that_says_nothing_or_too_much_is_refused(text: str) -> None:
    with pytest.raises(RuleViolated) as refused:
        wording.title(text)
    assert refused.value.field == "title"


@given(written)
def test_a_description_is_stable_or_none(text: str) -> None:
    cleaned = wording.description(text)
    assert wording.description(cleaned) == cleaned
    assert cleaned is None or cleaned == cleaned.strip()


def test_a_description_keeps_its_lines() -> None:
    assert wording.description("  Uno\r\n\tdos \n\ntres\n") == "Uno\n dos\n\ntres"
    assert wording.description(None) is None
    assert wording.description(" \n\t") is None
    with pytest.raises(RuleViolated):
        wording.description("x" * (wording.MAX_DESCRIPTION + 1))


@given(st.lists(st.text(st.sampled_from("aAbñÑ ß\u0301"), min_size=1, max_size=5), max_size=8))
def test_tags_are_kept_in_order_each_once_whatever_its_case(words: list[str]) -> None:
    try:
        tags = wording.tags(words)
    except RuleViolated:
        return
    assert wording.tags(tags) == tags
    assert len({tag.casefold() for tag in tags}) == len(tags)


def test_too_many_tags_too_long_or_empty_ones_are_refused() -> None:
    assert len(wording.tags(map(str, range(wording.MAX_TAGS)))) == wording.MAX_TAGS
    for refused in (map(str, range(wording.MAX_TAGS + 1)), ["x" * (wording.MAX_TAG + 1)], [" "]):
        with pytest.raises(RuleViolated):
            wording.tags(refused)


# --- searching ------------------------------------------------------------------------------------------------------


@given(written)
@example("™")
@example("İstanbul")
@example("ﬁ ﬂ ß ŉ ǰ")
@example("\u1d2c")
def test_folding_again_changes_nothing(text: str) -> None:
    assert wording.folded(wording.folded(text)) == wording.folded(text)


@given(written, written, written)
def test_a_text_is_found_in_whatever_it_is_part_of(before: str, text: str, after: str) -> None:
    assert wording.folded(text) in wording.folded(before, text, after)


@pytest.mark.parametrize("asked", ["RADIOGRAFIA", "radiografía", "Radiografi\u0301a", "radiograf"])
def test_case_and_accents_do_not_matter(asked: str) -> None:
    assert wording.folded(asked) in wording.folded("Una Radiografía panorámica")


def test_nothing_is_found_in_nothing() -> None:
    assert wording.folded(None, "", None) == ""
