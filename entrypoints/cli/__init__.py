"""The command line. Exit codes: 0 fine, 1 did its work and something was wrong, 2 wrong use, 3 could not run."""

from entrypoints.cli.backup import backup
from entrypoints.cli.demo import demo
from entrypoints.cli.events import events
from entrypoints.cli.hold import hold
from entrypoints.cli.import_ import import_
from entrypoints.cli.migrate import migrate
from entrypoints.cli.migrate_database import migrate_database
from entrypoints.cli.migrate_storage import migrate_storage
from entrypoints.cli.openapi import openapi
from entrypoints.cli.outcome import Commands
from entrypoints.cli.purge import purge
from entrypoints.cli.restore import restore
from entrypoints.cli.scan import scan
from entrypoints.cli.serve import serve
from entrypoints.cli.token import token
from entrypoints.cli.verify import verify
from entrypoints.cli.worker import worker

main = Commands(
    "clinic-media",
    commands=[
        *(demo, serve, worker, migrate, verify, backup, restore, migrate_storage, migrate_database),
        *(scan, purge, hold, events, import_, token, openapi),
    ],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="""Keeps a clinic's patient photos, x-rays and documents.

    To look at it: clinic-media demo. To run it: write a clinic-media.toml, then clinic-media serve.

    Settings come from --config, else the file that CLINIC_MEDIA_CONFIG names, else ./clinic-media.toml; each can be
    overridden by the environment: CLINIC_MEDIA_STORAGE__URL is key url of section storage.

    Exit codes: 0 fine, 1 did its work and something was wrong, 2 wrong use, 3 could not run.
    """,
)
