"""What a DICOM header tells of a person goes nowhere but into the file: no log, no event, no audit row, no answer."""

import io
import json
import logging

import pydicom
import pytest

from application.ports.audit_trail import AuditCriteria
from application.ports.paging import PageRequest
from domain.ids import ClinicId
from tests.http.service import Clinic, data_of
from tests.made_files import dicom
from tests.samples import staff

pytestmark = pytest.mark.anyio

SECRETS = ("Zyxwv^Quirina", "PID-8842-X", "19470809", "Hospital Umbra", "Dr^Vantablack", "SN-99-771")


def telling() -> bytes:
    header = pydicom.dcmread(io.BytesIO(dicom()))
    header.PatientName, header.PatientID, header.PatientBirthDate = SECRETS[:3]
    header.InstitutionName, header.ReferringPhysicianName, header.DeviceSerialNumber = SECRETS[3:]
    target = io.BytesIO()
    header.save_as(target)
    return target.getvalue()


async def test_a_dicom_header_is_told_nowhere(
    clinic: Clinic, ana: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    whole = telling()
    assert all(secret.encode() in whole for secret in SECRETS)
    told = []
    for data in (whole, whole[: len(whole) // 2], whole[:700] + b"\xff" * 64 + whole[700:], whole[:200] + whole[300:]):
        sent = await clinic.dentist.send_photo(
            ana, file=("x.dcm", data, "application/dicom"), media_kind="xray", media_category="xray", media_subtype=None
        )
        told.append(sent.text)
        if sent.status_code == 201:
            photo = data_of(sent, 201)
            path = f"/media/documents/{photo['id']}"
            told.append((await clinic.dentist.get(f"{path}/download", params={"metadata": "strip"})).text)
            picture = await clinic.dentist.get(f"{path}/download", params={"variant": "medium"})
            told.append(picture.content.decode("latin-1"))
    assert [json.loads(text).get("code") for text in told if "problem" in text][:1]
    container = clinic.service.container
    page = await container.audit().page(staff(ClinicId(clinic.id)), AuditCriteria(), PageRequest(size=200))
    told += map(repr, page.items)
    await container.relay_events()(200)  # events go to the log here
    told += [record.getMessage() + str(record.exc_text or "") + str(record.exc_info or "") for record in caplog.records]
    told += [caplog.text, *capfd.readouterr()]
    assert [secret for secret in SECRETS if any(secret in text for text in told)] == []
