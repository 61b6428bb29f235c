"""Letters, consents and reports as small PDF files, an insurance card as PNG, a blood test as CSV."""

import textwrap
from collections.abc import Sequence
from datetime import date
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from domain import wording

CLINIC = "Clínica Dental La Marina"
_ADDRESS = "Calle de la Ribera 12, 03001 Alicante"
_WIDTH, _HEIGHT, _MARGIN = 595, 842, 64

CONSENT = (
    "He sido informado/a de forma comprensible del tratamiento propuesto, de sus alternativas, de los riesgos "
    "habituales y de los que se derivan de mi situación personal.",
    "He podido preguntar cuanto he querido y he recibido respuesta. Sé que puedo revocar este consentimiento en "
    "cualquier momento antes del tratamiento.",
    "Autorizo que se tomen fotografías y radiografías con fines clínicos y que se guarden en mi historia.",
)
ADVICE = (
    "Evite alimentos duros y muy calientes durante 24 horas.",
    "Tome la medicación según la pauta indicada y llame a la clínica si el dolor aumenta.",
)


def letter(title: str, patient: str, day: date, paragraphs: Sequence[str], signed_by: str) -> bytes:
    """One page of A4 with the clinic's head, in PDF."""
    drawn = [
        "0.043 0.365 0.451 rg 0 782 595 60 re f",
        _text(CLINIC, 18, _MARGIN, 806, bold=True, grey=1.0),
        _text(_ADDRESS, 9, _MARGIN, 791, grey=0.9),
        _text(title, 16, _MARGIN, 730, bold=True),
        _text(f"Paciente: {patient}", 11, _MARGIN, 704),
        _text(f"Fecha: {day:%d/%m/%Y}", 11, _MARGIN, 688),
        f"0.7 G {_MARGIN} 676 m {_WIDTH - _MARGIN} 676 l S",
    ]
    y = 650
    for paragraph in paragraphs:
        for line in textwrap.wrap(paragraph, 84):
            drawn.append(_text(line, 11, _MARGIN, y))
            y -= 16
        y -= 8
    drawn += [f"0.4 G 340 {y - 60} m 530 {y - 60} l S", _text(signed_by, 10, 340, y - 76)]
    drawn.append(_text("Documento de demostración: personas y datos inventados.", 8, _MARGIN, 40, grey=0.5))
    return _pdf("\n".join(drawn).encode("cp1252"))


def _text(text: str, size: int, x: int, y: int, *, bold: bool = False, grey: float = 0.1) -> str:
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT {grey} g /{'B' if bold else 'R'} {size} Tf {x} {y} Td ({escaped}) Tj ET"


def _pdf(content: bytes) -> bytes:
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R "
        b"/Resources << /Font << /R 5 0 R /B 6 0 R >> >> >>" % (_WIDTH, _HEIGHT),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    ]
    file = BytesIO()
    file.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(file.tell())
        file.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = file.tell()
    file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    file.writelines(b"%010d 00000 n \n" % place for place in places)
    file.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return file.getvalue()


def insurance_card(insurer: str, patient: str, number: str, *, colour: tuple[int, int, int]) -> bytes:
    """A plastic card, in PNG, in the capitals without accents that cards are embossed with."""
    image = Image.new("RGB", (1012, 638), (238, 240, 242))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((26, 26, 986, 612), 42, fill=colour)
    lighter = tuple(min(255, part + 34) for part in colour)
    draw.ellipse((560, -220, 1240, 460), fill=lighter)
    draw.rounded_rectangle((26, 26, 986, 612), 42, outline=(255, 255, 255), width=3)
    draw.rounded_rectangle((84, 250, 204, 340), 14, fill=(222, 196, 128))
    for y in (280, 310):
        draw.line((84, y, 204, y), fill=(168, 140, 80), width=3)
    for text, size, x, y in (
        (insurer, 64, 84, 80),
        (number, 52, 84, 400),
        (wording.folded(patient).upper(), 36, 84, 500),
    ):
        draw.text((x, y), text, fill=(255, 255, 255), font=ImageFont.load_default(size))
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def blood_test(day: date) -> bytes:
    """Results as the laboratory's machine exports them, in CSV."""
    rows = [
        "fecha;parametro;valor;unidad;minimo;maximo",
        f"{day};Glucosa;92;mg/dL;70;110",
        f"{day};Hemoglobina;14.1;g/dL;12.0;16.0",
        f"{day};Plaquetas;245;10^3/uL;150;400",
        f"{day};INR;1.02;;0.8;1.2",
        f"{day};Vitamina D;24;ng/mL;30;100",
    ]
    return ("\r\n".join(rows) + "\r\n").encode()
