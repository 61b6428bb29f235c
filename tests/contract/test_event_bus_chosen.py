"""The bus that the settings choose is made; a broker's client that is not installed is told with what to install."""

import sys
from pathlib import Path

import pytest

from entrypoints.configuration import WrongSettings
from entrypoints.container import opened
from entrypoints.settings import Events, Settings
from tests.cli.running import SECRET, invoke

URLS = {
    "nats": ("nats://127.0.0.1:1", "nats"),
    "redis": ("redis://127.0.0.1:1", "redis"),
    "kafka": ("kafka://127.0.0.1:1", "aiokafka"),
    "rabbitmq": ("amqp://127.0.0.1:1", "aio_pika"),
}


@pytest.mark.anyio
@pytest.mark.parametrize("name", URLS)
async def test_a_bus_is_made_without_asking_the_broker(name: str, tmp_path: Path) -> None:
    heard = "host.patients" if name in ("nats", "redis") else ""
    events = Events(bus=name, url=URLS[name][0], consume=heard)  # type: ignore[arg-type]
    async with opened(Settings(data_dir=str(tmp_path), events=events)) as container:
        assert type(container.bus()).__module__ == f"adapters.events.{name}"
        source = f"adapters.events.{name}_source" if heard else "adapters.events.none"
        assert type(container.event_source()).__module__ == source
        assert container.follow_host().source is container.event_source()


@pytest.fixture(params=URLS)
def broker(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """One whose client cannot be imported."""
    name: str = request.param
    package = URLS[name][1]
    for module in [*sys.modules]:
        if module in (f"adapters.events.{name}", f"adapters.events.{name}_source") or module.split(".")[0] == package:
            monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, package, None)
    return name


@pytest.mark.anyio
async def test_the_extra_to_install_is_named(broker: str, tmp_path: Path) -> None:
    events = Events(bus=broker, url=URLS[broker][0])  # type: ignore[arg-type]
    async with opened(Settings(data_dir=str(tmp_path), events=events)) as container:
        with pytest.raises(WrongSettings, match=rf"^events\.bus: .*install clinic-media\[{broker}\]"):
            container.bus()


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_it_stops_the_start(broker: str, command: str, tmp_path: Path) -> None:
    assert invoke(tmp_path, "migrate").exit_code == 0
    ended = invoke(
        tmp_path, command, AUTH__SECRET=SECRET, EVENTS__BUS=broker, EVENTS__URL=URLS[broker][0], SERVER__PORT="65321"
    )
    assert ended.exit_code == 3
    assert f"clinic-media[{broker}]" in ended.stderr
