"""What all commands have in common, and those that answer and end."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from entrypoints.cli import main
from tests.cli.running import free_port, invoke

COMMANDS = sorted(main.commands)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_says_what_a_command_is_for_with_examples(command: str) -> None:
    context = main.make_context("clinic-media", [command], resilient_parsing=True)
    said = main.commands[command].get_help(context)
    assert f"clinic-media {command}" in said.partition("Examples:")[2]
    assert (main.commands[command].help or "").strip()


def test_help_is_given_without_reading_any_settings(tmp_path: Path) -> None:
    ended = invoke(tmp_path, "--help", AUTH__SECRET="too short")
    assert ended.exit_code == 0
    assert all(f"  {command}" in ended.stdout for command in COMMANDS)


def test_wrong_settings_are_one_line_and_exit_3(tmp_path: Path) -> None:
    ended = invoke(tmp_path, "migrate", AUTH__SECRET="too short")
    assert ended.exit_code == 3
    assert ended.stderr == ("Error: settings: CLINIC_MEDIA_AUTH__SECRET: must be a secret of at least 32 characters\n")


def test_a_settings_file_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    ended = invoke(tmp_path, "verify", "--config", "away.toml")
    assert ended.exit_code == 2
    assert "away.toml" in ended.stderr


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ended = invoke(tmp_path, "migrate", DATA_DIR=str(tmp_path / "file" / "data"))
    assert ended.exit_code == 3
    assert "Not a directory" in ended.stderr
    assert isinstance(ended.exception, SystemExit)


def test_migrate_makes_the_database_and_says_so_once(tmp_path: Path) -> None:
    behind = invoke(tmp_path, "migrate", "--check")
    assert behind.exit_code == 1
    assert "The database is at nothing, this version needs" in behind.stdout
    assert not (tmp_path / "data").exists(), "looking changes nothing"
    first = json.loads(invoke(tmp_path, "migrate", "--json").stdout)
    assert first["before"] is None
    assert first["now"] == first["wanted"]
    again = invoke(tmp_path, "migrate")
    assert again.stdout == f"The database is at {first['wanted']} already\n"
    assert invoke(tmp_path, "migrate", "--check").exit_code == 0
    with closing(sqlite3.connect(tmp_path / "data" / "clinic-media.db")) as database:
        assert database.execute("SELECT count(*) FROM documents").fetchone() == (0,)


@pytest.mark.parametrize("command", ["migrate", "serve"])
def test_a_database_of_a_newer_version_is_told_and_left_alone(tmp_path: Path, command: str) -> None:
    assert invoke(tmp_path, "migrate").exit_code == 0
    with closing(sqlite3.connect(tmp_path / "data" / "clinic-media.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    ended = invoke(tmp_path, command, SERVER__PORT=str(free_port()))
    assert ended.exit_code == 3
    assert "The database is at 9999, newer than this version, which works with" in ended.stderr


def test_migrate_has_nothing_to_do_in_memory(tmp_path: Path) -> None:
    ended = invoke(tmp_path, "migrate", DATABASE__URL="memory://")
    assert ended.exit_code == 3
    assert "no tables to migrate" in ended.stderr


def test_a_database_that_is_away_is_told_without_its_password(tmp_path: Path) -> None:
    ended = invoke(tmp_path, "migrate", DATABASE__URL="postgresql://media:tiger@127.0.0.1:1/media")
    assert ended.exit_code == 3
    assert "away" in ended.stderr
    assert "tiger" not in ended.stderr


def test_openapi_needs_no_settings_and_writes_the_document(tmp_path: Path) -> None:
    ended = invoke(tmp_path, "openapi", "--output", str(tmp_path / "openapi.json"), AUTH__SECRET="")
    assert ended.exit_code == 0, ended.stderr
    document = json.loads((tmp_path / "openapi.json").read_text())
    assert document["openapi"].startswith("3.1")
    assert "/api/v1/media/patients/{patient_id}/photos" in document["paths"]
    assert not (tmp_path / "data").exists()
