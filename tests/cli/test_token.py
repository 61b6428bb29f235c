"""clinic-media token."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from domain.access import Access, Permission, Role
from domain.errors import Unauthenticated
from entrypoints.cli import main
from entrypoints.http.keys import keys_of
from entrypoints.http.tokens import Identity, Tokens
from entrypoints.settings import Auth, Claims
from tests.cli.running import SECRET

pytestmark = pytest.mark.anyio

ANA = ("token", "--clinic", "north", "--user", "u-7")


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    file = tmp_path / "clinic-media.toml"
    file.write_text(f'[auth]\nsecret = "{SECRET}"\nissuer = "us"\naudience = "media"\n[auth.claims]\nclinic = "cid"\n')
    return file


def called(settings_file: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--config", str(settings_file)])


async def identity(token: str, *, later: timedelta = timedelta()) -> Identity:
    auth = Auth(secret=SECRET, issuer="us", audience="media", claims=Claims(clinic="cid"))
    return await Tokens(auth, keys_of(auth), lambda: datetime.now(UTC) + later).identity(token)


async def test_the_printed_token_is_taken_and_says_what_it_was_made_for(settings_file: Path) -> None:
    options = ("--role", "dentist", "--role", "admin", "--name", "Ana Ruiz", "--permission", "trash.purge")
    result = called(settings_file, *ANA, *options)
    assert result.exit_code == 0
    known = await identity(result.stdout.strip())
    assert (known.clinic_id, known.user_id, known.name) == ("north", "u-7", "Ana Ruiz")
    assert known.roles == {Role.DENTIST, Role.ADMIN}
    assert known.permissions == {Permission.TRASH_PURGE}


async def test_an_account_is_given_its_patients(settings_file: Path) -> None:
    result = called(settings_file, *ANA, "--role", "account", "--patient", "p-1=edit", "--patient", "p-2=view")
    known = await identity(result.stdout.strip())
    assert known.grants == {"p-1": Access.EDIT, "p-2": Access.VIEW}


async def test_it_works_for_as_long_as_was_asked(settings_file: Path) -> None:
    result = called(settings_file, *ANA, "--role", "dentist", "--ttl", "2h", "--json")
    answer = json.loads(result.stdout)
    await identity(answer["token"], later=timedelta(minutes=119))
    with pytest.raises(Unauthenticated, match="expired"):
        await identity(answer["token"], later=timedelta(minutes=121))
    assert datetime.fromisoformat(answer["expires_at"]) - datetime.now(UTC) > timedelta(minutes=119)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--user", "u"), "Missing option '--clinic'"),
        (("--clinic", "no/rth", "--user", "u"), "must be 1 to 64 characters"),
        (("--clinic", "c", "--user", "u", "--role", "king"), "is not one of 'admin', 'dentist'"),
        (("--clinic", "c", "--user", "u", "--permission", "fly"), "is not one of 'media.documents.read'"),
        (("--clinic", "c", "--user", "u", "--patient", "p-1"), "is not PATIENT=view, PATIENT=edit or PATIENT=full"),
        (("--clinic", "c", "--user", "u", "--patient", "p-1=all"), "is not PATIENT=view, PATIENT=edit or"),
        (("--clinic", "c", "--user", "u", "--ttl", "soon"), "'soon' is no duration such as 90s, 15m, 1h or 30d"),
        (("--clinic", "c", "--user", "u", "--ttl", "0h"), "'0h' is no duration"),
    ],
)
def test_wrong_use_is_told_and_exits_2(settings_file: Path, options: tuple[str, ...], said: str) -> None:
    result = called(settings_file, "token", *options)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


def test_without_a_secret_there_is_nothing_to_sign_with(tmp_path: Path) -> None:
    file = tmp_path / "clinic-media.toml"
    file.write_text('[auth]\njwks_file = "keys.json"\n')
    result = called(file, *ANA)
    assert result.exit_code == 3
    assert "auth.secret: tokens can only be signed here with a secret" in result.stderr
