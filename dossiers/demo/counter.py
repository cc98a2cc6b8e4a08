"""One desk of the demonstration: who works there, who comes, and what they bring."""

import random
from typing import TypedDict

from dossiers.demo.mix import ORGANISED_SECTORS, Mix
from dossiers.demo.names import POOL, Applicant, organisation, person
from dossiers.demo.plan import COMMUNES
from dossiers.lifecycle.desks import Desks
from dossiers.lifecycle.intake import Intake
from dossiers.lifecycle.submitted_papers import Paper
from dossiers.models import Dossier
from motcua.models import Division, Office, Staff
from procedures.models import Procedure, ProcedureVersion
from procedures.offices.solving import Solvers

NEIGHBOURHOOD = POOL // len(COMMUNES)  # people of the pool in each commune
LAND = "Đất đai"
PAID_PER_COPY = 2000  # đồng: certified copies are paid by the page


class Submitter(TypedDict, total=False):
    """Who brings a dossier for somebody else; the names are those of `Intake`."""

    submitter_name: str
    submitter_id: str
    submitter_phone: str
    submitter_address: str
    authority_paper: str


class Counter:
    """A desk with its calendar, its procedures, its officers and the people around it."""

    def __init__(
        self, desks: Desks, office: Office, staff: dict[str, Staff], communes: list[Office]
    ) -> None:
        self.desks = desks
        self.office = office
        self.calendar = desks.calendar(office)
        self.mix = Mix(office)
        self.communes = communes
        self.here = next((n for n, c in enumerate(communes) if c.pk == office.pk), None)
        own = [officer for officer in staff.values() if officer.office_id == office.pk]
        self.clerks = [officer for officer in own if officer.is_clerk]
        self.specialists = {o.division_id: o for o in own if o.is_specialist}
        self.leaders = Division.objects.to_sign_at(office).select_related("office").first()
        self._solvers = Solvers([office])
        self._papers: dict[int, tuple[Paper, ...]] = {}
        self._fees: dict[int, int | None] = {}

    def clerk(self, rng: random.Random) -> Staff:
        return rng.choice(self.clerks)

    def division(self, version: ProcedureVersion) -> Division | None:
        """The division that solves this version's dossiers here."""
        return self._solvers.of(version.procedure, version, self.office).division

    def specialist(self, division: Division | None) -> Staff | None:
        """The officer of the division, where the demonstration has an account for one."""
        return self.specialists.get(division.pk) if division else None

    def intake(
        self,
        rng: random.Random,
        procedure: Procedure,
        version: ProcedureVersion,
        *,
        channel: str = Dossier.Channel.DIRECT,
        digits: int = 9,
        with_papers: bool = False,
        with_email: bool = False,
    ) -> Intake:
        """Somebody comes with a dossier: an invented person or organisation."""
        commune = self.here if self.here is not None and rng.random() < 0.96 else None
        if commune is None:
            sizes = [size for size, _, _ in COMMUNES.values()]
            commune = rng.choices(range(len(self.communes)), weights=sizes)[0]
        who = self._applicant(rng, procedure, commune, digits)
        address = self._address(who, commune)
        is_posted = channel == Dossier.Channel.POST
        return Intake(
            office=self.office,
            procedure=procedure,
            channel=channel,
            source=Dossier.Source.DEMO,
            applicant_kind=(
                Dossier.ApplicantKind.ORGANISATION
                if who.is_organisation
                else Dossier.ApplicantKind.PERSON
            ),
            applicant_name=who.name,
            applicant_id=who.number,
            phone=who.phone if rng.random() < 0.8 else "",
            email=who.email if with_email and rng.random() < 0.4 else "",
            address=address,
            **self._on_behalf(rng, who, commune, digits),
            subject=self._subject(rng, procedure, address),
            fee_vnd=self._fee(rng, version),
            fee_paid=bool(self._usual_fee(version)),
            return_method=Dossier.ReturnMethod.POST if is_posted else Dossier.ReturnMethod.DESK,
            return_address=address if is_posted else "",
            papers=self._papers_of(version) if with_papers else (),
        )

    def _applicant(
        self, rng: random.Random, procedure: Procedure, commune: int, digits: int
    ) -> Applicant:
        if procedure.sector.name in ORGANISED_SECTORS and rng.random() < 0.85:
            return organisation(rng.randrange(10_000))
        return person(commune * NEIGHBOURHOOD + rng.randrange(NEIGHBOURHOOD), digits=digits)

    def _on_behalf(
        self, rng: random.Random, who: Applicant, commune: int, digits: int
    ) -> Submitter:
        if not who.is_organisation and rng.random() > 0.05:
            return {}
        other = person(commune * NEIGHBOURHOOD + rng.randrange(NEIGHBOURHOOD), digits=digits)
        return {
            "submitter_name": other.name,
            "submitter_id": other.number,
            "submitter_phone": other.phone,
            "submitter_address": self._address(other, commune),
            "authority_paper": "Giấy giới thiệu" if who.is_organisation else "Giấy ủy quyền",
        }

    def _address(self, who: Applicant, commune: int) -> str:
        place = self.communes[commune]
        part = "Khóm" if place.kind == "thị trấn" else "Ấp"
        return f"{part} {who.hamlet}, {place.name[:1].lower()}{place.name[1:]}"

    def _subject(self, rng: random.Random, procedure: Procedure, address: str) -> str:
        if procedure.sector.name != LAND:
            return ""
        parcel, sheet = rng.randint(1, 999), rng.randint(1, 60)
        return f"{procedure.name}: thửa đất số {parcel}, tờ bản đồ số {sheet}, {address}"[:500]

    def _fee(self, rng: random.Random, version: ProcedureVersion) -> int | None:
        fee = self._usual_fee(version)
        return fee * rng.randint(1, 12) if fee == PAID_PER_COPY else fee

    def _usual_fee(self, version: ProcedureVersion) -> int | None:
        """The version's; where that of its time is not known, today's: invented people pay it."""
        if version.fee_vnd is not None:
            return version.fee_vnd
        if version.pk not in self._fees:
            of = ProcedureVersion.objects.filter(procedure=version.procedure_id)
            now = of.filter(in_force_to__isnull=True).first()
            self._fees[version.pk] = now.fee_vnd if now else None
        return self._fees[version.pk]

    def _papers_of(self, version: ProcedureVersion) -> tuple[Paper, ...]:
        if version.pk not in self._papers:
            self._papers[version.pk] = tuple(
                Paper(name=paper.name, kind=paper.kind, copies=paper.copies, required=paper)
                for paper in version.papers.all()
                if paper.is_required
            )
        return self._papers[version.pk]
