"""The figures a file declares, at the top and beside criteria, as facts of the core."""

from collections.abc import Iterable, Iterator, Mapping

from cchc_index.errors import Fault, Path, Text, did_you_mean
from cchc_index.files import schema
from cchc_index.measures import YES, Fact, FactType


def all_facts(file: schema.RulesetFile, faults: list[Fault]) -> Iterator[tuple[str, Fact]]:
    """Every figure of the file by name; one name twice is a fault, since figures are shared by name."""
    seen: dict[str, Fact] = {}
    for path, figures in _figure_tables(file):
        for name, model in figures.items():
            if name in seen:
                message = Text(f"số liệu «{name}» khai báo hai lần", f"figure «{name}» is declared twice")
                faults.append(Fault(message, (*path, name)))
            seen.setdefault(name, lower_fact(name, model))
            faults.extend(_fact_faults(seen[name], (*path, name)))
            faults.extend(_sample_faults(model, (*path, name)))
    for path, figures in _figure_tables(file):
        faults.extend(_wrong_wholes(figures, seen, path))
    yield from seen.items()


def _figure_tables(file: schema.RulesetFile) -> Iterator[tuple[Path, schema.Figures]]:
    yield ("so_lieu",), file.so_lieu
    for path, row in all_rows(file):
        yield (*path, "so_lieu"), row.so_lieu


def all_rows(file: schema.RulesetFile) -> Iterator[tuple[Path, schema.Row]]:
    """Every criterion of a file with its path, in the order of the file."""
    for section in ("tieu_chi", "thuong", "phat"):
        yield from _rows_of(getattr(file, section), (section,))


def _rows_of(rows: Iterable[schema.Row], path: Path) -> Iterator[tuple[Path, schema.Row]]:
    for number, row in enumerate(rows):
        yield (*path, number), row
        yield from _rows_of(row.gom or (), (*path, number, "gom"))


def lower_fact(name: str, model: schema.Figure) -> Fact:
    return Fact(
        name=name,
        label=model.ten,
        type=model.loai,
        unit=model.don_vi,
        options=tuple(model.lua_chon.items()),
        part_of=model.trong,
        may_be_negative=model.co_the_am == YES,
        fields=tuple(lower_fact(inner, column) for inner, column in model.truong.items()),
        given=model.co_dinh,
    )


def _sample_faults(model: schema.Figure, path: Path) -> Iterator[Fault]:
    """Minimum samples of what is no survey; a record holds no survey either."""
    if model.mau_toi_thieu and model.loai is not FactType.SURVEY:
        kind = model.loai.value
        yield Fault(Text(f"loại «{kind}» không có «mau_toi_thieu»", f"type «{kind}» has no «mau_toi_thieu»"), path)
    for name, column in model.truong.items():
        yield from _sample_faults(column, (*path, "truong", name))


def _fact_faults(fact: Fact, path: Path) -> Iterator[Fault]:
    needs: dict[FactType, tuple[str, tuple[object, ...]]] = {
        FactType.CHOICE: ("lua_chon", fact.options),
        FactType.SURVEY: ("lua_chon", fact.options),
    }
    needs[FactType.RECORDS] = ("truong", fact.fields)
    key, given = needs.get(fact.type, ("", ()))
    if key and not given:
        yield Fault(Text(f"loại «{fact.type.value}» cần khóa «{key}»", f"type «{fact.type.value}» needs «{key}»"), path)
    for unfit, value in (("lua_chon", fact.options), ("truong", fact.fields)):
        if value and unfit != key:
            message = Text(f"loại «{fact.type.value}» không có «{unfit}»", f"type «{fact.type.value}» has no «{unfit}»")
            yield Fault(message, (*path, unfit))
    if fact.given and fact.type is not FactType.DATE:
        yield Fault(Text("«co_dinh» chỉ dùng cho loại ngay", "«co_dinh» is for type ngay only"), (*path, "co_dinh"))
    for inner in fact.fields:
        yield from _fact_faults(inner, (*path, "truong", inner.name))


_COMPARABLE = (FactType.COUNT, FactType.AMOUNT, FactType.PERCENT, FactType.POINTS)


def _wrong_wholes(figures: schema.Figures, known: Mapping[str, Fact], path: Path) -> Iterator[Fault]:
    """Figures said to be part of one that is not declared, is itself, or cannot be compared with it."""
    for name, model in figures.items():
        if model.trong:
            yield from _wrong_whole(name, model, known, (*path, name, "trong"))
        yield from _wrong_wholes(
            model.truong, {n: lower_fact(n, m) for n, m in model.truong.items()}, (*path, name, "truong")
        )


def _wrong_whole(name: str, model: schema.Figure, known: Mapping[str, Fact], path: Path) -> Iterator[Fault]:
    whole = known.get(model.trong or "")
    if whole is None:
        message = Text(f"chưa khai báo số liệu «{model.trong}»", f"figure «{model.trong}» is not declared")
        yield Fault(message, path, hint=did_you_mean(model.trong or "", known))
    elif whole.name == name:
        yield Fault(Text(f"«{name}» không thể là một phần của chính nó", f"«{name}» cannot be part of itself"), path)
    elif _leads_back(name, whole, known):
        message = Text(
            f"«{name}» là một phần của «{whole.name}», mà «{whole.name}» lại là một phần của «{name}»",
            f"«{name}» is part of «{whole.name}», which is part of «{name}»",
        )
        yield Fault(message, path)
    elif whole.type is not model.loai or whole.type not in _COMPARABLE:
        message = Text(
            f"«{name}» loại «{model.loai.value}» không so được với «{whole.name}» loại «{whole.type.value}»",
            f"«{name}» of type «{model.loai.value}» does not compare with «{whole.name}» of type «{whole.type.value}»",
        )
        yield Fault(message, path)


def _leads_back(name: str, whole: Fact, known: Mapping[str, Fact]) -> bool:
    """Whether the wholes of a whole come round to the part again."""
    seen = {whole.name}
    while (above := known.get(whole.part_of or "")) is not None and above.name not in seen:
        seen.add(above.name)
        whole = above
    return name in seen
