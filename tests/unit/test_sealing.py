"""What is sealed can be opened by whoever has the key, whole, and under its own name; nothing else can."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sealing.aes_gcm import AesGcmCipher, AesGcmCiphers
from application.ports.backups import BackupRefused
from application.ports.sealing import Damaged

KEY, FRAME = bytes(range(32)), 64 * 1024
SIZES = st.sampled_from([0, 1, 15, 16, 17, FRAME - 1, FRAME, FRAME + 1, 2 * FRAME, 2 * FRAME + 5, 3 * FRAME])


def sealed(data: bytes, name: str = "files/1", piece: int = 50_000) -> bytes:
    sealing = AesGcmCipher(KEY).seal(name)
    pieces = [sealing.update(data[start : start + piece]) for start in range(0, len(data), piece)]
    return b"".join([*pieces, sealing.finish()])


def unsealed(data: bytes, name: str = "files/1", piece: int = 70_001, key: bytes = KEY) -> bytes:
    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(data), piece):
            yield data[start : start + piece]

    async def whole() -> bytes:
        return b"".join([chunk async for chunk in AesGcmCipher(key).open(name, chunks())])

    return asyncio.run(whole())


@given(size=SIZES, piece=st.integers(1_000, 200_000), other=st.integers(1_000, 200_000))
def test_what_is_sealed_can_be_opened_in_whatever_pieces(size: int, piece: int, other: int) -> None:
    data = bytes(number % 251 for number in range(size))
    secret = sealed(data, piece=piece)
    assert len(secret) == AesGcmCipher(KEY).sealed_size(size)
    assert unsealed(secret, piece=other) == data


@given(size=SIZES, at=st.integers(0, 10**9), bit=st.integers(0, 7))
def test_no_bit_can_be_changed(size: int, at: int, bit: int) -> None:
    secret = bytearray(sealed(bytes(size)))
    secret[at % len(secret)] ^= 1 << bit
    with pytest.raises(Damaged):
        unsealed(bytes(secret))


@pytest.mark.parametrize("length", [0, 5, 16, 31, 16 + FRAME + 16, 16 + 2 * (FRAME + 16), 16 + 2 * (FRAME + 16) + 10])
def test_the_end_cannot_be_cut_off(length: int) -> None:
    secret = sealed(bytes(2 * FRAME + 100))
    assert length < len(secret)
    with pytest.raises(Damaged):
        unsealed(secret[:length])


def test_frames_cannot_change_places_nor_bytes_come_behind() -> None:
    secret, frame = sealed(bytes(FRAME) + bytes([1]) * FRAME + b"end"), FRAME + 16
    first, second, rest = secret[16 : 16 + frame], secret[16 + frame : 16 + 2 * frame], secret[16 + 2 * frame :]
    for wrong in (secret[:16] + second + first + rest, secret[:16] + first + rest, secret + b"x"):
        with pytest.raises(Damaged):
            unsealed(wrong)


def test_a_file_cannot_stand_in_for_another_nor_be_opened_with_another_key() -> None:
    with pytest.raises(Damaged):
        unsealed(sealed(b"bytes"), "files/2")
    with pytest.raises(Damaged):
        unsealed(sealed(b"bytes"), key=bytes(32))


def test_another_passphrase_is_refused_before_anything_is_read() -> None:
    note, _ = AesGcmCiphers("the passphrase of a clinic").begin()
    AesGcmCiphers("the passphrase of a clinic").resume(note)
    with pytest.raises(BackupRefused, match="not the key"):
        AesGcmCiphers("another one altogether").resume(note)
    with pytest.raises(BackupRefused, match="--unencrypted"):
        AesGcmCiphers("the passphrase of a clinic").resume({"cipher": "none"})
