"""Names of files, from whatever clients send to whatever clients read."""

import json
import re
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, unquote
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import wording
from entrypoints.http.filenames import attachment_header, disposition_of
from tests.http.service import Clinic

pytestmark = pytest.mark.anyio

SENT = {
    # what it is: the header's bytes, the name that is meant
    "plain": (b'filename="a.jpg"', "a.jpg"),
    "a bare word": (b"filename=a.jpg", "a.jpg"),
    "UTF-8": ('filename="año.jpg"'.encode(), "año.jpg"),
    "latin-1": ('filename="año.jpg"'.encode("latin-1"), "año.jpg"),
    "cp1252": ('filename="a–b.jpg"'.encode("cp1252"), "a–b.jpg"),
    "RFC 8187": (b"filename*=UTF-8''a%C3%B1o.jpg", "año.jpg"),
    "RFC 8187, latin-1": (b"filename*=iso-8859-1'es'a%F1o.jpg", "año.jpg"),
    "both": (b"filename=\"ano.jpg\"; filename*=utf-8''a%C3%B1o.jpg", "año.jpg"),
    "both, the other way round": (b"filename*=utf-8''a%C3%B1o.jpg; filename=\"ano.jpg\"", "año.jpg"),
    "RFC 8187, broken": (b"filename=\"ano.jpg\"; filename*=utf-8''%FF.jpg", "ano.jpg"),
    "RFC 8187, unknown charset": (b"filename=\"ano.jpg\"; filename*=klingon''x.jpg", "ano.jpg"),
    "RFC 2047": (b'filename="=?UTF-8?B?YcOxby5qcGc=?="', "año.jpg"),
    "RFC 2047, quoted": (b'filename="=?iso-8859-1?Q?a=F1o.jpg?="', "año.jpg"),
    "RFC 2047, broken": (b'filename="=?UTF-8?B?@@@?="', "=?UTF-8?B?@@@?="),
    "percent-encoded": (b'filename="a%C3%B1o.jpg"', "año.jpg"),
    "a percent sign": (b'filename="100%25.jpg"', "100%25.jpg"),
    "a browser's quotes": (b'filename="a%22b.jpg"', 'a"b.jpg'),
    "escaped quotes": (rb'filename="a\"b.jpg"', 'a"b.jpg'),
    "a backslash": (rb'filename="C:\fotos\a.jpg"', r"C:\fotos\a.jpg"),
    "a semicolon": (b'filename="a;b.jpg"', "a;b.jpg"),
    "twice": (b'filename="a.jpg"; filename="b.jpg"', "a.jpg"),
    "nothing": (b'filename=""', ""),
}


@pytest.mark.parametrize(("header", "name"), SENT.values(), ids=SENT)
def test_a_name_is_read_as_it_was_meant(header: bytes, name: str) -> None:
    read = disposition_of((b'form-data; name="file"; ' + header).decode("latin-1"))
    assert (read.name, read.filename) == ("file", name)


def test_a_part_without_a_name_for_a_file_is_none() -> None:
    assert disposition_of('form-data; name="title"').filename is None
    assert disposition_of("").name == ""


@given(st.text())
def test_any_header_can_be_read(header: str) -> None:
    disposition_of(header.encode(errors="replace").decode("latin-1"))


@given(st.text())
def test_any_name_can_be_written_and_is_read_again(name: str) -> None:
    kept = wording.clean_filename(name)
    header = attachment_header(kept, inline=False)
    assert re.fullmatch(r"[\x20-\x7e]+", header)
    assert header.count('"') == 2
    _, _, extended = header.partition("filename*=UTF-8''")
    assert (unquote(extended) if extended else header[22:-1]) == kept


UNSAFE = re.compile(r"[\x00-\x1f\x7f\\:*?\"<>|\u202a-\u202e\u2066-\u2069]|^/|(^|/)\.\.(/|$)")
"""What no name in an archive may have: it would lead elsewhere, or show as another one."""
HARMFUL = re.compile(r"[\x00-\x1f\x7f/\\\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What no name may keep."""


def hostile(corpus: Path) -> list[str]:
    cases = json.loads((corpus / "names" / "filenames.shared.json").read_text(encoding="utf-8"))
    # half a sign cannot stand in that file as it is
    return [json.loads(f'"{case["name_utf16_escaped"]}"') if case["name"] is None else case["name"] for case in cases]


def test_hostile_names_are_read_however_they_are_written(corpus: Path) -> None:
    for name in hostile(corpus):
        sent = name.encode("utf-8", "surrogatepass")
        escaped = re.sub(rb'(["\\])', rb"\\\1", sent).decode("latin-1")
        exact = f"filename*=UTF-8''{quote(sent, safe='')}"
        half = HALF.search(name)
        assert half or disposition_of(f'form-data; name="file"; {exact}').filename == name
        for written in (f'filename="{escaped}"', f"filename={escaped}", f'filename="{sent.decode("latin-1")}"', exact):
            kept = wording.clean_filename(disposition_of(f'form-data; name="file"; {written}').filename or "")
            assert HARMFUL.search(kept) is None, name
            assert re.fullmatch(r"[\x20-\x7e]+", attachment_header(kept, inline=False)), name


HALF = re.compile(r"[\ud800-\udfff]")


async def test_half_a_sign_in_a_name_is_no_fault_of_ours(clinic: Clinic, ana: str) -> None:
    words = {"document_type": b"other", "title": b"Nota"}
    form = b'--B\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    texts = b"".join(form % (name.encode(), text) for name, text in words.items())
    file = b'--B\r\nContent-Disposition: form-data; name="file"; filename="\xed\xa0\xbd.txt"\r\n\r\nx\r\n--B--\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=B"}
    path = f"/media/patients/{ana}/documents"
    answer = await clinic.dentist.ask("POST", path, content=texts + file, headers=headers)
    assert answer.status_code == 201, answer.text
    path = f"/files/{answer.json()['data']['id']}"
    assert (await clinic.dentist.get(f"{path}/download")).headers["content-disposition"].isascii()
    headers = {"Content-Type": "application/json"}
    answer = await clinic.dentist.ask(
        "PUT", f"{path}/metadata", content=rb'{"file_name": "\ud83d.txt"}', headers=headers
    )
    assert answer.status_code == 400, answer.text


async def archived(clinic: Clinic, ids: list[str]) -> list[str]:
    answer = await clinic.dentist.post("/files/zip", {"file_ids": ids})
    assert answer.status_code == 200, answer.text
    with ZipFile(BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        return archive.namelist()


async def test_the_names_that_break_things_break_nothing(clinic: Clinic, ana: str, corpus: Path) -> None:
    names = [name for name in hostile(corpus) if HALF.search(name) is None]
    assert len(names) > 300
    kept: list[str] = []
    for number, name in enumerate(names):
        content = f"text {number}".encode()
        answer = await clinic.dentist.send_document(ana, file=(f"{name}.txt", content, "text/plain"))
        assert answer.status_code in (201, 415, 422), (name, answer.text)
        if answer.status_code != 201:
            continue
        document = answer.json()["data"]
        sent = await clinic.dentist.get(f"/media/documents/{document['id']}/download")
        assert sent.content == content, name
        assert len(sent.headers.get_list("content-disposition")) == 1
        assert sent.headers["content-disposition"] == attachment_header(document["original_filename"], inline=False)
        kept.append(document["id"])
    for at in range(0, len(kept), 200):
        assert [name for name in await archived(clinic, kept[at : at + 200]) if UNSAFE.search(name)] == []
    keys = [entry.key async for entry in clinic.service.container.blobs().entries()]
    of_ids = re.compile(r"[\w.:-]+/[\w.:-]+/\d{4}-\d\d/[0-9a-f-]{36}/(original|thumb|medium)")
    assert len(keys) > 300
    assert [key for key in keys if not of_ids.fullmatch(key)] == []
