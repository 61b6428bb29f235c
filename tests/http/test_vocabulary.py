"""The words of an installation, in the reader's language."""

import pytest

from tests.http.service import Clinic, data_of, problem_of

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("accepted", "language", "label"),
    [
        ("es-ES,es;q=0.9,en;q=0.8", "es", "Radiografías"),
        ("en", "en", "X-rays"),
        ("en-GB;q=0.3, es;q=0.2", "en", "X-rays"),
        ("fr, en;q=0.1", "en", "X-rays"),
        ("fr", "es", "Radiografías"),
        ("", "es", "Radiografías"),
        ("en;q=nonsense;;,", "en", "X-rays"),
        ("en;q=0, es;q=0.1", "es", "Radiografías"),
    ],
)
async def test_the_taxonomy_is_told_in_the_language_wanted(
    clinic: Clinic, accepted: str, language: str, label: str
) -> None:
    answer = await clinic.dentist.get("/media/taxonomy", headers={"Accept-Language": accepted})
    taxonomy = data_of(answer)
    assert answer.headers["content-language"] == language
    xray = next(category for category in taxonomy["categories"] if category["key"] == "xray")
    assert xray["label"] == label
    assert xray["labels"] == {"es": "Radiografías", "en": "X-rays"}
    assert {key: value for key, value in xray["subtypes"][2].items() if key != "label"} == {
        "key": "bitewing",
        "labels": {"es": "Aleta", "en": "Bitewing"},
    }
    assert "photo" in taxonomy["media_kinds"]
    assert "consent" in taxonomy["document_types"]


async def test_record_types_come_with_their_rules(clinic: Clinic) -> None:
    types = data_of(await clinic.dentist.get("/media/owner-types", headers={"Accept-Language": "en"}))
    visit = next(kind for kind in types if kind["name"] == "visit")
    assert (visit["label"], visit["max_bytes"], visit["max_files"]) == ("Visit", 15 * 2**20, 8)
    assert "encounter" in visit["aliases"]
    assert visit["accepted"] == ["pdf", "doc", "docx", "jpg", "jpeg", "png", "txt"]
    assert "summary" in visit["categories"]


async def test_the_vocabulary_needs_a_token(clinic: Clinic) -> None:
    problem_of(await clinic.service.client.get("/api/v1/media/taxonomy"), 401, "unauthenticated")
    assert (await clinic.account().get("/media/taxonomy")).status_code == 200
