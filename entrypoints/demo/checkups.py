"""Patients who are being studied or come to be looked at."""

from functools import partial

from domain.media import DocumentType
from domain.notes import NoteType
from entrypoints.demo import papers
from entrypoints.demo.cast import CHILDREN, PARENT, RECEPTIONIST
from entrypoints.demo.chart import Chart
from entrypoints.demo.drawing.faces import portrait
from entrypoints.demo.drawing.intraoral import frontal, lateral, occlusal
from entrypoints.demo.drawing.mouth import Mouth
from entrypoints.demo.drawing.profiles import profile
from entrypoints.demo.drawing.xrays import bitewing, cephalometric, panoramic
from entrypoints.demo.snapshot import PHONE, PHONE_UPRIGHT, REFLEX_OVERHEAD


def prosthesis(chart: Chart) -> None:
    worn = Mouth(seed=105, shade=0.8, missing=frozenset({-5, 3, 5}), crowding=0.3, redness=0.4)
    tags = ("prótesis",)
    chart.on(130)
    plan = chart.record("plan", "Prótesis parcial superior")
    chart.record("plan_item", "Esquelético superior")
    result = chart.record("lab-result", "Analítica preoperatoria")
    chart.record("medication", "Anticoagulante oral")
    chart.record("allergy", "Penicilina")
    chart.xray(partial(panoramic, worn), "panoramic", "Panorámica", tags=tags, on=(plan,))
    chart.photo(partial(frontal, worn), "intraoral/frontal", "Frontal", tags=tags, on=(plan,))
    arch = partial(occlusal, worn, "upper")
    chart.photo(arch, "intraoral/occlusal_upper", "Arcada superior", tags=tags, camera=REFLEX_OVERHEAD)
    chart.photo(partial(lateral, worn, "right"), "intraoral/lateral_right", "Lateral derecha", tags=tags)
    chart.photo(partial(lateral, worn, "left"), "intraoral/lateral_left", "Lateral izquierda", tags=tags)
    chart.photo(partial(portrait, chart.look, worn, smiling=True), "extraoral/smile", "Sonrisa inicial")
    turned = partial(portrait, chart.look, worn, smiling=False, turn=-0.8)
    chart.photo(turned, "extraoral/three_quarter_left", "Tres cuartos", camera=PHONE)
    chart.plaster(arch, "Modelo superior")
    chart.results(result)
    chart.filed(result, "informe del laboratorio", "report", "Sin hallazgos que contraindiquen el tratamiento.")
    said = "Prefiere citas por la mañana; viene con su hija."
    chart.note(NoteType.ADMINISTRATIVE, None, said, by=RECEPTIONIST)
    chart.paper(DocumentType.ID_SCAN, "Copia del DNI", "Copia archivada en recepción.")


def wisdom(chart: Chart) -> None:
    mouth = Mouth(seed=106, shade=0.15, crowding=0.35)
    chart.on(20)
    procedure = chart.record("procedure", "Extracción de cordales")
    film = chart.xray(partial(panoramic, mouth), "panoramic", "Panorámica con cordales", on=(procedure,))
    chart.xray(partial(cephalometric, mouth), "cephalometric_lateral", "Telerradiografía")
    chart.photo(partial(frontal, mouth), "intraoral/frontal", "Frontal")
    chart.photo(partial(lateral, mouth, "right"), "intraoral/lateral_right", "Lateral derecha")
    chart.photo(partial(lateral, mouth, "left"), "intraoral/lateral_left", "Lateral izquierda")
    side = partial(profile, chart.look, "left")
    chart.photo(side, "extraoral/profile_left", "Perfil izquierdo", camera=PHONE_UPRIGHT)
    said = "Cordales inferiores incluidos, sin patología."
    chart.note(NoteType.DIAGNOSIS, None, said, tooth=38, photos=(film,))
    chart.filed(procedure, "consentimiento firmado", "consent", *papers.CONSENT)
    chart.on(0, hour=8)
    chart.appointment("Extracción de 38 y 48", days=0, hour=16)


def child(chart: Chart) -> None:
    number = chart.patient.number
    mouth = Mouth(seed=number, shade=0.05, crowding=0.4, missing=frozenset({-2 if number % 2 else 1}))
    tags = ("infantil",)
    chart.on(90 + number % 7)
    visit = chart.record("visit", "Revisión infantil")
    insurance = chart.record("insurance", "Seguro Ribera Familiar")
    chart.grant(PARENT, next(access for patient, access in CHILDREN if patient == chart.patient))
    front = chart.photo(partial(frontal, mouth), "intraoral/frontal", "Frontal", tags=tags)
    face = partial(portrait, chart.look, mouth, smiling=True)
    chart.photo(face, "extraoral/smile", "Sonrisa", tags=tags, camera=PHONE_UPRIGHT)
    chart.photo(partial(occlusal, mouth, "lower"), "intraoral/occlusal_lower", "Arcada inferior", tags=tags)
    chart.photo(partial(occlusal, mouth, "upper"), "intraoral/occlusal_upper", "Arcada superior", tags=tags)
    chart.xray(partial(panoramic, mouth), "panoramic", "Panorámica", tags=tags, on=(visit,))
    chart.xray(partial(bitewing, mouth), "bitewing", "Aleta de mordida", tags=tags, on=(visit,))
    chart.insured(insurance, "Ribera Familiar", f"5510 0{number} 77", (0, 92, 74))
    chart.consent("los padres")
    said = "Viene con su madre, Teresa."
    chart.note(NoteType.ADMINISTRATIVE, None, said, by=RECEPTIONIST, photos=(front,))
    chart.on(0, hour=8)
    chart.appointment("Revisión y sellado", days=0, hour=15 + number % 3)
