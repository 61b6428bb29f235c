"""Canaries of personal data, and where they are heard; see canaries."""

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

from tests.made_files import dicom, exif, quadrants, saved
from tests.proof.walk import Words

BIRD = "zqxcanary"
_numbers = count(1)


def sung(text: bytes) -> list[str]:
    """The canaries in `text`, in the clear or in Base64."""
    found = [match.group().decode("latin-1") for match in _SONG.finditer(text)]
    return [*found, *(f"Base64 of {BIRD}" for each in _HIDDEN if each in text)]


_SONG = re.compile(rb"(?i)zqxcanary[^\"'&<>\\]{0,40}")
_HIDDEN = [b64encode(b" " * shift + BIRD.encode())[4 if shift else 0 : -4] for shift in range(3)]


def say(place: str) -> str:
    return f"{BIRD} {place}"


def photo() -> bytes:
    """Its EXIF says who and where."""
    told = exif(original="2024:05:01 10:00:00", x9286=b"ASCII\0\0\0" + say("comment").encode(), xA430=say("owner"))
    told[0x013B], told[0x010E] = say("artist"), say("description")
    told.get_ifd(0x8825).update({1: "N", 2: (43.0, 15.0, 47.1), 0x1B: say("gps").encode()})
    return saved(quadrants(), "JPEG", exif=told, comment=f"{say('jpeg comment')} {next(_numbers)}".encode())


def xray() -> bytes:
    names = ("PatientName", "PatientID", "InstitutionName", "ReferringPhysicianName", "PatientComments")
    told: dict[str, Any] = {name: f"{BIRD}^{name}" for name in names}
    return dicom(**told)


WORDS = Words(say, photo, xray, lambda: b"%s %d" % (say("text").encode(), next(_numbers)))


@dataclass(slots=True)
class Heard:
    """Where what was looked through, and which canaries sang there."""

    looked: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    requests: int = 0
    statuses: Counter[int] = field(default_factory=Counter)

    def look(self, where: str, text: bytes, what: str = "") -> None:
        self.looked[where] += len(text)
        self.wrong += [f"{where} {what}: {song}" for song in dict.fromkeys(sung(text))]

    def answer(self, answer: httpx.Response, *, to_others: bool) -> None:
        what = f"{answer.request.method} {answer.request.url.path[:80]} {answer.status_code}"
        self.requests += 1
        self.statuses[answer.status_code] += 1
        for name, value in answer.headers.items():
            if to_others or name not in _THEIR_OWN:
                self.look("headers", f"{name}: {value}".encode(), what)
        if to_others:
            self.look("answers to others", answer.content, what)
        elif answer.content and answer.headers.get("content-type", "").startswith("application/json"):
            self.look("addresses", "\n".join(_addresses(answer.json())).encode(), what)


_THEIR_OWN = {"content-disposition", "set-cookie", "upload-metadata"}
"""Whoever may have a file is told its name, whoever signs in gets their token, whoever uploads what they said of it."""


def _addresses(told: Any) -> Iterator[str]:
    if isinstance(told, dict):
        for name, value in told.items():
            if name.endswith("_url") and isinstance(value, str):
                yield value
            else:
                yield from _addresses(value)
    elif isinstance(told, list):
        for each in told:
            yield from _addresses(each)
