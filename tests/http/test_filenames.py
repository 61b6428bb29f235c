"""Names of files, from whatever clients send to whatever clients read."""

import json
import re
from pathlib import Path
from urllib.parse import unquote

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


async def test_the_names_that_break_things_break_nothing(clinic: Clinic, ana: str, corpus: Path) -> None:
    names = json.loads((corpus / "names" / "filenames.shared.json").read_text(encoding="utf-8"))
    assert len(names) > 300
    for number, case in enumerate(names):
        content = f"text {number}".encode()
        file = (f"{case['name']}.txt", content, "text/plain")
        answer = await clinic.dentist.send_document(ana, file=file)
        assert answer.status_code in (201, 415, 422), (case["id"], answer.text)
        if answer.status_code != 201:
            continue
        document = answer.json()["data"]
        sent = await clinic.dentist.get(f"/media/documents/{document['id']}/download")
        assert sent.content == content, case["id"]
        assert len(sent.headers.get_list("content-disposition")) == 1
        assert sent.headers["content-disposition"] == attachment_header(document["original_filename"], inline=False)
    folder = clinic.service.settings.folder / "files" / "blobs"
    keys = [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]
    of_ids = re.compile(r"[\w.:-]+/[\w.:-]+/\d{4}-\d\d/[0-9a-f-]{36}/(original|thumb|medium)")
    assert len(keys) > 300
    assert [key for key in keys if not of_ids.fullmatch(key)] == []
