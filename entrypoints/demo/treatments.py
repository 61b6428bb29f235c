"""Patients whose treatment is over: photos before and after, in pairs."""

from dataclasses import replace
from functools import partial

from domain.media import DocumentType
from domain.notes import NoteType
from entrypoints.demo import papers
from entrypoints.demo.cast import HYGIENIST
from entrypoints.demo.chart import Chart
from entrypoints.demo.drawing.faces import portrait
from entrypoints.demo.drawing.intraoral import frontal, lateral, occlusal
from entrypoints.demo.drawing.mouth import Mouth
from entrypoints.demo.drawing.profiles import profile
from entrypoints.demo.drawing.smiles import smile
from entrypoints.demo.drawing.xrays import bitewing, cephalometric, panoramic, periapical
from entrypoints.demo.snapshot import PHONE, PHONE_UPRIGHT, REFLEX_OVERHEAD


def orthodontics(chart: Chart) -> None:
    after = Mouth(seed=101, shade=0.22)
    first, upper = _orthodontic_study(chart, replace(after, crowding=0.85, shade=0.3, redness=0.3))
    tags = ("ortodoncia", "final")
    chart.on(210)
    treatment = chart.record("treatment", "Ortodoncia fija superior e inferior")
    braced = replace(after, crowding=0.35, brackets=True)
    chart.photo(partial(frontal, braced), "clinical/progress", "Control a los 7 meses", tags=tags[:1], on=(treatment,))
    chart.photo(partial(lateral, braced, "right"), "clinical/progress", "Lateral con brackets", tags=tags[:1])
    chart.on(24)
    last = chart.photo(partial(frontal, after), "intraoral/frontal", "Frontal final", tags=tags, pair=first)
    arch = partial(occlusal, after, "upper")
    chart.photo(arch, "intraoral/occlusal_upper", "Oclusal superior final", tags=tags, pair=upper)
    chart.photo(partial(smile, chart.look, after), "extraoral/smile", "Sonrisa final", tags=tags, camera=PHONE)
    chart.note(NoteType.TREATMENT, treatment, "Se retiran los brackets. Retenedor fijo de 3 a 3.", photos=(last,))
    chart.appointment("Revisión de retenedores", days=25, hour=10)


def _orthodontic_study(chart: Chart, mouth: Mouth) -> tuple[str, str]:
    """The photos that have one taken after: of the front and of the upper arch."""
    tags = ("ortodoncia", "estudio")
    chart.on(420)
    visit = chart.record("visit", "Primera visita de ortodoncia")
    plan = chart.record("plan", "Ortodoncia con brackets")
    study = chart.record("plan_item", "Estudio de ortodoncia")
    chart.record("plan_item", "Brackets metálicos, 12 meses")
    front = chart.photo(partial(frontal, mouth), "intraoral/frontal", "Frontal inicial", tags=tags, on=(plan, study))
    for side, subtype, title in (("right", "lateral_right", "derecha"), ("left", "lateral_left", "izquierda")):
        chart.photo(partial(lateral, mouth, side), f"intraoral/{subtype}", f"Lateral {title} inicial", tags=tags)
    arch, camera = partial(occlusal, mouth, "upper"), REFLEX_OVERHEAD
    upper = chart.photo(arch, "intraoral/occlusal_upper", "Oclusal superior inicial", tags=tags, camera=camera)
    arch = partial(occlusal, mouth, "lower")
    chart.photo(arch, "intraoral/occlusal_lower", "Oclusal inferior inicial", tags=tags, camera=camera)
    face = partial(portrait, chart.look, mouth, smiling=False)
    chart.photo(face, "extraoral/frontal_face", "Frontal de cara", camera=PHONE_UPRIGHT)
    chart.photo(partial(profile, chart.look, "right"), "extraoral/profile_right", "Perfil derecho")
    film = chart.xray(partial(panoramic, mouth), "panoramic", "Panorámica inicial", tags=tags, on=(study,))
    chart.xray(partial(cephalometric, mouth), "cephalometric_lateral", "Telerradiografía lateral", on=(study,))
    said = "Apiñamiento moderado en ambas arcadas, clase I molar."
    chart.note(NoteType.DIAGNOSIS, None, said, photos=(front, upper, film))
    chart.note(NoteType.TREATMENT_PLAN, plan, "Brackets metálicos 12 meses y retención fija. Revisión cada 6 semanas.")
    chart.consent("ortodoncia", plan)
    chart.paper(DocumentType.REPORT, "Informe de ortodoncia", said, "Se propone ortodoncia fija.", on=(visit,))
    return front, upper


def implant(chart: Chart) -> None:
    gap = Mouth(seed=102, shade=0.55, missing=frozenset({-4}), redness=0.35)
    done = replace(gap, missing=frozenset(), redness=0.2)
    tags = ("implante",)
    chart.on(300)
    plan = chart.record("plan", "Implante en 14")
    item = chart.record("plan_item", "Implante 14 y corona")
    procedure = chart.record("procedure", "Colocación de implante 14")
    film = chart.xray(partial(panoramic, gap), "panoramic", "Panorámica previa", tags=tags, on=(item,))
    before = chart.photo(partial(frontal, gap), "clinical/before", "Antes del implante", tags=tags, on=(plan,))
    chart.photo(partial(lateral, gap, "right"), "intraoral/lateral_right", "Espacio de 14", tags=tags)
    said = "Ausencia de 14; hueso suficiente en anchura y altura."
    chart.note(NoteType.DIAGNOSIS, None, said, tooth=14, photos=(film,))
    chart.consent("implante", procedure)
    chart.paper(DocumentType.REFERRAL, "Derivación a cirugía", "Se solicita valoración para implante en posición 14.")
    chart.on(180)
    screw = partial(periapical, done, implant=True)
    chart.xray(screw, "periapical", "Periapical del implante", tags=tags, on=(procedure, item))
    chart.filed(procedure, "instrucciones postoperatorias", "instructions", *papers.ADVICE)
    chart.on(45)
    control = partial(panoramic, gap, implant=-4)
    chart.xray(control, "panoramic", "Panorámica de control", tags=tags, pair=film)
    chart.photo(partial(frontal, done), "clinical/after", "Después del implante", tags=tags, pair=before)
    chart.photo(partial(portrait, chart.look, done, smiling=True), "extraoral/frontal_face", "Retrato final")
    appointment, _ = chart.appointment("Control del implante", days=45, hour=12)
    chart.note(NoteType.APPOINTMENT_CLINICAL, appointment, "Buena integración. Próximo control en 6 meses.")


def whitening(chart: Chart) -> None:
    stained, bright = Mouth(seed=103, shade=0.95), Mouth(seed=103, shade=0.0)
    tags = ("estética",)
    chart.on(75)
    treatment = chart.record("treatment", "Blanqueamiento en clínica")
    insurance = chart.record("insurance", "Seguro Costa Dental")
    chart.insured(insurance, "Costa Dental", "0821 4477 9034", (24, 96, 128))
    near = partial(smile, chart.look, stained)
    before = chart.photo(near, "extraoral/smile", "Sonrisa antes", tags=tags, on=(treatment,))
    front = chart.photo(partial(frontal, stained), "clinical/before", "Color inicial A4", tags=tags)
    chart.consent("blanqueamiento", treatment)
    chart.on(60)
    near = partial(smile, chart.look, bright)
    after = chart.photo(near, "extraoral/smile", "Sonrisa después", tags=tags, pair=before, on=(treatment,))
    chart.photo(partial(frontal, bright), "clinical/after", "Color final A1", tags=tags, pair=front)
    face = partial(portrait, chart.look, bright, smiling=False)
    unwanted = chart.photo(face, "extraoral/rest", "Repetida por error", camera=PHONE)
    face = partial(portrait, chart.look, bright, smiling=True)
    chart.photo(face, "extraoral/frontal_face", "Retrato final", camera=PHONE_UPRIGHT)
    chart.note(NoteType.TREATMENT, treatment, "De A4 a A1 en dos sesiones. Sin sensibilidad.", photos=(before, after))
    chart.trash(unwanted)


def restoration(chart: Chart) -> None:
    decayed = Mouth(seed=104, shade=0.45, decayed=frozenset({-4, 5, 6}), redness=0.3)
    mended = replace(decayed, decayed=frozenset(), shade=0.4)
    tags = ("caries",)
    chart.on(40)
    visit = chart.record("visit", "Dolor en el segundo cuadrante")
    treatment = chart.record("treatment", "Obturaciones 14, 25 y 26")
    arch = partial(occlusal, decayed, "upper")
    before = chart.photo(arch, "intraoral/occlusal_upper", "Caries en 14, 25 y 26", tags=tags, on=(treatment,))
    chart.photo(partial(frontal, decayed), "intraoral/frontal", "Frontal", tags=tags)
    wing = chart.xray(partial(bitewing, decayed), "bitewing", "Aleta de mordida", tags=tags, on=(visit,))
    chart.xray(partial(periapical, decayed), "periapical", "Periapical de 14", tags=tags, on=(treatment,))
    said = "Caries oclusal profunda, vitalidad positiva."
    chart.note(NoteType.DIAGNOSIS, None, said, tooth=26, photos=(before, wing))
    chart.filed(visit, "resumen de la visita", "summary", said, *papers.ADVICE)
    chart.on(12)
    appointment, session = chart.appointment("Obturaciones", days=0, hour=11)
    arch = partial(occlusal, mended, "upper")
    chart.photo(arch, "intraoral/occlusal_upper", "Obturaciones terminadas", tags=tags, pair=before, on=(session,))
    chart.photo(partial(lateral, mended, "left"), "intraoral/lateral_left", "Oclusión tras obturar", on=(session,))
    chart.xray(partial(bitewing, mended), "bitewing", "Aleta de control", tags=tags, pair=wing, on=(session,))
    chart.note(NoteType.APPOINTMENT_CLINICAL, appointment, "Tres obturaciones de composite bajo aislamiento.")


def periodontics(chart: Chart) -> None:
    inflamed = Mouth(seed=107, shade=0.6, redness=0.95)
    healed = replace(inflamed, shade=0.45, redness=0.1)
    tags = ("periodoncia",)
    chart.on(150)
    treatment = chart.record("treatment", "Raspado y alisado radicular")
    front = partial(frontal, inflamed)
    before = chart.photo(front, "clinical/before", "Encías inflamadas", tags=tags, on=(treatment,))
    chart.photo(partial(lateral, inflamed, "right"), "intraoral/lateral_right", "Lateral derecha", tags=tags)
    chart.photo(partial(lateral, inflamed, "left"), "intraoral/lateral_left", "Lateral izquierda", tags=tags)
    chart.xray(partial(bitewing, inflamed), "bitewing", "Aletas de mordida", tags=tags, on=(treatment,))
    said = "Bolsas de 5 mm en 16 y 26. Cuatro sesiones."
    chart.note(NoteType.TREATMENT, treatment, said, by=HYGIENIST, photos=(before,))
    chart.on(35)
    chart.photo(partial(frontal, healed), "clinical/after", "Encías sanas", tags=tags, pair=before)
    face = partial(portrait, chart.look, healed, smiling=True, turn=0.7)
    chart.photo(face, "extraoral/three_quarter_right", "Tres cuartos", camera=PHONE)
    chart.appointment("Mantenimiento periodontal", days=36, hour=9)
