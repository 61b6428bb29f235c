"""The bytes decide what a file is; a name or a declared type that says something else is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Unsupported
from domain.filetypes import (
    ALL_TYPES,
    BY_EXTENSION,
    BY_MIME,
    CSV,
    DICOM,
    DOC,
    DOCUMENT_TYPES,
    DOCX,
    JPEG,
    JSON,
    PDF,
    PHOTO_TYPES,
    PNG,
    SAYS_NOTHING,
    TEXT_FAMILY,
    TXT,
    XLS,
    XML,
    XRAY_TYPES,
    FileType,
    decide,
    extension_of,
)

file_types = st.sampled_from(ALL_TYPES)
names = st.builds(
    lambda stem, extension: f"{stem}.{extension}" if extension else stem,
    st.sampled_from(["foto", "a.b", "informe final", "日本"]),
    st.sampled_from([None, *BY_EXTENSION, "JPG", "exe", "html", "svg"]),
)
declarations = st.sampled_from(
    [None, *SAYS_NOTHING, *(name for kind in ALL_TYPES for name in kind.names), "text/html", "IMAGE/JPEG; q=1"]
)


def outcome(sniffed: str | None, name: str, declared: str | None, accepted: tuple[FileType, ...]) -> FileType | None:
    try:
        return decide(sniffed, filename=name, declared=declared, accepted=accepted)
    except Unsupported:
        return None


@given(st.sampled_from([None, *BY_MIME, "text/html"]), names, declarations, st.sets(file_types))
def test_what_is_accepted_agrees_with_bytes_name_and_declaration(
    sniffed: str | None, name: str, declared: str | None, accepted: set[FileType]
) -> None:
    found = outcome(sniffed, name, declared, tuple(accepted))
    if found is None:
        return
    assert found in accepted
    assert found.mime == sniffed or {found, BY_MIME[sniffed or ""]} <= set(TEXT_FAMILY)
    assert extension_of(name) in {"", *found.extensions}
    assert (declared or "").partition(";")[0].strip().lower() in SAYS_NOTHING | found.names


@given(file_types)
def test_a_type_is_accepted_under_each_of_its_extensions_and_names(kind: FileType) -> None:
    for extension in (*kind.extensions, *map(str.upper, kind.extensions)):
        for declared in (None, "", "application/octet-stream", *kind.names, f"{kind.mime}; charset=utf-8"):
            assert outcome(kind.mime, f"x.{extension}", declared, ALL_TYPES) is kind


@given(file_types, file_types)
def test_bytes_of_one_type_under_the_name_of_another_are_refused(one: FileType, another: FileType) -> None:
    if one is another or {one, another} <= set(TEXT_FAMILY):
        return
    assert outcome(one.mime, f"x.{another.extensions[0]}", None, ALL_TYPES) is None


@pytest.mark.parametrize("kind", TEXT_FAMILY)
def test_which_kind_of_text_it_is_the_extension_says(kind: FileType) -> None:
    for sniffed in TEXT_FAMILY:
        assert outcome(sniffed.mime, f"x.{kind.extensions[0]}", None, ALL_TYPES) is kind
    assert outcome(TXT.mime, "no-extension", None, ALL_TYPES) is TXT


@pytest.mark.parametrize(
    ("sniffed", "name", "declared", "accepted"),
    [
        (None, "foto.jpg", "image/jpeg", PHOTO_TYPES),
        ("image/svg+xml", "foto.svg", None, ALL_TYPES),
        ("text/html", "a.html", "text/html", ALL_TYPES),
        (PDF.mime, "informe.pdf", None, PHOTO_TYPES),
        (DICOM.mime, "corte.dcm", None, PHOTO_TYPES),
        (JPEG.mime, "foto.png", None, PHOTO_TYPES),
        (JPEG.mime, "foto.jpg", "image/png", PHOTO_TYPES),
        (JPEG.mime, "foto.jpg.exe", None, PHOTO_TYPES),
        (JPEG.mime, "foto.jpg", None, ()),
    ],
)
def test_what_is_no_accepted_type_or_contradicts_itself_is_refused(
    sniffed: str | None, name: str, declared: str | None, accepted: tuple[FileType, ...]
) -> None:
    with pytest.raises(Unsupported) as refused:
        decide(sniffed, filename=name, declared=declared, accepted=accepted)
    assert refused.value.field == "file"


def test_a_refusal_says_what_is_accepted() -> None:
    with pytest.raises(Unsupported, match=r"^PDF files are not accepted here\. Accepted: JPEG, PNG\.$"):
        decide(PDF.mime, filename="x.pdf", declared=None, accepted=(PNG, JPEG))


def test_an_extension_of_the_client_s_making_does_not_swell_the_refusal() -> None:
    with pytest.raises(Unsupported) as refused:
        decide(JPEG.mime, filename=f"x.{'y' * 5000}", declared=None, accepted=ALL_TYPES)
    assert len(refused.value.detail) < 200


@pytest.mark.parametrize(
    ("name", "extension"), [("a.JPG", "jpg"), ("a.tar.gz", "gz"), (".env", ""), ("a", ""), ("a.", ""), ("", "")]
)
def test_the_extension_is_what_follows_the_last_dot_of_a_name(name: str, extension: str) -> None:
    assert extension_of(name) == extension


def test_no_two_types_share_an_extension_or_a_mime_type() -> None:
    assert len(BY_EXTENSION) == sum(len(kind.extensions) for kind in ALL_TYPES)
    assert len(BY_MIME) == len(ALL_TYPES)


def test_nothing_that_can_run_script_is_ever_shown_inline() -> None:
    assert not any(kind.inline for kind in (XML, JSON, CSV, DOC, DOCX, XLS, DICOM))
    assert not {"text/html", "image/svg+xml"} & {name for kind in ALL_TYPES for name in kind.names}


def test_the_types_of_each_use() -> None:
    assert set(PHOTO_TYPES) < set(XRAY_TYPES) < set(DOCUMENT_TYPES) == set(ALL_TYPES)
    assert set(XRAY_TYPES) - set(PHOTO_TYPES) == {DICOM}
