"""What is known at a place in the file while it is lowered, and how what is wrong there is told."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from attrs import evolve, frozen

from cchc_index import criteria as core
from cchc_index import rules, sources
from cchc_index.errors import Fault, Path, Text, did_you_mean
from cchc_index.files import schema
from cchc_index.measures import Fact, FactType
from cchc_index.sources import NOT_STATED, Basis, Citation, Quote

T = TypeVar("T")


class Slip(Exception):
    """One thing that cannot be lowered, with its path."""

    def __init__(self, path: Path, vi: str, en: str, hint: Text | None = None) -> None:
        super().__init__(vi)
        self.fault = Fault(Text(vi, en), path, hint=hint)


@frozen
class Scope:
    """What is known at a place in the file: its path, its citation, the figures, and where faults go."""

    path: Path
    citation: Citation
    sentence: Basis
    facts: Mapping[str, Fact]
    documents: Mapping[str, schema.Document]
    faults: list[Fault]
    common: tuple[core.Exemption, ...] = ()

    def at(self, *path: str | int) -> "Scope":
        return evolve(self, path=self.path + path)

    def slip(self, vi: str, en: str, *path: str | int, hint: Text | None = None) -> Slip:
        return Slip(self.path + path, vi, en, hint)

    def fact(self, name: str, *path: str | int) -> Fact:
        """The declared figure behind a name; `phieu.A` is an option of a survey."""
        base, _, option = name.partition(".")
        fact = self.facts.get(base)
        if fact is None or (option and option not in dict(fact.options)):
            known = [*self.facts, *(f"{f.name}.{o}" for f in self.facts.values() for o, _ in f.options)]
            raise self.slip(
                f"chưa khai báo số liệu «{name}»",
                f"figure «{name}» is not declared",
                *path,
                hint=did_you_mean(name, known),
            )
        return Fact(name, fact.label) if option else fact

    def typed(self, name: str, kinds: tuple[FactType, ...], *path: str | int) -> Fact:
        fact = self.fact(name, *path)
        if fact.type not in kinds:
            wanted = ", ".join(kind.value for kind in kinds)
            written = f"{name}: {{ten: {fact.label}, loai: {kinds[0].value}}}"
            raise self.slip(
                f"«{name}» thuộc loại «{fact.type.value}», cần loại {wanted}",
                f"«{name}» is of type «{fact.type.value}», expected {wanted}",
                *path,
                hint=Text(f"khai báo «{written}»", f"declare «{written}»") if fact.type is FactType.COUNT else None,
            )
        return fact


def guarded(scope: Scope, step: Callable[[], T]) -> T | None:
    """The result of a step, or None with its slip collected, so that the next step is tried all the same."""
    try:
        return step()
    except Slip as slip:
        scope.faults.append(slip.fault)
        return None


def each(scope: Scope, steps: Iterable[Callable[[], T]]) -> list[T]:
    """The results of all steps, each tried though another failed; its slip is collected."""
    results = [guarded(scope, step) for step in steps]
    return [result for result in results if result is not None]


def silent(value: Any) -> Any:
    return NOT_STATED if value == schema.SILENCE else value


def citation_of(text: str, scope: Scope, at: str = "nguon") -> Citation:
    key, _, place = text.partition(",")
    if key.strip() not in scope.documents:
        raise scope.slip(
            f"«{key.strip()}» không có trong van_ban",
            f"«{key.strip()}» is not among van_ban",
            at,
            hint=did_you_mean(key.strip(), scope.documents),
        )
    return Citation(key.strip(), place.strip())


def quote_of(model: schema.Based | schema.Row, citation: Citation, scope: Scope) -> Quote | None:
    """The words of a part itself, and who compared them with the rule."""
    if model.nguyen_van:
        return Quote(model.nguyen_van, citation, model.da_doi_chieu or "")
    if model.da_doi_chieu:
        raise scope.slip("«da_doi_chieu» đứng cạnh «nguyen_van»", "«da_doi_chieu» needs «nguyen_van»", "da_doi_chieu")
    return None


def basis_of(model: schema.Based, scope: Scope) -> Basis:
    """What a part of a rule stands on: its own sentence or reading, else the sentence of the whole rule."""
    citation = citation_of(model.nguon, scope) if model.nguon else scope.citation
    if model.cach_hieu and model.nguyen_van:
        raise scope.slip("chỉ dùng một trong «nguyen_van», «cach_hieu»", "use one of «nguyen_van», «cach_hieu»")
    quote = quote_of(model, citation, scope)
    if model.cach_hieu:
        return sources.Reading(model.cach_hieu.noi_dung, model.cach_hieu.nguon_goc)
    return quote or scope.sentence


def rounding_of(model: schema.Rounding, scope: Scope) -> rules.Rounding:
    if model.den <= 0:
        raise scope.slip("bước làm tròn phải lớn hơn 0", "the rounding step must be above 0", "den")
    return rules.Rounding(model.den, model.cach, basis_of(model, scope))
