"""clinic-media events."""

import asyncio
import json
from pathlib import Path

from domain.access import Principal, Role
from domain.ids import ClinicId, PatientId, UserId
from entrypoints.container import opened
from entrypoints.settings import Events, Settings
from tests.cli.running import invoke
from tests.contract.buses import SECRET
from tests.services.endpoint import endpoint

ADMIN = Principal(clinic_id=ClinicId("c"), user_id=UserId("u"), roles=frozenset({Role.ADMIN}))


async def relay(folder: Path, url: str, *patients: str) -> int:
    """Register these patients and publish once, with one attempt for each event; how many went out."""
    events = Events(bus="webhook", url=url, secret=SECRET, attempts=1)
    async with opened(Settings(data_dir=str(folder / "data"), events=events)) as container:
        for patient in patients:
            await container.register_patient()(ADMIN, PatientId(patient), display_name="Ana")
        return await container.relay_events()()


def test_what_nobody_took_is_listed_replayed_and_dropped(tmp_path: Path) -> None:
    assert invoke(tmp_path, "migrate").exit_code == 0
    told = invoke(tmp_path, "events", "list")
    assert (told.exit_code, told.stdout) == (0, "No events were put aside.\n")
    with endpoint() as server:
        server.status = 410
        assert asyncio.run(relay(tmp_path, server.url, "p1", "p2")) == 0

        told = invoke(tmp_path, "events", "list", "--json")
        assert told.exit_code == 1
        first, second = (json.loads(line) for line in told.stdout.splitlines())
        assert (first["patient"], second["patient"], first["attempts"]) == ("p1", "p2", 1)
        assert first["type"] == "patient.registered"
        assert "410" in first["reason"]
        assert "events.url" in first["reason"]
        assert first["id"] in invoke(tmp_path, "events", "list").stdout

        assert invoke(tmp_path, "events", "replay", first["id"]).stdout == "1 events were replayed.\n"
        again = invoke(tmp_path, "events", "replay", first["id"], "--json")
        assert (again.exit_code, json.loads(again.stdout)) == (1, {"replayed": 0, "missing": 1})
        server.status, server.requests[:] = 200, []
        assert asyncio.run(relay(tmp_path, server.url)) == 1
        assert [request.headers["webhook-id"] for request in server.requests] == [first["id"]]

        assert json.loads(invoke(tmp_path, "events", "drop", "--all", "--json").stdout) == {"dropped": 1, "missing": 0}
        assert invoke(tmp_path, "events", "list").exit_code == 0
        assert asyncio.run(relay(tmp_path, server.url)) == 0


def test_one_must_say_which(tmp_path: Path) -> None:
    for wrong in (["replay"], ["drop"], ["replay", "--all", "01a20145-cc24-72bf-9848-3c84f7324c8d"], ["drop", "x"]):
        assert invoke(tmp_path, "events", *wrong).exit_code == 2
