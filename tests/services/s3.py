"""A real S3 server for tests: SeaweedFS, which checks signatures and checksums, on free ports of this machine."""

import json
import os
import socket
import subprocess
import sysconfig
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from aiobotocore.session import AioSession
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

BUCKET = "media"
_KEY, _SECRET = "tests", "only-for-tests"
_START_SECONDS = 60
_MODELS = AioSession()
"""Reading the service's description takes a tenth of a second; the clients of all tests share it."""

_PORTS = (
    "-master.port",
    "-master.port.grpc",
    "-volume.port",
    "-volume.port.grpc",
    "-filer.port",
    "-filer.port.grpc",
    "-s3.port",
    "-s3.port.grpc",
)


@dataclass(frozen=True, slots=True)
class S3Server:
    """Has one bucket, `BUCKET`, in which each test takes a prefix of its own."""

    endpoint: str
    pid: int

    @property
    def options(self) -> dict[str, Any]:
        """For the storage's client."""
        return {**self.plain_options, "session": _MODELS}

    @property
    def plain_options(self) -> dict[str, str]:
        """The same as another process can be told them."""
        return {"endpoint_url": self.endpoint, "key": _KEY, "secret": _SECRET}


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with s3_server(tmp_path_factory.mktemp("s3")) as server:
        yield server


@contextmanager
def s3_server(folder: Path) -> Iterator[S3Server]:
    """Keep a server running whose files are in `folder`, which exists. It takes about five seconds to start."""
    ports = dict(zip(_PORTS, _free_ports(len(_PORTS)), strict=True))
    endpoint = f"http://127.0.0.1:{ports['-s3.port']}"
    with (folder / "log").open("wb") as log:
        environment = os.environ | {"WEED_S3_SSE_KEY": "only for tests: what objects are encrypted with"}
        process = subprocess.Popen(_command(folder, ports), stdout=log, stderr=log, cwd=folder, env=environment)
        try:
            _make_bucket(endpoint, process, folder / "log")
            yield S3Server(endpoint, process.pid)
        finally:
            process.kill()  # asked to end, it takes 15 seconds
            process.wait()
            _remove_sockets(ports.values())


def _command(folder: Path, ports: dict[str, int]) -> list[str]:
    identity = {
        "name": _KEY,
        "credentials": [{"accessKey": _KEY, "secretKey": _SECRET}],
        "actions": ["Admin", "Read", "Write", "List"],
    }
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    return [
        str(Path(sysconfig.get_path("scripts")) / "weed"),
        "-logtostderr=true",
        "server",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        f"-dir={folder}",
        "-master.telemetry=false",
        "-master.volumeSizeLimitMB=512",
        "-volume.max=16",
        "-filer",
        f"-filer.localSocket={folder}/filer.sock",
        "-s3",
        f"-s3.config={folder}/s3.json",
        f"-s3.localSocket={folder}/s3.sock",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        *(f"{flag}={port}" for flag, port in ports.items()),
    ]


def _make_bucket(endpoint: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    client = botocore.session.get_session().create_client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id=_KEY,
        aws_secret_access_key=_SECRET,
        region_name="us-east-1",
        config=Config(retries={"total_max_attempts": 1}),
    )
    patience = time.monotonic() + _START_SECONDS
    while True:
        try:
            client.create_bucket(Bucket=BUCKET)
            # the first object needs a volume, which the parts agree on a moment after they have met
            client.put_object(Bucket=BUCKET, Key="started", Body=b"x")
            break
        except (BotoCoreError, ClientError) as error:
            if process.poll() is not None or time.monotonic() > patience:
                raise AssertionError(f"the S3 server did not start: {log.read_text()[-2000:]}") from error
            time.sleep(0.1)
    client.close()


def _remove_sockets(ports: Iterable[int]) -> None:
    for port in ports:
        for path in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):
            path.unlink()


def _free_ports(number: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(number)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
