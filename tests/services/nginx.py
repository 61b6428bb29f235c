"""A real nginx for tests, from the system's package, with the server of deploy/nginx.conf but for TLS and places."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.services.ports import free_port, wait_for

_SERVER = Path(__file__).parents[2] / "deploy" / "nginx.conf"
_AROUND = """daemon off; user root; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
{server}
}}
"""


NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def nginx_command() -> str:
    return NGINX or pytest.skip("there is no nginx here: Debian has it in the package nginx-light")


@contextmanager
def nginx_before(service: int, files: Path, folder: Path, *, more: str = "") -> Iterator[str]:
    """The URL of an nginx in front of the service at that port, whose storage is `files`, while the block lasts."""
    command, port = nginx_command(), free_port()
    folder.mkdir()
    server = _SERVER.read_text()
    for found, placed in {
        r"listen 443 ssl;": f"listen 127.0.0.1:{port};",
        r"ssl_certificate.*": "",
        r"server 127.0.0.1:8000;": f"server 127.0.0.1:{service};",
        r"/var/lib/clinic-media/files/": f"{files}/",
        r"\}\s*\Z": f"{more}\n}}",
    }.items():
        server, times = re.subn(found, placed, server)
        assert times, found
    (folder / "nginx.conf").write_text(_AROUND.format(folder=folder, server=server))
    process = subprocess.Popen([command, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")])
    try:
        wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)
