"""Settings: read once, file then environment, and wrong ones answered by a line that names the key."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from entrypoints.configuration import WrongSettings, check_servable, read_settings
from entrypoints.settings import Auth, Database, Section, Server, Settings

SECRET = "a secret that is long enough to sign with"


def settings_from(folder: Path, toml: str = "", **variables: str) -> Settings:
    file = folder / "settings.toml"
    file.write_text(toml, encoding="utf-8")
    return read_settings(file, {f"CLINIC_MEDIA_{name}": value for name, value in variables.items()})


def refusal(folder: Path, toml: str = "", **variables: str) -> str:
    with pytest.raises(WrongSettings) as refused:
        settings_from(folder, toml, **variables)
    said = str(refused.value)
    assert "\n" not in said
    return said


def test_without_file_and_environment_everything_has_a_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = read_settings(None, {})
    assert settings == Settings()
    assert settings.folder == tmp_path / "var" / "clinic-media"
    assert settings.database_url == f"sqlite:///{settings.folder}/clinic-media.db"
    assert settings.storage_url == f"file://{settings.folder}/files"


def test_the_file_beside_the_process_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "clinic-media.toml").write_text("[server]\nport = 8123\n")
    monkeypatch.chdir(tmp_path)
    assert read_settings(None, {}).server.port == 8123


def test_the_environment_names_the_file_unless_the_command_does(tmp_path: Path) -> None:
    named, said = tmp_path / "named.toml", tmp_path / "said.toml"
    named.write_text("[server]\nport = 8001\n")
    said.write_text("[server]\nport = 8002\n")
    assert read_settings(None, {"CLINIC_MEDIA_CONFIG": str(named)}).server.port == 8001
    assert read_settings(said, {"CLINIC_MEDIA_CONFIG": str(named)}).server.port == 8002


def test_the_environment_overrides_the_file_key_by_key(tmp_path: Path) -> None:
    toml = "[server]\nworkers = 2\nport = 8001\n[images]\nmax_pixels = 50e6\n"
    settings = settings_from(tmp_path, toml, SERVER__WORKERS="4", DATA_DIR="/srv/media", RETENTION__TRASH_DAYS="30")
    assert (settings.server.workers, settings.server.port, settings.images.max_pixels) == (4, 8001, 50_000_000)
    assert settings.retention.trash_days == 30
    assert settings.folder == Path("/srv/media")


@pytest.mark.parametrize("text", ["https://a.example,https://b.example", '["https://a.example", "https://b.example"]'])
def test_a_list_in_the_environment_has_commas_or_is_json(tmp_path: Path, text: str) -> None:
    settings = settings_from(tmp_path, SERVER__CORS_ORIGINS=text)
    assert settings.server.cors_origins == ("https://a.example", "https://b.example")


def test_tables_in_the_environment_are_json_or_deeper_names(tmp_path: Path) -> None:
    settings = settings_from(
        tmp_path, STORAGE__OPTIONS='{"key": "k", "anon": false}', OWNER_TYPES__XRAY_ORDER__MAX_FILES="3"
    )
    assert settings.storage.options == {"key": "k", "anon": False}
    assert settings.owner_types["xray_order"].max_files == 3


def test_an_empty_variable_says_nothing(tmp_path: Path) -> None:
    assert settings_from(tmp_path, "[auth]\nissuer = 'us'\n", AUTH__ISSUER="", DATA_DIR="").auth.issuer == "us"


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[server]\nworkers = 0", "server.workers: must be a whole number from 1 to 64"),
        ("[server]\nworkers = '2'", "server.workers: must be a whole number from 1 to 64"),
        ("[server]\nprt = 1", "server.prt: is not a setting; did you mean port?"),
        ("zebra = 1", "zebra: is not a setting; known are auth, backup, data_dir, database"),
        ("server = 1", "server: must be a table"),
        ("[database]\nurl = 'mysql://x/y'", "database.url: must be sqlite:///path, postgresql://"),
        ("[storage]\nurl = '/srv/files'", "storage.url: must be file:///folder, s3://bucket/prefix"),
        ("[events]\nbus = 'pigeon'", "events.bus: must be log"),
        ("[events]\nbus = 'nats'", "events.url must begin with nats:// or tls://"),
        ("[events]\nbus = 'kafka'\nurl = 'http://host:9092'", "events.url must begin with kafka:// or kafkas://"),
        (
            "[events]\nbus = 'webhook'\nurl = 'https://host.example'",
            "events.secret must be set where events.bus = webhook",
        ),
        ("[events]\nsecret = 'whsec_short'", "events.secret: must be whsec_ and the base64 of 24 to 64 bytes"),
        ("[events]\ntopic = 'a..b'", "events.topic: must be words of A-Z a-z 0-9"),
        ("[events]\nattempts = -1", "events.attempts: must be a whole number, 0 for no limit"),
        ("[events]\nconsume = 'host.patients'", "events.consume needs events.bus = nats or redis"),
        ("[images]\nmax_pixels = 100.5", "images.max_pixels: must be a number of pixels from 1000000"),
        ("[images]\ntimezone = 'Mars/Olympus'", "images.timezone must be a zone of the IANA database"),
        ("[retention]\ntrash_days = 0", "retention.trash_days: must be a number of days, at least 1"),
        ("[owner_types]\nvisit = 1", "owner_types.visit: must be a table"),
        ("owner_types = 1", "owner_types: must be a table"),
        ("[owner_types.visit]\noperations = ['shred']", "owner_types.visit.operations: must be a list of upload"),
        ("[auth]\nalgorithms = ['none']", "auth.algorithms: must be a list of HS256"),
        (f"[auth]\nsecret = '{SECRET}'\nalgorithms = ['RS256']", "auth.algorithms must be HS… with auth.secret"),
        (f"[auth]\nsecret = '{SECRET}'\njwks_file = 'k'", "auth.secret, auth.jwks_url and auth.jwks_file exclude"),
        ("[auth]\njwks_url = 'http://issuer.example/keys'", "auth.jwks_url: must be an https:// URL"),
        ("[auth", "is not TOML"),
    ],
)
def test_what_is_wrong_in_the_file_is_named_with_what_is_allowed(tmp_path: Path, toml: str, said: str) -> None:
    assert said in refusal(tmp_path, toml)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SERVER__PORT", "http", "CLINIC_MEDIA_SERVER__PORT: must be a port from 1 to 65535"),
        ("RETENTION__PHOTOS_PURGEABLE", "perhaps", "CLINIC_MEDIA_RETENTION__PHOTOS_PURGEABLE: must be true or false"),
        ("STORAGE__URI", "s3://b", "CLINIC_MEDIA_STORAGE__URI: is not a setting; did you mean url?"),
        ("STORAGE__OPTIONS", "{key", "CLINIC_MEDIA_STORAGE__OPTIONS: must be a table"),
        ("STORAGE_URL", "s3://b", "CLINIC_MEDIA_STORAGE_URL: is not a setting; did you mean CLINIC_MEDIA_STORAGE__URL"),
    ],
)
def test_what_is_wrong_in_the_environment_is_named_by_its_variable(
    tmp_path: Path, name: str, value: str, said: str
) -> None:
    assert said in refusal(tmp_path, **{name: value})


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(WrongSettings, match=r"away\.toml: cannot be read"):
        read_settings(tmp_path / "away.toml", {})


def test_a_refusal_never_quotes_a_secret(tmp_path: Path) -> None:
    assert "short" not in refusal(tmp_path, "[auth]\nsecret = 'short'")
    assert "short" not in refusal(tmp_path, AUTH__SECRET="short")


def test_the_repr_shows_no_secret_and_no_password() -> None:
    settings = Settings(
        auth=Auth(secret=SECRET), database=Database(url="postgresql://media:tiger@db/media"), server=Server(port=81)
    )
    options = msgspec.convert({"storage": {"options": {"secret": "panther"}}}, Settings)
    shown = repr(settings) + repr(options)
    assert all(word not in shown for word in (SECRET, "tiger", "panther"))
    assert "media" in shown
    assert "port=81" in shown


@pytest.mark.parametrize("section", Section.__subclasses__(), ids=lambda section: section.__name__)
def test_every_default_is_a_value_that_its_own_key_allows(section: type[Section]) -> None:
    known: Any = {field.name: getattr(section(), field.name) for field in msgspec.structs.fields(section)}
    assert msgspec.convert(msgspec.to_builtins(known), section) == section()


def test_nothing_is_served_until_somebody_can_sign_in() -> None:
    with pytest.raises(WrongSettings, match=r"CLINIC_MEDIA_AUTH__SECRET"):
        check_servable(Settings())
    with pytest.raises(WrongSettings, match=r"links\.secret: must be set"):
        check_servable(Settings(auth=Auth(jwks_file="keys.json")))
    check_servable(Settings(auth=Auth(secret=SECRET)))
