"""Who really asks, where proxies are in front: told by those that are trusted, and made up by nobody."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from entrypoints.http.proxies import Proxies, parsed
from entrypoints.settings import Limits, Server
from tests.http.service import MAX_UPLOAD, Clinic, Person, data_of, problem_of, serving, settings_for

pytestmark = pytest.mark.anyio

SEEN_BY_US = "192.0.2.1"
"""The address that every connection of these tests comes from."""


@asynccontextmanager
async def behind(folder: Path, *trusted: str, header: Any = "x-forwarded-for", **more: Any) -> AsyncIterator[Clinic]:
    server = Server(max_upload_bytes=MAX_UPLOAD, trusted_proxies=trusted, proxy_header=header)
    async with serving(settings_for(folder, server=server, **more)) as service:
        yield Clinic(service, "c")


async def address_in_the_audit_log(clinic: Clinic, headers: dict[str, str]) -> str:
    person = Person(clinic.service, clinic.dentist.bearer, headers=headers)
    await person.get("/directory/patients")
    address: str = data_of(await clinic.admin.get("/audit", params={"user_id": "u-dentist"}))[0]["address"]
    return address


async def test_a_header_of_whoever_comes_is_not_believed(tmp_path: Path) -> None:
    made_up = {"X-Forwarded-For": "198.51.100.7", "Forwarded": "for=198.51.100.7", "X-Real-IP": "198.51.100.7"}
    async with behind(tmp_path / "none") as clinic:
        assert await address_in_the_audit_log(clinic, made_up) == SEEN_BY_US
    async with behind(tmp_path / "others", "10.0.0.0/8", "2001:db8::/32") as clinic:
        assert await address_in_the_audit_log(clinic, made_up) == SEEN_BY_US


@pytest.mark.parametrize(
    ("told", "real"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("198.51.100.7, 203.0.113.9", "203.0.113.9"),  # the first was made up by the second
        ("198.51.100.7, 203.0.113.9, 10.1.2.3", "203.0.113.9"),  # two proxies of ours
        ("10.9.9.9, 203.0.113.9", "203.0.113.9"),  # pretends to be a proxy of ours
        ("10.9.9.9, 10.1.2.3", "10.9.9.9"),  # inside the house
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("2001:db8::7", "2001:db8::7"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, unknown", SEEN_BY_US),  # nobody can tell
        ("203.0.113.9, <script>", SEEN_BY_US),
        ("", SEEN_BY_US),
        (", ,", SEEN_BY_US),
        (", ".join(["10.1.1.1"] * 5000), "10.1.1.1"),
    ],
)
async def test_a_trusted_proxy_tells_whom_it_saw(told: str, real: str) -> None:
    assert _corrected("x-forwarded-for", (b"x-forwarded-for", told.encode())) == (real, "http")


@pytest.mark.parametrize(
    ("told", "real", "scheme"),
    [
        ("for=203.0.113.9;proto=https;by=192.0.2.1", "203.0.113.9", "https"),
        ('For="[2001:db8::7]:4711"; Proto=HTTPS', "2001:db8::7", "https"),
        ("for=198.51.100.7;proto=https, for=203.0.113.9;proto=http", "203.0.113.9", "http"),
        ("for=198.51.100.7, for=203.0.113.9, for=10.1.2.3", "203.0.113.9", "http"),
        ("for=_hidden", SEEN_BY_US, "http"),
        ("for=unknown;proto=gopher", SEEN_BY_US, "http"),
        ('for="203.0.113.9', SEEN_BY_US, "http"),
        ("before=203.0.113.9", SEEN_BY_US, "http"),
    ],
)
async def test_the_header_of_rfc_7239_is_read_where_the_proxies_write_that(told: str, real: str, scheme: str) -> None:
    beside = b"x-forwarded-for", b"198.51.100.99"  # let through from the client
    assert _corrected("forwarded", (b"forwarded", told.encode()), beside) == (real, scheme)


async def test_several_headers_are_one_list() -> None:
    given = [(b"x-forwarded-for", each) for each in (b"198.51.100.7", b"203.0.113.9", b"10.1.2.3")]
    assert _corrected("x-forwarded-for", *given, (b"forwarded", b"for=198.51.100.99")) == ("203.0.113.9", "http")


def _corrected(header: Any, *headers: tuple[bytes, bytes]) -> tuple[str, str]:
    scope: Any = {"type": "http", "client": (SEEN_BY_US, 5000), "scheme": "http", "headers": list(headers)}
    Proxies(("192.0.2.1", "10.0.0.0/8"), header).correct(scope)
    return scope["client"][0], scope["scheme"]


@pytest.mark.parametrize("text", ["", "x", "1.2.3", "1.2.3.4.5", "1.2.3.4:5:6", "fe80::1%25eth0\n", "٣.1.1.1"])
def test_what_is_no_address_is_none(text: str) -> None:
    assert parsed(text) is None


async def test_audit_log_and_limits_go_by_who_really_asks(tmp_path: Path) -> None:
    limits = Limits(strangers=1, requests=0)
    async with behind(tmp_path, SEEN_BY_US, limits=limits) as clinic:
        assert await address_in_the_audit_log(clinic, {"X-Forwarded-For": "6.6.6.6, 203.0.113.9"}) == "203.0.113.9"
        client, path = clinic.service.client, "/api/v1/media/taxonomy"
        for other in range(3):  # each from an address of its own
            headers = {"X-Forwarded-For": f"203.0.113.{other}"}
            assert (await client.get(path, headers=headers)).status_code == 401
        for made_up in range(3):  # one, which makes up new ones
            headers = {"X-Forwarded-For": f"198.51.100.{made_up}, 203.0.113.0"}
            problem_of(await client.get(path, headers=headers), 429, "too_many_requests")


async def test_the_session_s_cookie_is_secure_where_the_proxy_was_reached_by_https(tmp_path: Path) -> None:
    async with behind(tmp_path, SEEN_BY_US) as clinic:
        for scheme, secure in (("https", True), ("http", False), ("https, http", False)):
            headers = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": scheme}
            begun = await clinic.service.client.post(
                "/api/v1/session", json={"token": clinic.dentist.token}, headers=headers
            )
            assert ("; Secure" in begun.headers["set-cookie"]) is secure
