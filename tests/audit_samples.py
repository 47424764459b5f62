"""Claimed sheets that are right, made from scored units; and the same with one fault planted in them."""

import datetime
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from attrs import evolve, field, frozen

import cchc_index as cchc
from cchc_index.auditing.findings import FindingKind
from cchc_index.auditing.sheet import Sheet, SheetRow
from cchc_index.auditing.verify import Audit, Beside, verify
from cchc_index.criteria import Criterion, Points, Ruleset
from cchc_index.facts import Evidence, Period, Submission
from cchc_index.measures import Fact, FactType
from cchc_index.points import round_half_up
from cchc_index.rules import Awarded
from cchc_index.scoring.trace import Card
from cchc_index.sources import NOT_STATED

ROOT = Path(__file__).parents[1]
CENT = Fraction(1, 100)
PERIOD = Period(datetime.date(2025, 1, 1), datetime.date(2025, 12, 31))
DEADLINE = datetime.date(2025, 12, 20)


@frozen(slots=False)
class Sample:
    """A ruleset, a unit, the sheet it hands in, and what stands beside it."""

    rules: Ruleset
    unit: Submission
    sheet: Sheet
    beside: Beside = field(factory=lambda: Beside(deadline=DEADLINE))

    def audit(self) -> Audit:
        return verify(self.rules, self.unit, sheet=self.sheet, beside=self.beside)

    @cached_property
    def card(self) -> Card:
        return cchc.score(self.rules, self.unit)


@cache
def commune_rules() -> Ruleset:
    return cchc.load("mau/cap-xa/1")


@cache
def commune_units() -> tuple[Submission, ...]:
    return tuple(cchc.read_submission(file) for file in sorted((ROOT / "examples" / "mau-cap-xa").glob("*.yaml")))


def printed(points: Points) -> Fraction | None:
    """Points as a sheet prints them: to two decimals."""
    return None if points is NOT_STATED else round_half_up(points, CENT)


def with_evidence(rules: Ruleset, unit: Submission, papers: Callable[[], Evidence]) -> Submission:
    wanted = {criterion.code: (papers(),) for criterion in rules.walk() if criterion.evidence}
    return evolve(unit, evidence=wanted, claims=())


def sheet_of(rules: Ruleset, card: Card) -> Sheet:
    """The sheet that a unit hands in when it has made no mistake; what is not assessed is said so."""
    rows: list[SheetRow] = []
    for criterion in rules.walk():
        line = card[criterion.code]
        left_out = "không áp dụng" if line.exempted and not criterion.children else ""
        claimed = None if left_out else printed(line.points)
        awarded = None if left_out else printed(line.points)
        most = None if criterion.max_points is NOT_STATED else criterion.max_points
        place = f"phieu.csv:{len(rows) + 2}"
        rows.append(
            SheetRow(criterion.code, criterion.name, most, claimed, awarded, not_assessed=left_out, place=place)
        )
    whole = None if rules.max_points is NOT_STATED else rules.max_points
    total = printed(card.points)
    return Sheet(tuple(rows), SheetRow("", "Tổng điểm", whole, total, total, place="phieu.csv:1"))


def commune_sample(r: Random) -> Sample:
    """A commune of the teaching set, its figures moved about, its evidence dated inside the period."""
    rules = commune_rules()
    while True:
        unit = r.choice(commune_units())
        unit = with_evidence(rules, evolve(unit, figures=moved(r, rules, unit.figures)), lambda: made_paper(r))
        try:
            card = cchc.score(rules, unit)
        except cchc.CchcError:
            continue
        return Sample(rules, unit, sheet_of(rules, card))


def made_paper(r: Random) -> Evidence:
    day = PERIOD.start + datetime.timedelta(r.randrange((DEADLINE - PERIOD.start).days + 1))
    return Evidence(f"{r.randint(1, 300)}/BC-UBND", r.choice((day, day, None)))


def moved(r: Random, rules: Ruleset, figures: Any) -> dict[str, Any]:
    """The figures with a few counts changed; counts are numbers, all else is as in the file."""
    counts = {name: int(value) for name, value in figures.items() if rules.facts_by_name[name].type is FactType.COUNT}
    changed = {name: r.randint(0, 2 * counts[name] + 2) for name in r.sample(sorted(counts), r.randint(0, 6))}
    return {**figures, **counts, **changed}


# -- faults ------------------------------------------------------------------------------------------------------------


class Planted(NamedTuple):
    """A sample with one fault, and where it must be found."""

    sample: Sample
    kind: FindingKind
    code: str


def leaves(sample: Sample) -> list[Criterion]:
    """The rows that are scored and assessed, bonus and penalty left out."""
    card = sample.card
    trees = [one for root in sample.rules.criteria for one in root.walk()]
    return [one for one in trees if not one.children and not card[one.code].exempted]


def with_row(sample: Sample, code: str, **changes: Any) -> Sample:
    rows = tuple(evolve(row, **changes) if row.code == code else row for row in sample.sheet.rows)
    return evolve(sample, sheet=evolve(sample.sheet, rows=rows))


def other_claim(r: Random, sample: Sample) -> tuple[Criterion, Fraction]:
    """A row, and points that it might have and does not follow from the figures."""
    while True:
        leaf = r.choice(leaves(sample))
        points, whole = sample.card[leaf.code].points, leaf.max_points
        assert points is not NOT_STATED
        assert whole is not NOT_STATED
        claim = round_half_up(Fraction(r.randint(0, 100), 100) * whole, CENT)
        if abs(claim - points) >= CENT:
            return leaf, claim


def plant_claim(r: Random, sample: Sample) -> Planted:
    leaf, claim = other_claim(r, sample)
    return Planted(with_row(sample, leaf.code, claimed=claim), FindingKind.NOT_REPRODUCIBLE, leaf.code)


def plant_award(r: Random, sample: Sample) -> Planted:
    leaf, claim = other_claim(r, sample)
    return Planted(with_row(sample, leaf.code, appraised=claim), FindingKind.AWARDED_DIFFERS, leaf.code)


def plant_above(r: Random, sample: Sample) -> Planted:
    leaf = r.choice(leaves(sample))
    assert leaf.max_points is not NOT_STATED
    claim = leaf.max_points + Fraction(r.randint(1, 300), 100)
    return Planted(with_row(sample, leaf.code, claimed=claim), FindingKind.ABOVE_MAXIMUM, leaf.code)


def plant_total(r: Random, sample: Sample) -> Planted:
    """A sum changed by more than all print rounding of the sheet together."""
    heads = [one for one in sample.rules.walk() if one.children and not sample.card[one.code].exempted]
    gap = r.choice((-1, 1)) * Fraction(r.randint(50, 300), 100)
    head = r.choice([*heads, None])
    if head is None:
        total = sample.sheet.total
        assert total
        assert total.claimed is not None
        changed = evolve(sample.sheet, total=evolve(total, claimed=total.claimed + gap))
        return Planted(evolve(sample, sheet=changed), FindingKind.TOTAL_NOT_SUM, "")
    points = printed(sample.card[head.code].points)
    assert points is not None
    return Planted(with_row(sample, head.code, claimed=points - abs(gap)), FindingKind.TOTAL_NOT_SUM, head.code)


def plant_maximum(r: Random, sample: Sample) -> Planted:
    one = r.choice(list(sample.rules.walk()))
    assert one.max_points is not NOT_STATED
    whole = one.max_points + Fraction(r.choice((-3, -1, 1, 2)), 4)
    return Planted(with_row(sample, one.code, max_points=whole), FindingKind.MAXIMUM_ALTERED, one.code)


def plant_missing(r: Random, sample: Sample) -> Planted:
    leaf = r.choice(leaves(sample))
    rows = tuple(row for row in sample.sheet.rows if row.code != leaf.code)
    return Planted(evolve(sample, sheet=evolve(sample.sheet, rows=rows)), FindingKind.CRITERION_MISSING, leaf.code)


def plant_extra(r: Random, sample: Sample) -> Planted:
    row = SheetRow("9.9.9", "Tiêu chí tự thêm", Fraction(1), Fraction(1), place="phieu.csv:99")
    return Planted(inserted(r, sample, row), FindingKind.CRITERION_EXTRA, "9.9.9")


def plant_repeated(r: Random, sample: Sample) -> Planted:
    row = r.choice(sample.sheet.rows)
    return Planted(inserted(r, sample, evolve(row, place="phieu.csv:99")), FindingKind.CRITERION_REPEATED, row.code)


def inserted(r: Random, sample: Sample, row: SheetRow) -> Sample:
    rows = list(sample.sheet.rows)
    rows.insert(r.randint(0, len(rows)), row)
    return evolve(sample, sheet=evolve(sample.sheet, rows=tuple(rows)))


def plant_blank(r: Random, sample: Sample) -> Planted:
    leaf = r.choice([one for one in leaves(sample) if not isinstance(one.rule, Awarded)])
    return Planted(with_row(sample, leaf.code, claimed=None), FindingKind.CLAIM_BLANK, leaf.code)


def evidenced(r: Random, sample: Sample) -> Criterion:
    return r.choice([one for one in leaves(sample) if one.evidence and sample.card[one.code].points])


def with_papers(sample: Sample, code: str, *papers: Evidence) -> Sample:
    held = {one: given for one, given in sample.unit.evidence.items() if one != code}
    return evolve(sample, unit=evolve(sample.unit, evidence=held | ({code: papers} if papers else {})))


def plant_no_evidence(r: Random, sample: Sample) -> Planted:
    code = evidenced(r, sample).code
    return Planted(with_papers(sample, code), FindingKind.EVIDENCE_MISSING, code)


def plant_late(r: Random, sample: Sample) -> Planted:
    code, day = evidenced(r, sample).code, DEADLINE + datetime.timedelta(r.randint(1, 40))
    return Planted(with_papers(sample, code, Evidence("99/BC", day)), FindingKind.EVIDENCE_LATE, code)


def plant_outside(r: Random, sample: Sample) -> Planted:
    code, day = evidenced(r, sample).code, PERIOD.start - datetime.timedelta(r.randint(1, 400))
    return Planted(with_papers(sample, code, Evidence("98/KH", day)), FindingKind.EVIDENCE_OUTSIDE_PERIOD, code)


def plant_exemption(r: Random, sample: Sample) -> Planted:
    """A criterion left out that may not be: asked for beside the figures, or written into the sheet."""
    leaf = r.choice([one for one in leaves(sample) if not one.exemptions])
    kind = FindingKind.EXEMPTION_NOT_ALLOWED
    if r.random() < 0.5:
        unit = evolve(sample.unit, exemptions={**sample.unit.exemptions, leaf.code: "không phát sinh"})
        return Planted(evolve(sample, unit=unit), kind, leaf.code)
    return Planted(with_row(sample, leaf.code, claimed=None, not_assessed="Không áp dụng"), kind, leaf.code)


def users(sample: Sample, name: str) -> list[str]:
    return [one.code for one in sample.rules.walk() if name in {fact.name for fact in sample.rules.inputs[one.code]}]


def plant_part(r: Random, sample: Sample) -> Planted:
    """A part above its whole: numerator above denominator."""
    facts = [fact for fact in sample.rules.facts_by_name.values() if is_part(sample, fact)]
    fact = r.choice(facts)
    whole = sample.unit.figures[str(fact.part_of)]
    figures = {**sample.unit.figures, fact.name: int(whole) + r.randint(1, 5)}
    unit = evolve(sample.unit, figures=figures)
    return Planted(evolve(sample, unit=unit), FindingKind.FIGURES_INCONSISTENT, users(sample, fact.name)[0])


def is_part(sample: Sample, fact: Fact) -> bool:
    return isinstance(sample.unit.figures.get(str(fact.part_of)), int) and fact.name in sample.unit.figures


def plant_unusable(r: Random, sample: Sample) -> Planted:
    words = [fact.name for fact in sample.rules.facts_by_name.values() if fact.type is FactType.YES_NO]
    name = r.choice([word for word in words if users(sample, word)])
    unit = evolve(sample.unit, figures={**sample.unit.figures, name: "chắc là có"})
    return Planted(evolve(sample, unit=unit), FindingKind.FIGURE_UNUSABLE, users(sample, name)[0])


def plant_lacking(r: Random, sample: Sample) -> Planted:
    """A figure that a row needs is not given: the row cannot be computed, and is not 0."""
    while True:
        name = r.choice(sorted(sample.unit.figures))
        figures = {key: value for key, value in sample.unit.figures.items() if key != name}
        unit = evolve(sample.unit, figures=figures)
        try:
            cchc.score(sample.rules, unit)
        except cchc.MissingFacts as error:
            codes = [code for code in error.missing.get(name, ()) if code in sample.rules.by_code]
            if codes and not sample.rules[codes[0]].children:
                return Planted(evolve(sample, unit=unit), FindingKind.NOT_COMPUTABLE, codes[0])
        except cchc.CchcError:
            continue


def plant_version(r: Random, sample: Sample) -> Planted:
    other: dict[str, Any] = r.choice(({"version": "2024"}, {"ruleset": "mau/cap-tinh"}))
    unit = evolve(sample.unit, **other)
    return Planted(evolve(sample, unit=unit), FindingKind.RULESET_OTHER, "")


def plant_not_in_force(r: Random, sample: Sample) -> Planted:
    """A set that the same decision replaced during the period."""
    newer = evolve(
        sample.rules,
        version="2",
        application=evolve(sample.rules.application, since=datetime.date(2025, 6, 1), replaces=(sample.rules.full_id,)),
    )
    beside = evolve(sample.beside, known=(sample.rules, newer))
    return Planted(evolve(sample, beside=beside), FindingKind.RULESET_NOT_IN_FORCE, "")


SENTENCES = (
    "tiếp nhận 15.051 = 1.727 + 13.342 hồ sơ",
    "đúng hạn 10.840/12.530 hồ sơ, đạt 85,6%",
    "đã giải quyết 12.530 hồ sơ, trong đó đúng hạn 10.840 hồ sơ chiếm tỷ lệ 86,6%",
)


def plant_sentence(r: Random, sample: Sample) -> Planted:
    code = r.choice(leaves(sample)).code
    return Planted(with_row(sample, code, note=r.choice(SENTENCES)), FindingKind.FIGURES_INCONSISTENT, code)


PLANTS: dict[str, Callable[[Random, Sample], Planted]] = {
    name.removeprefix("plant_"): plant for name, plant in globals().items() if name.startswith("plant_")
}


def planted(seed: int) -> Iterator[Planted]:
    """One sheet for each kind of fault."""
    for number, plant in enumerate(PLANTS.values()):
        r = Random(seed * 1000 + number)
        yield plant(r, commune_sample(r))
