"""A sentence's points beside those of a rule."""

from collections.abc import Mapping
from fractions import Fraction

from attrs import evolve, frozen

from cchc_index.checking.clauses.aspects import CAP, POINTS, Aspect, different, same, silent, unclear
from cchc_index.checking.clauses.domain import domain_of, ends_of, stand_ins
from cchc_index.checking.clauses.intervals import can_fall, value_text
from cchc_index.checking.clauses.values import Affine, Ballots, Council, Line, Most, PointsSaid
from cchc_index.criteria import Points
from cchc_index.errors import Lang, Text
from cchc_index.measures import Fact, Linear, Measure, Ratio
from cchc_index.points import show, show_percent
from cchc_index.rules import ZERO, Awarded, Piece, Piecewise, Rule, Sum
from cchc_index.scoring.bounds import most_of
from cchc_index.scoring.say import Unit, say_points, unit_of
from cchc_index.sources import NotStated


@frozen
class Setting:
    """What stands around a rule: its figures, its criterion's maximum, and -1 where its points are taken off."""

    facts: Mapping[str, Fact]
    most: Points
    sign: int = 1


def points_text(points: Fraction) -> Text:
    return say_points(points, ZERO, Linear(()))


def compare_constant(said: PointsSaid | None, points: Fraction, setting: Setting) -> Aspect:
    """Points said beside a fixed number of points."""
    if said is None:
        return silent(POINTS)
    wanted = _settled(said, setting)
    if isinstance(wanted, Aspect):
        return wanted
    if wanted.slope or wanted.base is None:
        return different(POINTS, _affine_text(wanted), points_text(points))
    return same(POINTS) if wanted.base == points else different(POINTS, points_text(wanted.base), points_text(points))


def _settled(said: PointsSaid, setting: Setting) -> Affine | Aspect:
    """Points with the maximum put in, and the sign they have where points are taken off."""
    if not isinstance(said, Affine):
        return unclear(POINTS, "câu tính điểm theo cách khác quy tắc", "the sentence counts points in another way")
    times = Fraction(setting.sign)
    if said.of_max:
        if isinstance(setting.most, NotStated):
            return unclear(POINTS, "không rõ điểm tối đa", "the maximum is not stated")
        times *= setting.most
    base = None if said.base is None else said.base * times
    return evolve(said, base=base, slope=said.slope * times, of_max=False)


def _affine_text(affine: Affine) -> Text:
    """Points in words; where the starting points are not said, what each one gives."""
    if affine.base is None:
        each = points_text(affine.slope)
        return Text(f"mỗi đơn vị {each.vi}", f"{each.en} for each one")
    return say_points(affine.base, affine.slope, Ratio(Linear(()), Linear(())) if affine.percent else Linear(()))


def compare_affine(said: PointsSaid | None, measure: Measure, piece: Piece, setting: Setting) -> Aspect:
    """Points said beside those of one piece of a rule."""
    if said is None:
        return silent(POINTS)
    if isinstance(said, Ballots):
        return _compare_ballots(said, measure, piece)
    if isinstance(said, Line):
        return _compare_line(said, measure, piece, setting)
    wanted = _settled(said, setting)
    if isinstance(wanted, Aspect):
        return wanted
    if wanted.slope and wanted.percent != (unit_of(measure, setting.facts) is Unit.PERCENT):
        return different(POINTS, _affine_text(wanted), say_points(piece.base, piece.slope, measure))
    if wanted.direction < 0 and can_fall(measure, setting.facts):
        wanted = evolve(wanted, slope=-wanted.slope)
    return _where_parted(wanted, measure, piece, setting)


def _where_parted(wanted: Affine, measure: Measure, piece: Piece, setting: Setting) -> Aspect:
    """The smallest value of a piece on which the points differ. Where the start is not said, only the slope counts."""
    said, ruled = _affine_text(wanted), say_points(piece.base, piece.slope, measure)
    if wanted.base is None:
        return same(POINTS) if wanted.slope == piece.slope else different(POINTS, said, ruled)
    start = wanted.base
    for value in stand_ins(ends_of([piece.interval]), domain_of(measure, setting.facts)):
        if value in piece.interval and start + wanted.slope * value != _points_at(value, piece):
            return different(POINTS, said, ruled, value_text(value, unit_of(measure, setting.facts)))
    return same(POINTS)


def _points_at(value: Fraction, piece: Piece) -> Fraction:
    return piece.base + piece.slope * value


def _compare_line(said: Line, measure: Measure, piece: Piece, setting: Setting) -> Aspect:
    """A straight line between two bounds: the points at both ends."""
    low, high = piece.interval.low, piece.interval.high
    if low is None or high is None:
        return unclear(POINTS, "nội suy cần hai cận", "a straight line needs two bounds")
    for end, points in ((low, said.low), (high, said.high)):
        ruled = _points_at(end, piece)
        if ruled != points * setting.sign:
            at = value_text(end, unit_of(measure, setting.facts))
            return different(POINTS, points_text(points), points_text(ruled), at)
    return same(POINTS)


def _compare_ballots(said: Ballots, measure: Measure, piece: Piece) -> Aspect:
    """The formula of a survey beside points times a mean weight."""
    if not isinstance(measure, Ratio):
        return unclear(POINTS, "câu nêu công thức phiếu hỏi", "the sentence gives the formula of a survey")
    top = tuple((_option(name), Fraction(weight)) for name, weight in measure.top.terms)
    bottom = tuple(_option(name) for name, _ in measure.bottom.terms)
    whole = Ballots(piece.slope, top, bottom, said.left_out)
    if piece.base:
        return different(POINTS, _ballots_text(said), say_points(piece.base, piece.slope, measure))
    if _evened(said) == _evened(whole) and not set(said.left_out) & set(bottom):
        return same(POINTS)
    return different(POINTS, _ballots_text(said), _ballots_text(whole))


def _evened(ballots: Ballots) -> Ballots:
    """The formula without its order, and without options of weight 0, which a sentence may leave out above the line."""
    weights = sorted(pair for pair in ballots.weights if pair[1])
    return evolve(ballots, weights=tuple(weights), counted=tuple(sorted(ballots.counted)))


def _option(name: str) -> str:
    return name.partition(".")[2]


def _ballots_text(ballots: Ballots) -> Text:
    def spelled(lang: Lang) -> str:
        parts = " + ".join(f"{name} × {show_percent(weight, lang)}" for name, weight in ballots.weights)
        return f"{show(ballots.points, lang)} × ({parts})/({' + '.join(ballots.counted)})"

    return Text(spelled("vi"), spelled("en"))


def compare_council(said: PointsSaid | None, rule: Awarded) -> Aspect:
    """Points that people give, by their bounds and step."""
    if said is None:
        return silent(POINTS)
    ruled = f"{rule.low}…{rule.high}, {rule.step}"
    if not isinstance(said, Council):
        return unclear(POINTS, "câu không nói ai chấm", "the sentence does not say that people award the points")
    if (said.low, said.high, said.step) == (rule.low or ZERO, rule.high, rule.step):
        return same(POINTS)
    return different(POINTS, *(Text(text, text) for text in (f"{said.low}…{said.high}, {said.step}", ruled)))


def compare_each(said: PointsSaid | None, rule: Rule, setting: Setting) -> tuple[Aspect, ...]:
    """«mỗi … 0,25 điểm nhưng không quá 1 điểm», «tối đa 0,5 điểm, trong đó:» beside an item of a list."""
    if said is None:
        return (silent(POINTS),)
    if isinstance(said, Most):
        return (_compare_most(said.points, rule),)
    inner = rule.terms[0].rule if isinstance(rule, Sum) and rule.terms else rule
    cap = said.cap if isinstance(said, Affine) else None
    return (_compare_parts(said, rule, inner, setting), _compare_cap(cap, rule))


def _compare_parts(said: PointsSaid, rule: Rule, inner: Rule, setting: Setting) -> Aspect:
    """Every part of an item gives the points said, for each one counted or for having it."""
    if isinstance(inner, Piecewise) and len(inner.pieces) == 1:
        if isinstance(said, Affine) and said.base is None:
            said = evolve(said, base=ZERO)
        return compare_affine(said, inner.measure, inner.pieces[0], setting)
    wanted = _settled(said, setting)
    parts = [most_of(term.rule) for term in rule.terms] if isinstance(rule, Sum) else []
    if isinstance(wanted, Aspect) or wanted.base is not None or not parts:
        return unclear(POINTS, "câu và quy tắc không cùng một cách tính", "the sentence and the rule count differently")
    other = next((part for part in parts if part != wanted.slope), None)
    if other is None:
        return (
            same(POINTS) if None not in parts else unclear(POINTS, "không rõ phần cho mấy điểm", "a part is unbounded")
        )
    return different(POINTS, points_text(wanted.slope), points_text(other))


def _compare_cap(cap: Fraction | None, rule: Rule) -> Aspect:
    """The cap said beside that of the rule: a cap on what is added, a floor under what is taken off."""
    ruled = None
    if isinstance(rule, Sum):
        ruled = rule.cap if rule.cap is not None else None if rule.floor is None else -rule.floor
    if cap == ruled:
        return same(CAP, weak=True)
    names = [Text("không có", "none") if points is None else points_text(points) for points in (cap, ruled)]
    return different(CAP, *names)


def _compare_most(points: Fraction, rule: Rule) -> Aspect:
    """A cap said of a whole list beside the most that its parts can give."""
    most = most_of(rule)
    if most is None:
        return unclear(CAP, "không rõ các phần cộng lại nhiều nhất bao nhiêu", "the parts have no known most")
    return same(CAP) if most == points else different(CAP, points_text(points), points_text(most))
