"""G18: forms that are no forms and clients that send next to nothing: no 5xx, and others are served as before.

    python -m tests.proof.slow_and_broken --sockets 200

A real server; how long the others wait is asked for in turns, without and with the slow ones.
"""

import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles

import httpx

from domain.access import Role
from entrypoints.settings import Auth
from entrypoints.signing import Bearer, signed_token
from tests.http.served import Served, served
from tests.http.service import SECRET
from tests.proof.figure import Figure, command

RATIO = 2.0
_ASKED = 80
_TURNS = 3
_USERS = 8
"""Who are slow: one person may have 64 uploads under way."""

_PATH = "/api/v1/media/patients/ana/documents"
_FILE = b'Content-Disposition: form-data; name="file"; filename="x.txt"\r\n\r\n'


def _part(head: bytes, body: bytes = b"x") -> bytes:
    return b"--b\r\n" + head + body + b"\r\n"


_END = b"--b--\r\n"
_TITLE = _part(b'Content-Disposition: form-data; name="title"\r\n\r\n')
_WHOLE = _part(_FILE)

BROKEN: tuple[tuple[str, bytes], ...] = (
    ("multipart/form-data; boundary=b", b""),
    ("multipart/form-data; boundary=b", b"\r\n"),
    ("multipart/form-data; boundary=b", b"no form at all"),
    ("multipart/form-data; boundary=b", _WHOLE),
    ("multipart/form-data; boundary=b", _WHOLE + b"--b"),
    ("multipart/form-data; boundary=b", _WHOLE[:20]),
    ("multipart/form-data; boundary=b", _END),
    ("multipart/form-data; boundary=b", _TITLE + _END),
    ("multipart/form-data; boundary=b", _WHOLE + _WHOLE + _END),
    ("multipart/form-data; boundary=b", b"--b\n" + _FILE + b"x\n" + _END),
    ("multipart/form-data; boundary=b", _part(b"Content-Disposition\r\n\r\n") + _END),
    ("multipart/form-data; boundary=b", _part(b": form-data\r\n\r\n") + _END),
    ("multipart/form-data; boundary=b", _part(b"Content-Type: text/plain\r\n\r\n") + _END),
    ("multipart/form-data; boundary=b", _part(b'Content-Disposition: form-data; name="\xff\xfe"\r\n\r\n') + _END),
    ("multipart/form-data; boundary=b", _part(b'Content-Disposition: form-data; name="file\r\n\r\n') + _END),
    ("multipart/form-data; boundary=b", _part(b'Content-Disposition: form-data; name="a\0b"\r\n\r\n') + _END),
    ("multipart/form-data; boundary=b", _part(b"X: " + b"y" * 20_000 + b"\r\n" + _FILE) + _END),
    ("multipart/form-data; boundary=b", _TITLE * 200 + _END),
    ("multipart/form-data; boundary=b", _part(b'Content-Disposition: form-data; name="t"\r\n\r\n', b"\xff\xfe") + _END),
    ("multipart/form-data; boundary=b", _part(b'Content-Disposition: form-data; name="t"\r\n\r\n', b"z" * 300_000)),
    ("multipart/form-data; boundary=b", b"x" * 100_000 + _WHOLE + _END),
    ("multipart/form-data", _WHOLE + _END),
    ("multipart/form-data; boundary=", _WHOLE + _END),
    ("multipart/form-data; boundary=" + "c" * 300, _WHOLE + _END),
    ("application/x-www-form-urlencoded", b"file=x&title=y"),
)


@dataclass(slots=True)
class Tally:
    broken: list[int] = field(default_factory=list)
    """How each broken form was answered."""
    slow: int = 0
    """Slow ones that were there meanwhile."""
    alone: list[float] = field(default_factory=list)
    beside: list[float] = field(default_factory=list)
    """p95 of the others in each turn, in seconds, without and with the slow ones."""

    @property
    def ratio(self) -> float:
        """Of the best turns: the machine's other work is no fault of the server's."""
        return min(self.beside) / min(self.alone)


def measure(folder: Path, sockets: int) -> Tally:
    tally = Tally()
    with served(folder) as server, httpx.Client(base_url=server.url, headers=server.headers, timeout=30) as client:
        client.put("/api/v1/directory/patients/ana", json={"display_name": "Ana"}).raise_for_status()
        for content_type, body in BROKEN:
            answer = client.post(_PATH, content=body, headers={"Content-Type": content_type})
            tally.broken.append(answer.status_code)
        _p95(client)
        for _ in range(_TURNS):
            tally.alone.append(_p95(client))
            with _slow(server, sockets) as there:
                tally.beside.append(_p95(client))
                tally.slow = sum(_is_open(one) for one in there)
    return tally


def _p95(client: httpx.Client) -> float:
    taken = []
    for _ in range(_ASKED):
        begun = time.perf_counter()
        client.get(_PATH).raise_for_status()
        taken.append(time.perf_counter() - begun)
    return quantiles(taken, n=20)[-1]


@contextmanager
def _slow(server: Served, count: int) -> Iterator[list[socket.socket]]:
    """Uploads of which the beginning comes, and then nothing."""
    with ExitStack() as opened:
        there = []
        for number in range(count):
            one = opened.enter_context(socket.create_connection((server.host, server.port), timeout=30))
            head = (
                f"POST {_PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {_token(number % _USERS)}\r\n"
                f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000000\r\n\r\n"
            )
            one.sendall(head.encode() + _WHOLE[:30])
            there.append(one)
        time.sleep(0.5)
        yield there


def _is_open(one: socket.socket) -> bool:
    """Whether it still waits for the rest: nothing was answered."""
    one.setblocking(False)
    try:
        one.recv(1)
    except BlockingIOError:
        return True
    return False


def _token(user: int) -> str:
    bearer = Bearer(clinic="c", user=f"slow-{user}", roles=(Role.ADMIN,))
    return signed_token(Auth(secret=SECRET), bearer, now=datetime.now(UTC), ttl=timedelta(hours=1))


def figure(*, sockets: int = 200) -> Figure:
    with tempfile.TemporaryDirectory() as name:
        tally = measure(Path(name), sockets)
    told = {
        "broken forms": f"{len(tally.broken)}, answered {sorted(set(tally.broken))}",
        "slow sockets": f"{tally.slow} of {sockets}",
        "p95 of others": f"{min(tally.alone) * 1000:.1f} ms, beside them {min(tally.beside) * 1000:.1f} ms",
        "ratio": f"{tally.ratio:.2f}",
    }
    wrong = [f"a broken form is answered with {status}" for status in tally.broken if status >= 500]
    wrong += ["others wait too long"] if tally.ratio > RATIO else []
    return Figure(told, wrong)


if __name__ == "__main__":
    sys.exit(command(figure))
