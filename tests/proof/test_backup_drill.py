"""G29, a part of it: `python -m tests.proof.backup_drill` takes more drills."""

import asyncio
import json
import os
from pathlib import Path
from random import Random

import pytest

from tests.proof.backup_drill import Drills, Tally, measure
from tests.services.postgres import PostgresServer
from tests.services.s3 import BUCKET, S3Server

pytestmark = [pytest.mark.proof, pytest.mark.slow]


def test_a_backup_under_load_is_equal_where_it_is_restored() -> None:
    tally = measure(1, seed=1)
    assert tally.found == []
    assert tally.restored > 0


@pytest.mark.services
def test_postgresql_and_s3_backed_up_to_s3_under_load_are_equal_where_they_are_restored(
    tmp_path: Path, postgres: PostgresServer, s3: S3Server
) -> None:
    options = json.dumps({name: s3.options[name] for name in ("endpoint_url", "key", "secret")})
    place = f"s3://{BUCKET}/drill-{os.getpid()}"
    tally = Tally()

    async def drilled() -> None:
        async with postgres.database() as old, postgres.database(migrated=False) as new:
            storage = {"STORAGE__OPTIONS": options, "BACKUP__OPTIONS": options}
            drills = Drills(tmp_path, tally, Random(2), DATABASE__URL=old, STORAGE__URL=f"{place}/old", **storage)
            elsewhere = {"DATABASE__URL": new, "STORAGE__URL": f"{place}/new", **storage}
            await drills.run(1, [elsewhere], f"{place}/backups")

    asyncio.run(drilled())
    assert tally.found == []
    assert tally.restored > 0
