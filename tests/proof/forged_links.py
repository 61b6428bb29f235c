"""Signed links that were changed, put together, or kept too long."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from urllib.parse import quote

from tests.http.service import Clinic, Json, data_of

Named = Iterator[tuple[str, str]]

_PARTS = ("variant", "disposition", "clinic", "user", "patient", "exp", "kid", "sig")


@dataclass(frozen=True, slots=True)
class Links:
    """`genuine` are links that work; `others` are documents that they are not for; `foreign` links of other people."""

    genuine: dict[str, str]
    others: dict[str, str]
    foreign: dict[str, str]


async def links(clinic: Clinic, abroad: Clinic) -> Links:
    patient, neighbour = await clinic.patient("ana"), await clinic.patient("luis")
    photo, other = await clinic.dentist.photo(patient), await clinic.dentist.photo(patient)
    theirs = await clinic.dentist.photo(neighbour)
    distant = await abroad.dentist.photo(await abroad.patient("ana"))
    gone = await clinic.dentist.photo(patient)
    assert (await clinic.dentist.delete(f"/media/documents/{gone['id']}")).status_code == 204
    data_of(await clinic.admin.put("/directory/patients/ana/grants/u-account", {"access": "view"}))
    mother: Json = data_of(await clinic.account().get(f"/media/documents/{photo['id']}"))
    return Links(
        genuine={
            **{name: photo[f"{name}_url"] for name in ("thumb", "medium", "full")},
            "account's thumb": mother["thumb_url"],
        },
        others={
            "another": other["id"],
            "another patient's": theirs["id"],
            "another clinic's": distant["id"],
            "trashed": gone["id"],
            "no": "01890000-0000-7000-8000-000000000000",
        },
        foreign={
            "another": other["thumb_url"],
            "another clinic's": distant["thumb_url"],
            "another user's": mother["thumb_url"],
        },
    )


def forged(known: Links) -> Named:
    for name, url in known.genuine.items():
        for told, other in _changed(url, known):
            if other not in known.genuine.values():
                yield f"{name}: {told}", other


def _changed(url: str, known: Links) -> Named:
    path, _, query = url.partition("?")
    words = dict(pair.split("=", 1) for pair in query.split("&"))
    document = path.split("/")[-2]
    for told, other in known.others.items():
        yield f"for {told} document", url.replace(document, other)
    yield from _put_together(path, words, known)
    yield from _other_words(path, words)
    yield from _other_signatures(path, words)
    yield from _written_otherwise(path, query, words)


def _url(path: str, words: dict[str, str]) -> str:
    return f"{path}?" + "&".join(f"{name}={words[name]}" for name in _PARTS if name in words)


def _put_together(path: str, words: dict[str, str], known: Links) -> Named:
    """Of parts of other links."""
    for told, other in known.foreign.items():
        theirs = dict(pair.split("=", 1) for pair in other.partition("?")[2].split("&"))
        for name in _PARTS:
            if theirs.get(name) != words.get(name) and name in theirs:
                yield f"with {told} {name}", _url(path, words | {name: theirs[name]})
        if theirs["sig"] != words["sig"]:
            yield f"with {told} words", _url(path, theirs | {"sig": words["sig"]})
    for variant, disposition in product(
        ("thumb", "medium", "full", "FULL", "original", ""), ("inline", "attachment", "")
    ):
        if (variant, disposition) != (words["variant"], words["disposition"]):
            yield f"as {variant} {disposition}", _url(path, words | {"variant": variant, "disposition": disposition})


def _other_words(path: str, words: dict[str, str]) -> Named:
    expires = int(words["exp"])
    values = {
        "exp": [str(expires + more) for more in (-1, 1, 60, 3600, 86_400, 10**9)]
        + ["0", "-1", "", "9" * 30, f"{expires}.0", f"{expires}e1", "inf", "nan", f"0x{expires:x}", f"{expires}0"],
        "clinic": ["other", "", ".", "..", "clinic%00", words["clinic"].upper(), "*", "%25", words["clinic"] + "%0A"],
        "user": ["u-admin", "", "u-dentist%0Aana", "*", words["user"].upper(), "u-dentis"],
        "patient": ["luis", "ana", "", "*", "luis%0A0", "nobody"],
        "kid": ["", "0", "00000000", words["kid"].upper() + "0", words["kid"][:-1]],
    }
    for name, others in values.items():
        for value in others:
            if value != words.get(name, ""):
                yield f"{name}={value}", _url(path, words | {name: value})
    for name in _PARTS:
        if name in words:
            yield f"without {name}", _url(path, {each: word for each, word in words.items() if each != name})
    for spread in ("exp=1&user=", "user=a&patient="):
        yield f"moved border {spread}", _url(path, words).replace("user=", spread, 1)


def _other_signatures(path: str, words: dict[str, str]) -> Named:
    genuine = words["sig"]
    for at in range(len(genuine)):
        for bit in (1, 8):
            digit = f"{int(genuine[at], 16) ^ bit:x}"
            yield (
                f"digit {at} of the signature ^ {bit}",
                _url(path, words | {"sig": genuine[:at] + digit + genuine[at + 1 :]}),
            )
    others = [
        "",
        "0" * 32,
        "f" * 32,
        genuine[:-1],
        genuine[:16],
        genuine + "0",
        genuine * 2,
        genuine[::-1],
        "%00" + genuine,
    ]
    others += [quote("é" * 32), genuine + "%0A", "%20" + genuine, "0x" + genuine, "null", "true"]
    for other in others:
        yield f"signature {other[:40]!r}", _url(path, words | {"sig": other})


def _written_otherwise(path: str, query: str, words: dict[str, str]) -> Named:
    """So that what is signed would not be what is read."""
    other = "full" if words["variant"] != "full" else "thumb"
    yield from {
        "variant twice": f"{path}?{query}&variant={other}",
        "variant first": f"{path}?variant={other}&{query}",
        "encoded name": f"{path}?{query}&v%61riant={other}",
        "an array": f"{path}?{query}&variant[]={other}",
        "a semicolon": f"{path}?{query};variant={other}",
        "encoded &": f"{path}?{query.replace('variant=', 'x=1%26variant=')}",
        "another name": f"{path}?{query}&x=1",
        "stripped": f"{path}?{query}&metadata=strip",
        "kept": f"{path}?{query}&metadata=keep",
        "empty pair": f"{path}?{query}&",
        "no value": f"{path}?{query}&variant",
        "clinic twice": f"{path}?{query}&clinic=other",
        "upper names": f"{path}?{re.sub('sig=', 'SIG=', query)}&sig=0",
        "only a signature": f"{path}?sig={words['sig']}",
        "nothing": f"{path}?sig=",
        "a fragment": f"{path}?%23{query}",
        "a wide letter": f"{path}?{re.sub('variant=.', 'variant=ｔ', query)}",
    }.items()


def elsewhere(known: Links) -> Iterator[tuple[str, str, str]]:
    """Name, method and URL: a link is for downloads of a document, and for nothing else."""
    for name, url in known.genuine.items():
        path, _, query = url.partition("?")
        document = path.split("/")[-2]
        base = path.partition("/media/")[0]
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            yield name, method, url
        for method, other in (
            ("GET", f"/media/documents/{document}"),
            ("DELETE", f"/media/documents/{document}"),
            ("GET", f"/media/documents/{document}/pair"),
            ("GET", f"/files/{document}/download"),
            ("GET", f"/files/{document}/view"),
            ("GET", f"/entity-files/files/{document}/download"),
            ("GET", f"/lab-result-files/{document}/download"),
            ("GET", "/media/patients/ana/photos"),
            ("GET", "/patient/ana/export.zip"),
            ("GET", "/audit"),
            ("GET", f"/uploads/{document}"),
        ):
            yield name, method, f"{base}{other}?{query}"
