"""An issuer of tokens for tests: publishes a key set over HTTP, and signs as others do, with PyJWT."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from tests.services.listening import listening

_MADE = {
    "RS256": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
}


class SigningKey:
    def __init__(self, id: str, algorithm: str) -> None:
        self.id = id
        self.algorithm = algorithm
        self.private: Any = _MADE[algorithm]()

    @property
    def published(self) -> dict[str, Any]:
        told: dict[str, Any] = jwt.get_algorithm_by_name(self.algorithm).to_jwk(self.private.public_key(), as_dict=True)
        return {**told, "kid": self.id, "use": "sig", "alg": self.algorithm}

    def sign(self, claims: dict[str, Any], **header: Any) -> str:
        return jwt.encode(claims, self.private, algorithm=self.algorithm, headers={"kid": self.id, **header})


ELSEWHERE = "/elsewhere"


class Issuer(ThreadingHTTPServer):
    """Answers what stands in `status`, `headers` and `body`, and counts how often it was asked; the body is at
    `ELSEWHERE` too, whatever else is said."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked = 0
        self.status = 200
        self.headers: dict[str, str] = {}
        self.body = b""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/keys"

    def publish(self, *keys: SigningKey, **more: Any) -> None:
        self.status, self.headers = 200, {}
        self.body = json.dumps({"keys": [key.published for key in keys], **more}).encode()


class _Handler(BaseHTTPRequestHandler):
    server: Issuer

    def do_GET(self) -> None:
        self.server.asked += 1
        is_elsewhere = self.path == ELSEWHERE
        self.send_response(200 if is_elsewhere else self.server.status)
        more = {} if is_elsewhere else self.server.headers
        for name, value in {"content-length": str(len(self.server.body)), **more}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - so it is called above
        """Tests have a log of their own."""


@contextmanager
def issuing() -> Iterator[Issuer]:
    server = Issuer()
    with listening(server):
        yield server
