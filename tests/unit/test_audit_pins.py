"""Asking a package index for known vulnerabilities."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.proof.audit_pins import main, pins
from tests.services.listening import listening

HOLE = {"id": "PYSEC-1", "aliases": ["CVE-1"], "fixed_in": ["1.1"], "summary": "A hole", "withdrawn": None}
TOLD = {
    "/pypi/holed/1.0/json": {"vulnerabilities": [HOLE]},
    "/pypi/mended/1.1/json": {"vulnerabilities": [HOLE | {"withdrawn": "2026-01-01"}]},
    "/pypi/whole/2.0/json": {"vulnerabilities": []},
    "/pypi/old/1/json": {},
}


class Index(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        told = TOLD.get(self.path)
        self.send_response(200 if told is not None else 404)
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def log_message(self, *_: object) -> None:
        """Nobody wants to read it."""


@pytest.fixture(scope="module")
def index() -> Iterator[str]:
    with listening(ThreadingHTTPServer(("127.0.0.1", 0), Index)) as url:
        yield url


@pytest.mark.parametrize(
    ("pinned", "status", "said"),
    [
        ([("whole", "2.0"), ("mended", "1.1")], 0, "2 pinned packages, 0 known vulnerabilities"),
        ([("whole", "2.0"), ("holed", "1.0")], 1, "holed 1.0: PYSEC-1, CVE-1; mended in 1.1. A hole"),
        ([("nowhere", "1.0")], 3, "cannot be had"),
        ([("old", "1")], 3, "cannot be had"),
    ],
)
def test_an_index_is_asked_and_its_silence_is_told(
    index: str, capsys: pytest.CaptureFixture[str], pinned: list[tuple[str, str]], status: int, said: str
) -> None:
    assert main(index, pinned) == status
    printed = capsys.readouterr()
    assert said in printed.out + printed.err


def test_everything_that_is_pinned_is_asked_for_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One==1.0 \\\n    --hash=sha256:0\ntwo==2.0.post1 ; python_version < '4' \\\n")
    (tmp_path / "b.txt").write_text("# a comment\nOne==1.0 \\\n")
    assert pins(tmp_path) == [("One", "1.0"), ("two", "2.0.post1")]
    assert len(pins()) > 80
