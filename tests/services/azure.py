"""A stand-in for Azure Blob Storage for tests, Azure's own: it checks signatures and checksums."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from azure.storage.blob import BlobServiceClient

from tests.services.ports import free_port, wait_for

CONTAINER = "media"
_HOME = Path(__file__).with_name("azurite")
_COMMAND = _HOME / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"
# Everybody's: Azurite knows no other unless it is told.
_ACCOUNT = "devstoreaccount1"
_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


@dataclass(frozen=True, slots=True)
class AzureServer:
    """Has one container, `CONTAINER`, in which each test takes a prefix of its own."""

    port: int

    @property
    def options(self) -> dict[str, Any]:
        """For the storage's client."""
        endpoint = f"http://127.0.0.1:{self.port}/{_ACCOUNT}"
        parts = {
            "DefaultEndpointsProtocol": "http",
            "AccountName": _ACCOUNT,
            "AccountKey": _KEY,
            "BlobEndpoint": endpoint,
        }
        return {"connection_string": ";".join(f"{name}={value}" for name, value in parts.items())}


@contextmanager
def azure_server(folder: Path) -> Iterator[AzureServer]:
    """Keep a server, which has all in memory, for as long as the block lasts."""
    node = shutil.which("node")
    if node is None or not _COMMAND.exists():
        pytest.skip("Azurite is not installed here: make test does it, with npm")
    port = free_port()
    process = subprocess.Popen(
        [node, str(_COMMAND), "--blobPort", str(port), "--inMemoryPersistence",
         "--silent", "--disableTelemetry", "--skipApiVersionCheck"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(port, process, 60)
        server = AzureServer(port)
        with BlobServiceClient.from_connection_string(server.options["connection_string"]) as client:
            client.create_container(CONTAINER)
        yield server
    finally:
        process.kill()
        process.wait(30)


@pytest.fixture(scope="session")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AzureServer]:
    with azure_server(tmp_path_factory.mktemp("azure")) as server:
        yield server
