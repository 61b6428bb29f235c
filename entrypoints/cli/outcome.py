"""How a command ends."""

import errno
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from domain.errors import DomainError
from entrypoints.configuration import WrongSettings

SOMETHING_WRONG = 1
"""The command did its work, and what it looked at is not as it should be."""


class CouldNotRun(click.ClickException):
    exit_code = 3


class Commands(click.Group):
    """Answers what keeps a command from running in one line."""

    def __init__(self, *args: Any, commands: list[click.Command], **options: Any) -> None:
        super().__init__(*args, **options)
        for command in commands:
            self.add_command(command)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except WrongSettings as error:
            raise CouldNotRun(f"settings: {error}") from error
        except DomainError as error:
            raise CouldNotRun(error.detail) from error
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise  # whoever read the output has seen enough, which click knows
            raise CouldNotRun(f"{error.filename or 'The system'}: {error.strerror or error}") from error


def something_wrong() -> NoReturn:
    sys.exit(SOMETHING_WRONG)


def examples(*lines: str) -> str:
    """The end of a command's help."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


config_option = click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The settings file, instead of ./clinic-media.toml.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
