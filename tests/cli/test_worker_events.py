"""clinic-media worker between a host and whoever listens, over a real NATS."""

import asyncio
import json
from pathlib import Path

import nats as nats_client
import pytest

from domain.access import Principal, Role
from domain.ids import ClinicId, PatientId, UserId
from entrypoints.container import opened
from entrypoints.settings import Settings
from tests.cli.running import invoke, running, stop
from tests.contract.buses import topic
from tests.services.nats import NatsServer

pytestmark = [pytest.mark.anyio, pytest.mark.services]

ADMIN = Principal(clinic_id=ClinicId("c"), user_id=UserId("u"), roles=frozenset({Role.ADMIN}))


async def test_the_host_archives_a_patient_and_hears_that_it_was_done(nats: NatsServer, tmp_path: Path) -> None:
    assert (await asyncio.to_thread(invoke, tmp_path, "migrate")).exit_code == 0
    async with opened(Settings(data_dir=str(tmp_path / "data"))) as container:
        await container.register_patient()(ADMIN, PatientId("p-1"), display_name="Ana")
    name = topic()
    settings = {
        "EVENTS__BUS": "nats",
        "EVENTS__URL": nats.url,
        "EVENTS__TOPIC": name,
        "EVENTS__CONSUME": f"host-{name}.patients",
    }
    told = {"specversion": "1.0", "id": "1", "source": "/host", "type": "patient.archived", "clinicid": "c"}
    async with await nats_client.connect(nats.url) as client:
        jetstream = client.jetstream()
        await jetstream.add_stream(name=f"host-{name}", subjects=[f"host-{name}.>"])
        await jetstream.publish(f"host-{name}.patients", b"no event at all")
        await jetstream.publish(f"host-{name}.patients", json.dumps(told | {"data": {"patient_id": "p-1"}}).encode())
        await jetstream.add_stream(name=name, subjects=[f"{name}.>"])
        with running(tmp_path, "worker", **settings) as process:
            heard = await jetstream.subscribe(f"{name}.>", ordered_consumer=True)
            events = [json.loads((await heard.next_msg(60)).data) for _ in range(2)]
            said = await asyncio.to_thread(stop, process)
        await heard.unsubscribe()
    assert [event["type"] for event in events] == ["patient.registered", "patient.archived"]
    assert (events[1]["actorid"], events[1]["subject"]) == ("host", "p-1")
    assert f"the event at host-{name} 1 was put aside" in said
