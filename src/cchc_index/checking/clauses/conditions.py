"""A sentence's statements beside the condition of a rule: which belongs to which, and whether they come to the same.

Longer than most modules: measures, options and pairs of both are each compared their own way, and told in one form.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import permutations, product

from attrs import evolve, frozen

from cchc_index.checking.clauses.aspects import CONDITION, Aspect, Outcome, different, same, silent, unclear
from cchc_index.checking.clauses.domain import Facts, ends_of
from cchc_index.checking.clauses.intervals import Numbers, compare_numbers, denies, labels_of, words_in
from cchc_index.checking.clauses.values import Atom, Either, Every, Statement, Unread, atoms_of
from cchc_index.errors import Text
from cchc_index.measures import (
    NO,
    YES,
    AllOf,
    AnyOf,
    Chosen,
    Condition,
    Fact,
    FactType,
    Within,
)
from cchc_index.scoring.say import joined, say_condition, say_interval, unit_of

MOST_ATOMS = 5
_SMALL = frozenset(
    "có không chưa được của và các số là đã trong về theo cho với tại từ đến trên dưới".split()  # noqa: SIM905
)


@frozen
class Negation:
    """The opposite of a condition: what earlier cases have taken."""

    part: Condition


Asked = Condition | Negation


def compare_condition(statement: Statement | None, ways: Sequence[tuple[Asked, ...]], facts: Facts) -> Aspect:
    """A sentence's condition beside that of a rule.

    `ways` are the ways to put the rule's own condition: alone, or with what earlier cases leave to it; the sentence
    need say only one of them.
    """
    if statement is None:
        return silent(CONDITION)
    if isinstance(statement, Unread):
        return unclear(CONDITION, f"không đọc được «{statement.words}»", f"cannot read «{statement.words}»")
    found = [_compared(statement, way, facts) for way in ways]
    return min(found, key=lambda aspect: _FIRST.index(aspect.outcome))


_FIRST = (Outcome.SAME, Outcome.DIFFERENT, Outcome.UNCLEAR)


def _compared(statement: Statement, asked: tuple[Asked, ...], facts: Facts) -> Aspect:
    options = _options_asked(asked, facts)
    if options:
        return _compare_options(statement, *options)
    measures = {test.measure for test in _tests(asked) if isinstance(test, Within)}
    if len(measures) == 1 and all(isinstance(test, Within) for test in _tests(asked)):
        return _on_one_measure(statement, asked, facts)
    return _by_pairs(statement, asked, facts)


def _tests(asked: Iterable[Asked]) -> list[Within | Chosen]:
    return [test for part in asked for test in _tests_of(part.part if isinstance(part, Negation) else part)]


def _tests_of(condition: Condition) -> Iterator[Within | Chosen]:
    if isinstance(condition, AllOf | AnyOf):
        for part in condition.parts:
            yield from _tests_of(part)
    else:
        yield condition


def _holds(asked: Asked, test: object) -> bool:
    """Whether a condition holds, given `test(one)`, which tells it of each single test."""
    match asked:
        case Negation(part):
            return not _holds(part, test)
        case AllOf(parts):
            return all(_holds(part, test) for part in parts)
        case AnyOf(parts):
            return any(_holds(part, test) for part in parts)
    assert callable(test)
    return bool(test(asked))


# -- one number --------------------------------------------------------------------------------------------------------


def _on_one_measure(statement: Statement, asked: tuple[Asked, ...], facts: Facts) -> Aspect:
    """Every test looks at the same measure: the numbers themselves are compared."""
    tests = [test for test in _tests(asked) if isinstance(test, Within)]
    measure = tests[0].measure
    stranger = _stranger(statement, measure, facts)
    if stranger:
        return stranger
    numbers = Numbers(
        lambda value: all(_holds(part, lambda test: value in test.interval) for part in asked),
        tuple(ends_of(test.interval for test in tests)),
        joined((say_interval(test.interval, unit_of(measure, facts)) for test in tests), "; "),
    )
    return evolve(compare_numbers(statement, measure, numbers, facts), name=CONDITION)


def _stranger(statement: Statement, measure: object, facts: Facts) -> Aspect | None:
    """A plain statement with no word in common with the figures it would be about, or with more than they ask."""
    label = labels_of(measure, facts)  # type: ignore[arg-type]
    plain = [atom for atom in atoms_of(statement) if atom.bound is None]
    found = (_joins_more(atom, label) if shared(atom.words, label) else _no_word(atom, label) for atom in plain)
    return next((aspect for aspect in found if aspect), None)


def _no_word(atom: Atom, label: str) -> Aspect:
    return unclear(
        CONDITION, f"«{atom.words}» không có chữ nào của «{label}»", f"«{atom.words}» has no word of «{label}»"
    )


def _joins_more(atom: Atom, label: str) -> Aspect | None:
    """«Có kế hoạch và báo cáo» beside a figure for one of the two."""
    if not joints_in(atom.words) > joints_in(label):
        return None
    return unclear(
        CONDITION, f"«{atom.words}» nêu nhiều điều hơn «{label}»", f"«{atom.words}» states more than «{label}»"
    )


def joints_in(words: str) -> int:
    """How many times words are joined by «và», «hoặc», «hay».

    >>> joints_in("ban hành kế hoạch và báo cáo")
    1
    """
    return sum(word in ("và", "hoặc", "hay") for word in words.lower().split())


def shared(words: str, label: str) -> int:
    """How many words a statement and a label have in common, small words left out."""
    return len((set(words_in(words)) & set(words_in(label))) - _SMALL)


# -- options of a list -------------------------------------------------------------------------------------------------


def _options_asked(asked: tuple[Asked, ...], facts: Facts) -> tuple[Fact, tuple[str, ...]] | None:
    """The figure and the options, where a rule asks for options of a list and for nothing else."""
    match asked:
        case (Chosen(name, options),) if name in facts and facts[name].type is FactType.CHOICE:
            return facts[name], options
    return None


def _compare_options(statement: Statement, fact: Fact, options: tuple[str, ...]) -> Aspect:
    words = " ".join(atom.words for atom in atoms_of(statement))
    said = options_in(words, fact)
    if not said:
        return unclear(CONDITION, f"«{words}» không có tên lựa chọn nào", f"«{words}» names no option")
    if set(said) == set(options):
        return same(CONDITION)
    return different(CONDITION, _named(said, fact), _named(options, fact))


def _named(options: Iterable[str], fact: Fact) -> Text:
    labels = dict(fact.options)
    return joined((Text(labels[option], labels[option]) for option in options), ", ")


def options_in(words: str, fact: Fact) -> tuple[str, ...]:
    """The options whose labels stand in the words, without the words that all labels begin with.

    >>> places = (("a", "Xã đồng bằng"), ("b", "Xã miền núi"), ("c", "Xã hải đảo"))
    >>> options_in("Đối với xã miền núi, hải đảo:", Fact("vung", "vùng", FactType.CHOICE, options=places))
    ('b', 'c')
    """
    labels = {name: words_in(label) for name, label in fact.options}
    common = _common_start(list(labels.values()))
    left = f" {' '.join(words_in(words))} "
    found = []
    for name in sorted(labels, key=lambda name: -len(labels[name])):
        run = f" {' '.join(labels[name][common:])} "
        if run in left:
            found.append(name)
            left = left.replace(run, " | ")
    return tuple(name for name in labels if name in found)


def _common_start(labels: list[list[str]]) -> int:
    """How many words all labels begin with, each keeping at least one of its own."""
    shortest = min(len(label) for label in labels)
    alike = (len({label[place] for label in labels}) == 1 for place in range(shortest - 1))
    return next((place for place, same_word in enumerate(alike) if not same_word), max(shortest - 1, 0))


# -- several tests -----------------------------------------------------------------------------------------------------


def _by_pairs(statement: Statement, asked: tuple[Asked, ...], facts: Facts) -> Aspect:
    """Each statement of the sentence beside one test of the rule, the ones whose words are most alike."""
    atoms, tests = list(dict.fromkeys(atoms_of(statement))), list(dict.fromkeys(_tests(asked)))
    if len(atoms) != len(tests) or len(atoms) > MOST_ATOMS:
        return unclear(
            CONDITION,
            f"câu nêu {len(atoms)} điều, quy tắc hỏi {len(tests)} điều",
            f"the sentence states {len(atoms)} things, the rule asks {len(tests)}",
        )
    pairs = _best_pairs(atoms, tests, facts)
    found = [pair.aspect for pair in pairs]
    for outcome in (Outcome.UNCLEAR, Outcome.DIFFERENT):
        for aspect in found:
            if aspect.outcome is outcome:
                return aspect
    return _structure(statement, asked, pairs, facts) or same(CONDITION, weak=all(aspect.weak for aspect in found))


@frozen
class Pair:
    """A statement beside a test. `turned`: the statement holds just where the test does not."""

    atom: Atom
    test: Within | Chosen
    aspect: Aspect
    turned: bool = False


def _best_pairs(atoms: list[Atom], tests: list[Within | Chosen], facts: Facts) -> list[Pair]:
    """The pairing with the most pairs that can be compared, then with the most words in common."""
    turns = len(tests) > 1

    def worth(pairs: list[Pair]) -> tuple[int, int]:
        clear = sum(pair.aspect.outcome is not Outcome.UNCLEAR for pair in pairs)
        return clear, sum(shared(pair.atom.words, label_of(pair.test, facts)) for pair in pairs)

    orders = permutations(tests)
    ways = [[_pair(atom, test, facts, turns) for atom, test in zip(atoms, order, strict=True)] for order in orders]
    return max(ways, key=worth)


def _pair(atom: Atom, test: Within | Chosen, facts: Facts, turns: bool) -> Pair:
    """A statement beside a test or, where several are joined, beside its opposite."""
    aspect = compare_test(atom, test, facts)
    if turns and aspect.outcome is Outcome.DIFFERENT:
        opposite = _opposite(atom, test, facts)
        if opposite.outcome is Outcome.SAME:
            return Pair(atom, test, opposite, turned=True)
    return Pair(atom, test, aspect)


def _opposite(atom: Atom, test: Within | Chosen, facts: Facts) -> Aspect:
    if isinstance(test, Within):
        return _on_one_measure(atom, (Negation(test),), facts)
    other = tuple(option for option in (YES, NO) if option not in test.options)
    return compare_test(atom, Chosen(test.fact, other), facts)


def label_of(test: Within | Chosen, facts: Facts) -> str:
    """The words of a rule for what a test looks at."""
    if isinstance(test, Within):
        return labels_of(test.measure, facts)
    return facts[test.fact].label if test.fact in facts else test.fact


def compare_test(atom: Atom, test: Within | Chosen, facts: Facts) -> Aspect:
    """One statement beside one test."""
    if isinstance(test, Within):
        return _on_one_measure(atom, (test,), facts)
    fact = facts.get(test.fact)
    if fact is None or fact.type is not FactType.YES_NO:
        return compare_condition(atom, [(test,)], facts) if fact else _no_word(atom, test.fact)
    if atom.bound is not None and atom.bound.percent is not None:
        return unclear(CONDITION, f"«{atom.words}» có số, quy tắc hỏi có hay không", f"«{atom.words}» has a number")
    if not shared(atom.words, fact.label):
        return _no_word(atom, fact.label)
    more = _joins_more(atom, fact.label)
    if more:
        return more
    wanted = YES if denies(atom.words) == denies(fact.label) else NO
    if test.options == (wanted,):
        return same(CONDITION, weak=not denies(atom.words) and not denies(fact.label))
    return different(CONDITION, Text(atom.words, atom.words), say_condition(test, facts))


def _structure(statement: Statement, asked: tuple[Asked, ...], pairs: list[Pair], facts: Facts) -> Aspect | None:
    """Where «và», «hoặc», «không» of the sentence and of the rule part: what holds there and what does not."""
    for values in product((False, True), repeat=len(pairs)):
        true_atoms = {pair.atom for pair, value in zip(pairs, values, strict=True) if value}
        true_tests = {pair.test for pair, value in zip(pairs, values, strict=True) if value != pair.turned}
        ruled = all(_holds(part, true_tests.__contains__) for part in asked)
        if _stated(statement, true_atoms) != ruled:
            return different(CONDITION, _shown(statement), _asked_text(asked, facts), _listed(pairs, values))
    return None


def _stated(statement: Statement, true_atoms: set[Atom]) -> bool:
    match statement:
        case Every(parts):
            return all(_stated(part, true_atoms) for part in parts)
        case Either(parts):
            return any(_stated(part, true_atoms) for part in parts)
    return statement in true_atoms


def _shown(statement: Statement) -> Text:
    """A statement with brackets around its parts."""

    def spelled(inner: Statement, link: dict[type, str]) -> str:
        if isinstance(inner, Every | Either):
            return "(" + f" {link[type(inner)]} ".join(spelled(part, link) for part in inner.parts) + ")"
        return inner.words

    return Text(spelled(statement, {Every: "và", Either: "hoặc"}), spelled(statement, {Every: "and", Either: "or"}))


def _asked_text(asked: tuple[Asked, ...], facts: Facts) -> Text:
    def one(part: Asked) -> Text:
        if isinstance(part, Negation):
            inner = say_condition(part.part, facts)
            return Text(f"không ({inner.vi})", f"not ({inner.en})")
        return say_condition(part, facts)

    return joined((one(part) for part in asked), " và ", " and ")


def _listed(pairs: list[Pair], values: tuple[bool, ...]) -> Text:
    named = [(pair.atom.words, value) for pair, value in zip(pairs, values, strict=True)]
    return Text(
        "; ".join(f"{words}: {'đúng' if value else 'sai'}" for words, value in named),
        "; ".join(f"{words}: {'true' if value else 'false'}" for words, value in named),
    )
