"""Who is in the demo clinic. All of them are invented."""

from dataclasses import dataclass
from datetime import date

from domain.access import Access, Origin, Principal, Role
from domain.ids import ClinicId, PatientId, UserId
from entrypoints.demo.drawing.people import Look, look

CLINIC_ID = ClinicId("la-marina")


@dataclass(frozen=True, slots=True)
class Person:
    user: str
    name: str
    role: Role

    @property
    def principal(self) -> Principal:
        return Principal(
            clinic_id=CLINIC_ID,
            user_id=UserId(self.user),
            name=self.name,
            roles=frozenset({self.role}),
            origin=Origin(address="127.0.0.1", request_id="demo"),
        )


ADMIN = Person("u-elena", "Elena Ortiz Vega", Role.ADMIN)
DENTIST = Person("u-javier", "Javier Molina Cano", Role.DENTIST)
HYGIENIST = Person("u-lucia", "Lucía Herrera Pons", Role.HYGIENIST)
ASSISTANT = Person("u-marta", "Marta Gil Esteve", Role.ASSISTANT)
RECEPTIONIST = Person("u-pablo", "Pablo Serrano Rey", Role.RECEPTIONIST)
PARENT = Person("u-teresa", "Teresa Prieto Lozano", Role.ACCOUNT)
PEOPLE = (ADMIN, DENTIST, HYGIENIST, ASSISTANT, RECEPTIONIST, PARENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPatient:
    number: int
    name: str
    birth_date: date
    long_hair: bool = False
    family: str = ""
    """Those of one family look alike."""

    @property
    def id(self) -> PatientId:
        return PatientId(f"p-{self.number}")

    def look(self, today: date) -> Look:
        return look(
            self.number,
            family=self.family or str(self.number),
            long_hair=self.long_hair,
            age=today.year - self.birth_date.year,
        )


LUCIA = DemoPatient(number=101, name="Lucía Fernández Gómez", birth_date=date(1994, 3, 14), long_hair=True)
ANTONIO = DemoPatient(number=102, name="Antonio Ruiz Martín", birth_date=date(1961, 11, 2))
MARIA = DemoPatient(number=103, name="María José Torres Vidal", birth_date=date(1978, 7, 21), long_hair=True)
JAVIER = DemoPatient(number=104, name="Javier Romero Castillo", birth_date=date(1986, 1, 30))
ISABEL = DemoPatient(number=105, name="Isabel Moreno Díaz", birth_date=date(1952, 9, 8), long_hair=True)
ALVARO = DemoPatient(number=106, name="Álvaro Jiménez Soler", birth_date=date(2001, 5, 17))
NURIA = DemoPatient(number=107, name="Nuria Campos Ibáñez", birth_date=date(1969, 12, 12), long_hair=True)
HUGO = DemoPatient(number=108, name="Hugo Navarro Prieto", birth_date=date(2016, 4, 3), family="Navarro")
DANIELA = DemoPatient(
    number=109, name="Daniela Navarro Prieto", birth_date=date(2018, 8, 25), long_hair=True, family="Navarro"
)
MATEO = DemoPatient(number=110, name="Mateo Navarro Prieto", birth_date=date(2013, 2, 11), family="Navarro")

CHILDREN = ((HUGO, Access.FULL), (DANIELA, Access.EDIT), (MATEO, Access.VIEW))
"""Whom the parent looks after, and how far."""
