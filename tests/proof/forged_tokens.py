"""Tokens that nobody may come in with: made by those who do not hold the key, or for another place or time."""

import base64
import hmac
import json
import time
from collections.abc import Iterator
from random import Random
from typing import Any

from joserfc import jwe, jwt
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey

ISSUER, AUDIENCE = "https://login.example", "clinic-media"
NOW = int(time.time())
GENUINE: dict[str, Any] = {
    "clinic_id": "clinic",
    "sub": "u-dentist",
    "roles": ["dentist"],
    "iss": ISSUER,
    "aud": AUDIENCE,
    "iat": NOW,
    "exp": NOW + 3600,
}
_HASHES = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}

Named = Iterator[tuple[str, str]]


def part(value: Any) -> str:
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def keyed(said: Any, secret: bytes, header: Any = None, hashed: str = "sha256") -> str:
    """Signed by hand: the library does not lend itself to most of what is tried here."""
    signed = f"{part(header or {'alg': 'HS256', 'typ': 'JWT'})}.{part(said)}"
    return f"{signed}.{part(hmac.digest(secret, signed.encode(), hashed))}"


def changed(**claims: Any) -> dict[str, Any]:
    """The genuine claims with others; None takes one away."""
    return {name: value for name, value in (GENUINE | claims).items() if value is not None}


def by_anybody(genuine: str) -> Named:
    """Without any key, from a genuine token or none."""
    head, body, signature = genuine.split(".")
    for alg in ("none", "None", "NONE", "nOnE", "", None, ["HS256"], 1, True, "HS256 ", "hs256", "HMAC", "A128KW"):
        for name, end in {"no": "", "a random": part(b"x" * 32), "the genuine": signature}.items():
            yield f"alg {alg!r}, {name} signature", f"{part({'alg': alg, 'typ': 'JWT'})}.{body}.{end}"
    yield "no alg", f"{part({'typ': 'JWT'})}.{body}.{signature}"
    different: dict[str, dict[str, Any]] = {
        "clinic": {"clinic_id": "other"},
        "role": {"roles": ["admin"]},
        "user": {"sub": "u-admin"},
        "later": {"exp": NOW + 9**9},
        "right": {"permissions": ["trash.purge"]},
    }
    for name, others in different.items():
        yield f"another {name}", f"{head}.{part(changed(**others))}.{signature}"
    yield "another header", f"{part({'typ': 'JWT', 'alg': 'HS256', 'x': 1})}.{body}.{signature}"
    yield from _broken(head, body, signature)


def _broken(head: str, body: str, signature: str) -> Named:
    whole = f"{head}.{body}.{signature}"
    # The last character has bits that say nothing.
    yield from ((f"the first {length} characters", whole[:length]) for length in range(0, len(whole) - 1, 9))
    yield from {
        "parts": f"{head}.{body}.{signature}.{signature}",
        "two parts": f"{head}.{body}",
        "no header": f".{body}.{signature}",
        "no body": f"{head}..{signature}",
        "dots": "..",
        "twice": f"{whole}.{whole}",
        "a space": f"{head}. {body}.{signature}",
        "swapped": f"{body}.{head}.{signature}",
        "JSON": json.dumps({"payload": body, "protected": head, "signature": signature}),
        "wide letters": f"{head}.{body}.{signature}".replace("e", "ｅ", 1),
        "a joiner": f"{head}\u200d.{body}.{signature}",
        "a NUL": f"{head}\0.{body}.{signature}",
        "a line": f"{head}.{body}\n.{signature}",
    }.items()


def with_bits_flipped(genuine: str, random: Random) -> Named:
    """Of the signature 256, and some of the rest."""
    head, body, signature = genuine.split(".")
    bits = len(_bytes(signature)) * 8
    for bit in random.sample(range(bits), min(bits, 256)):
        yield f"bit {bit} of the signature", f"{head}.{body}.{_flipped(signature, bit)}"
    for name, text in {"header": head, "body": body}.items():
        for bit in random.sample(range(len(_bytes(text)) * 8), 60):
            flipped = {name: _flipped(text, bit)}
            yield f"bit {bit} of the {name}", f"{flipped.get('header', head)}.{flipped.get('body', body)}.{signature}"


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "==")


def _flipped(text: str, bit: int) -> str:
    content = bytearray(_bytes(text))
    content[bit // 8] ^= 1 << bit % 8
    return part(bytes(content))


def by_another_secret(secret: bytes) -> Named:
    others = {
        "empty": b"",
        "a zero": b"\0",
        "secret": b"secret",
        "short": secret[:-1],
        "long": secret + b"x",
        "upper case": secret.upper(),
        "Base64": base64.b64encode(secret),
        "hexadecimal": secret.hex().encode(),
        "the audience": AUDIENCE.encode(),
        "the issuer": ISSUER.encode(),
    }
    for name, other in others.items():
        yield f"secret: {name}", keyed(GENUINE, other)
    for alg, hashed in _HASHES.items():
        if alg != "HS256":
            yield f"{alg}, which is not configured", keyed(GENUINE, secret, {"alg": alg}, hashed)
            yield f"HS256 that is {alg}", keyed(GENUINE, secret, hashed=hashed)
    yield "crit", keyed(GENUINE, secret, {"alg": "HS256", "crit": ["exp"], "exp": 1})
    yield "unencoded", keyed(GENUINE, secret, {"alg": "HS256", "b64": False, "crit": ["b64"]})


def by_an_own_key() -> Named:
    """Of those who bring the key that is to be trusted."""
    keys: list[tuple[str, Any]] = [
        ("RS256", RSAKey.generate_key(2048)),
        ("PS256", RSAKey.generate_key(2048)),
        ("ES256", ECKey.generate_key("P-256")),
        ("Ed25519", OKPKey.generate_key("Ed25519")),
    ]
    for alg, key in keys:
        public = key.as_dict(private=False)
        for name, more in {
            "bare": {},
            "jwk": {"jwk": public},
            "jku": {"jku": "https://evil.example/keys.json"},
            "x5u": {"x5u": "https://evil.example/a.pem"},
            "x5c": {"x5c": ["MIIB"]},
        }.items():
            header = {"alg": alg, **more}
            signed = f"{part(header)}.{part(GENUINE)}"
            made = jwt.encode({"alg": alg}, GENUINE, key, algorithms=[alg])
            yield f"{alg} by an own key, {name}", f"{signed}.{made.rpartition('.')[2]}" if more else made
    own = OctKey.generate_key(256)
    yield (
        "an own secret in the header",
        keyed(GENUINE, own.raw_value, {"alg": "HS256", "jwk": own.as_dict(private=True)}),
    )


def of_the_issuer(signed: Any) -> Named:
    """Signed with the right key, yet not for here and now, or not saying who it is."""
    for name, claims in _WRONG.items():
        yield name, signed(changed(**claims))
    yield "no claims", signed({})
    for claim in ("clinic_id", "sub", "iss", "aud", "exp"):
        yield f"no {claim}", signed(changed(**{claim: None}))
        for value in _NO_NAMES:
            if claim == "clinic_id" and value == -1:
                continue  # which is as good a name as any
            yield f"{claim} {value!r}"[:60], signed(changed(**{claim: value}))


_NO_NAMES: tuple[Any, ...] = (*("", " ", [], {}, [[]], True, 0.5, -1, "\0", "é", "a/b", "x" * 65, "A\u200bB", "../x"),)
_WRONG: dict[str, dict[str, Any]] = {
    "expired": {"exp": NOW - 60},
    "long expired": {"exp": 0},
    "expired a year ago": {"exp": NOW - 31_536_000},
    "expired, as text": {"exp": str(NOW + 60)},
    "not yet": {"nbf": NOW + 3000},
    "long not yet": {"nbf": NOW + 9**9},
    "not yet, as text": {"nbf": "tomorrow"},
    "exp no number": {"exp": float("nan")},
    "the issuer's name only": {"iss": "login.example"},
    "a longer issuer": {"iss": ISSUER + "/"},
    "the issuer in capitals": {"iss": ISSUER.upper()},
    "issuers": {"iss": [ISSUER]},
    "a like issuer": {"iss": ISSUER.replace("o", "о")},
    "another audience": {"aud": "clinic-medi"},
    "a longer audience": {"aud": AUDIENCE + "2"},
    "other audiences": {"aud": ["a", "b"]},
    "nested audience": {"aud": [[AUDIENCE]]},
    "audience in an object": {"aud": {AUDIENCE: True}},
    "audience in capitals": {"aud": AUDIENCE.upper()},
}


def against_keys(keys: dict[str, Any]) -> Named:
    """Of those who know the public keys, which everybody may."""
    for kid, key in keys.items():
        publics = {
            "PEM": key.as_pem(private=False),
            "DER": key.as_der(private=False),
            "JSON": json.dumps(key.as_dict(private=False)).encode(),
            "a number": str(key.as_dict().get("n", key.as_dict().get("x"))).encode(),
        }
        for name, public in publics.items():
            for alg, hashed in _HASHES.items():
                yield f"{alg} with the public {kid} as {name}", keyed(GENUINE, public, {"alg": alg, "kid": kid}, hashed)
                yield f"{alg} with the public {kid} as {name}, no kid", keyed(GENUINE, public, {"alg": alg}, hashed)
    yield from _other_keys(keys)
    for kid, alg, length in [("rsa", "RS256", 256), ("ec", "ES256", 64)]:
        head = f"{part({'alg': alg, 'kid': kid})}.{part(GENUINE)}"
        for name, signature in {
            "nothing": b"",
            "zeros": bytes(length),
            "ones": b"\1" * length,
            "ff": b"\xff" * length,
            "half": bytes(length // 2),
        }.items():
            yield f"{alg} signed with {name}", f"{head}.{part(signature)}"


def _other_keys(keys: dict[str, Any]) -> Named:
    made = {"rsa": ("RS256", RSAKey.generate_key(2048)), "ec": ("ES256", ECKey.generate_key("P-256"))}
    for kid, (alg, own) in made.items():
        genuine = keys[kid]
        for named in ("rsa", "ec", "../../dev/null", "' OR 1=1 --", "", 0, None, [kid], "unknown"):
            header = {"alg": alg} if named is None else {"alg": alg, "kid": named}
            signed = f"{part(header)}.{part(GENUINE)}"
            for name, key in {"an own": own, "the genuine": genuine}.items():
                if name == "the genuine" and named in (kid, None):
                    continue
                token = jwt.encode({"alg": alg}, GENUINE, key, algorithms=[alg])
                yield f"{alg} by {name} key, kid {named!r}", f"{signed}.{token.rpartition('.')[2]}"
        for name, public in {"RSA-OAEP": keys["rsa"], "ECDH-ES": keys["ec"]}.items():
            text = json.dumps(GENUINE).encode()
            header = {"alg": name, "enc": "A256GCM", "cty": "JWT", "kid": kid}
            yield (
                f"encrypted with {name}, kid {kid}",
                jwe.encrypt_compact(header, text, public, algorithms=[name, "A256GCM"]),
            )


def key_set() -> tuple[dict[str, Any], dict[str, Any]]:
    """Private keys by id, and the set of the public ones."""
    keys: dict[str, Any] = {
        "rsa": RSAKey.generate_key(2048, {"kid": "rsa"}),
        "ec": ECKey.generate_key("P-256", {"kid": "ec"}),
    }
    return keys, dict(KeySet(list(keys.values())).as_dict(private=False))
