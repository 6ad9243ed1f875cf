"""Made-up families in every source's own words, for tests that run the chain: two parents and a child in one home in Oxford.

A family's rows agree with one another: the police, the prison and children's services mean the same people and the same home.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from paramount_assets.vocabulary import Day
from tests.deliveries import (
    Row,
    movement,
    police_address,
    police_association,
    police_person,
    services_child,
    services_family_member,
)

POSTCODES = ("OX1 1AA", "OX1 4EH", "OX2 6DF", "OX2 8FU", "OX3 7AN", "OX3 9DN", "OX4 1AA", "OX4 2DL")
"""Postcodes that exist, all in Oxford."""

SURNAMES = ("Addlethorpe", "Brackenbury", "Cattermole", "Dunnaway", "Ellerbeck", "Featherly", "Gadsbury", "Hathersmith")
_FATHERS = ("Alwyn", "Barnaby", "Crispin", "Dermot", "Emlyn", "Fergal", "Gareth", "Howell")
_MOTHERS = ("Agatha", "Bronwen", "Clarice", "Dorcas", "Eluned", "Fenella", "Glenys", "Hester")
_CHILDREN = ("Arlo", "Beth", "Cai", "Daisy", "Ewan", "Fern", "Gwen", "Hugo")
_CHECK_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"


@dataclass(frozen=True)
class Parent:
    """One parent: in the police's records under `person_id`, in prison under `prisoner_number`."""

    person_id: str
    prisoner_number: str
    booking_id: str
    first_name: str
    last_name: str
    date_of_birth: str
    gender: str
    pnc_number: str


@dataclass(frozen=True)
class Family:
    """Two parents and their child, who live together. The number tells families apart."""

    number: int

    @property
    def surname(self) -> str:
        return SURNAMES[self.number]

    @property
    def postcode(self) -> str:
        return POSTCODES[self.number]

    @property
    def address_line(self) -> str:
        return f"{10 + self.number} Made Up Street, Oxford"

    @property
    def address_id(self) -> str:
        return f"AD{self.number}"

    @property
    def father(self) -> Parent:
        return self._parent("F", _FATHERS[self.number], f"198{self.number}-02-1{self.number}", "M")

    @property
    def mother(self) -> Parent:
        return self._parent("M", _MOTHERS[self.number], f"198{self.number}-07-0{self.number + 1}", "F")

    @property
    def child_person_id(self) -> str:
        return f"P{self.number}C"

    @property
    def child_id(self) -> str:
        return f"C{self.number}"

    @property
    def source_records(self) -> set[str]:
        """The records of the child."""
        return {f"police_records:{self.child_person_id}", f"childrens_services:{self.child_id}"}

    def _parent(self, role: str, first_name: str, date_of_birth: str, gender: str) -> Parent:
        serial = 100_000 + self.number * 10 + (role == "M")
        return Parent(
            person_id=f"P{self.number}{role}",
            prisoner_number=f"A{1000 + self.number}{role}B",
            booking_id=f"{1_000_000 + serial}",
            first_name=first_name,
            last_name=self.surname,
            date_of_birth=date_of_birth,
            gender=gender,
            pnc_number=f"2012/{serial:07d}{_CHECK_LETTERS[(12 * 10**7 + serial) % 23]}",
        )


def reception_id(parent: Parent, sequence: int = 1) -> str:
    """The id that the chain gives the reception of a parent."""
    key = f"{parent.prisoner_number}|{parent.booking_id}|{sequence}"
    return f"R{hashlib.sha256(key.encode()).hexdigest()[:15]}"


def received(family: Family, parent: Parent, day: Day, sequence: int = 1, **overrides: str) -> Row:
    """The movement that tells of a parent's reception in the extract of a day, from the family's home."""
    row = {
        "prisoner_number": parent.prisoner_number,
        "booking_id": parent.booking_id,
        "movement_sequence": str(sequence),
        "movement_at": f"{day - dt.timedelta(days=1)}T15:20:00",
        "pnc_number": parent.pnc_number,
        "cro_number": "",
        "last_name": parent.last_name,
        "first_name": parent.first_name,
        "date_of_birth": parent.date_of_birth,
        "gender": parent.gender,
        "address_line": family.address_line,
        "postcode": family.postcode,
        "number_of_children": "1",
    }
    return movement(**(row | overrides))


def let_out(family: Family, parent: Parent, day: Day, sequence: int = 2) -> Row:
    """The movement that tells of a parent's release in the extract of a day."""
    return received(
        family,
        parent,
        day,
        sequence,
        movement_type_code="REL",
        movement_reason_code="CR",
        in_out_status="OUT",
        prison_id="OUT",
        movement_at=f"{day - dt.timedelta(days=1)}T09:10:00",
    )


def police_files(families: Iterable[Family]) -> dict[str, list[Row]]:
    """What the police hold of the families: persons, homes, who is whose parent. No alias and no marker."""
    files: dict[str, list[Row]] = {
        name: [] for name in ("persons", "person_names", "person_addresses", "associations", "markers")
    }
    for family in families:
        parents = (family.father, family.mother)
        child = police_person(
            person_id=family.child_person_id,
            first_name=_CHILDREN[family.number],
            last_name=family.surname,
            date_of_birth=f"201{family.number}-05-20",
            gender="NK",
            pnc_id="",
        )
        files["persons"] += [*(_person(parent) for parent in parents), child]
        files["person_addresses"] += [_home(family, row["person_id"]) for row in files["persons"][-3:]]
        files["associations"] += [
            police_association(person_id=parent.person_id, related_person_id=family.child_person_id) for parent in parents
        ]
    return files


def services_files(families: Iterable[Family]) -> dict[str, list[Row]]:
    """What children's services hold of the families: the child, and both parents as members of its family. No plan."""
    files: dict[str, list[Row]] = {"children": [], "family_members": [], "plans": []}
    for family in families:
        files["children"].append(
            services_child(
                child_id=family.child_id,
                last_name=family.surname,
                first_name=_CHILDREN[family.number],
                date_of_birth=f"201{family.number}-05-20",
                gender="NK",
                address_line=family.address_line,
                postcode=family.postcode,
            )
        )
        files["family_members"] += [
            services_family_member(
                child_id=family.child_id,
                member_number=str(number),
                family_id=f"FAM{family.number}",
                person_last_name=parent.last_name,
                person_first_name=parent.first_name,
                person_date_of_birth=parent.date_of_birth,
                relationship_code=relationship,
            )
            for number, (parent, relationship) in enumerate(((family.father, "father"), (family.mother, "mother")), 1)
        ]
    return files


def _person(parent: Parent) -> Row:
    return police_person(
        person_id=parent.person_id,
        last_name=parent.last_name,
        first_name=parent.first_name,
        date_of_birth=parent.date_of_birth,
        gender=parent.gender,
        pnc_id=parent.pnc_number,
    )


def _home(family: Family, person_id: str) -> Row:
    return police_address(
        person_id=person_id, address_id=family.address_id, address_line=family.address_line, postcode=family.postcode
    )
