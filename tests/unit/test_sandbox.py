"""What a helper process does with one file, without the process around it."""

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PIL import Image

from adapters.imaging import wire
from adapters.imaging.sandbox.content import Content
from adapters.imaging.sandbox.inspection import inspect
from adapters.imaging.sandbox.main import answer
from adapters.imaging.sandbox.refusal import Refusal
from domain import filetypes
from tests import made_files
from tests.contract import test_file_inspector as sound
from tests.contract import test_file_inspector_hostile as hostile

# The helper process is as deaf to warnings, which decoders give for every oddity
pytestmark = pytest.mark.filterwarnings("ignore")

ROOT = Path(__file__).resolve().parents[2]
SETUP = wire.Setup(thumb_px=384, medium_px=1024, max_pixels=100_000_000, memory_bytes=0, cpu_seconds=0)
REFUSED = hostile.DAMAGED | hostile.OVER_A_LIMIT
PICTURES = [name for name, (_, kind) in sound.SOUND.items() if kind.picture]


def _inspected(data: bytes, extension: str = "") -> tuple[wire.Done, list[wire.Sniffed | wire.Sound]]:
    told: list[wire.Sniffed | wire.Sound] = []
    return inspect(Content(None, data), extension, SETUP, told.append), told


@pytest.mark.parametrize("extension", sound.SOUND)
def test_the_type_is_told_before_anything_is_decoded(extension: str) -> None:
    data, file_type = sound.SOUND[extension]

    done, told = _inspected(data, extension)

    assert told[0] == wire.Sniffed(file_type.mime)
    assert done.mime == file_type.mime


@pytest.mark.parametrize("extension", ["pdf", "dcm"])
def test_a_document_is_said_to_be_sound_before_it_is_drawn(extension: str) -> None:
    done, told = _inspected(sound.SOUND[extension][0])

    assert told[1] == wire.Sound(msgspec.structs.replace(done, pictures=None))


@pytest.mark.parametrize("what", REFUSED)
def test_damage_and_excess_are_told_from_within(what: str) -> None:
    with pytest.raises(Refusal):
        _inspected(REFUSED[what])


@pytest.mark.parametrize("what", [what for what in hostile.HARMFUL if what != "a bomb"])
def test_harm_is_told_from_within(what: str) -> None:
    with pytest.raises(Refusal):
        _inspected(hostile.HARMFUL[what](), "docx")


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_are_made_from_within(name: str) -> None:
    made = _inspected(sound.SOUND[name][0])[0].pictures

    assert made is not None
    with Image.open(io.BytesIO(made.thumb)) as thumb:
        assert thumb.mode == "RGB"


@pytest.mark.parametrize(
    "image",
    [
        Image.new("LA", (9, 9)),
        Image.new("RGBA", (9, 9)),
        Image.new("I;16", (9, 9), 7),
        Image.new("F", (9, 9), float("nan")),
        Image.new("I", (9, 9), 70_000),
        Image.new("CMYK", (9, 9)),
        Image.new("LAB", (9, 9)),
        Image.new("1", (9, 9)),
    ],
    ids=lambda image: image.mode,
)
def test_every_mode_of_pixels_becomes_a_picture(image: Image.Image) -> None:
    assert _inspected(made_files.saved(image, "TIFF"))[0].pictures is not None


def test_a_dicom_palette_is_applied() -> None:
    palette = {
        f"{colour}PaletteColorLookupTable{part}": value
        for colour, entry in (("Red", 0xFFFF), ("Green", 0), ("Blue", 0))
        for part, value in (("Descriptor", [2, 0, 16]), ("Data", entry.to_bytes(2, "little") * 2))
    }
    made = _inspected(made_files.dicom(bytes(4096), PhotometricInterpretation="PALETTE COLOR", **palette))[0].pictures

    assert made is not None
    assert made_files.middle(made.thumb) == pytest.approx((255, 0, 0), abs=6)


@pytest.mark.parametrize("window", [{"WindowCenter": 9000, "WindowWidth": 5}, {"WindowCenter": ["30", "9"]}])
def test_a_dicom_window_that_shows_nothing_is_passed_over(window: dict[str, Any]) -> None:
    made = _inspected(made_files.dicom(**window))[0].pictures

    assert made is not None
    assert 90 < made_files.middle(made.medium)[0] < 160


def test_dicom_in_a_compression_nobody_knows_is_kept_without_a_picture() -> None:
    data = made_files.dicom(b"\xfe\xff\0\xe0" + bytes(4), TransferSyntaxUID="1.2.840.10008.1.2.4.50")

    done, _ = _inspected(data)

    assert (done.width, done.height, done.pictures) == (64, 64, None)


def test_what_a_helper_answers_is_never_an_exception(tmp_path: Path) -> None:
    replies = io.BytesIO()

    assert answer(wire.Job(extension="", path=str(tmp_path / "gone")), SETUP, replies) == wire.Unopened()
    assert isinstance(answer(wire.Job(extension="", data=b""), SETUP, replies), wire.Refused)
    nested = answer(wire.Job(extension="json", data=b"[" * 100_000), SETUP, replies)
    assert isinstance(nested, wire.Refused)
    assert "nested" in nested.detail
    assert isinstance(answer(wire.Job(extension="", data=b"text"), SETUP, replies), wire.Done)
    assert replies.getvalue() == wire.framed(wire.Sniffed(filetypes.TXT.mime))


def test_the_filter_leaves_a_process_nothing_but_reading_and_thinking(tmp_path: Path) -> None:
    script = """
import os, socket, sys, threading
from adapters.imaging.sandbox import seccomp
assert seccomp.install(), "no filter on this machine"
folder = sys.argv[1]
attempts = {
    "socket": lambda: socket.socket(),
    "socket pair": lambda: socket.socketpair(),
    "fork": os.fork,
    "program": lambda: os.execv("/bin/true", ["true"]),
    "writing": lambda: open(folder + "/new", "w"),
    "appending": lambda: open(folder + "/old", "a"),
    "removing": lambda: os.unlink(folder + "/old"),
    "renaming": lambda: os.rename(folder + "/old", folder + "/new"),
    "linking": lambda: os.symlink(folder + "/old", folder + "/new"),
    "a folder": lambda: os.mkdir(folder + "/new"),
    "rights": lambda: os.chmod(folder + "/old", 0),
    "cutting": lambda: os.truncate(folder + "/old", 0),
    "a signal": lambda: os.kill(os.getppid(), 0),
}
for name, attempt in attempts.items():
    try:
        attempt()
    except OSError:
        continue
    print(name, "was possible")
thread = threading.Thread(target=lambda: print("thinks"))
thread.start()
thread.join()
print("reads", open(folder + "/old").read())
"""
    (tmp_path / "old").write_text("kept")
    ran = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert ran.stdout.splitlines() == ["thinks", "reads kept"], ran.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["old"]
