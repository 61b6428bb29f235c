"""The README's pictures, from screenshots that the flows in the browser leave: `python -m tests.browser.pictures`."""

from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
TAKEN = ROOT / "entrypoints" / "web" / "test-results"
SHOWN = ROOT / "docs" / "pictures"
WIDTH = 880
PICTURES = {"gallery": "app-gallery-1440", "plan": "app-plan-1440-dark", "procedures": "app-record-1440"}


def main() -> None:
    SHOWN.mkdir(exist_ok=True)
    for name, taken in PICTURES.items():
        with Image.open(TAKEN / f"{taken}.png") as screenshot:
            small = screenshot.convert("RGB").resize((WIDTH, WIDTH * screenshot.height // screenshot.width))
            small.save(SHOWN / f"{name}.webp", quality=82, method=6)


if __name__ == "__main__":
    main()
