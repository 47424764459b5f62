"""What a rule can give at most, read off its structure."""

from collections.abc import Sequence
from fractions import Fraction

from cchc_index.rules import Average, Piece, Piecewise, Rule, Sum, Switch, Table
from cchc_index.scoring.evaluate import rounded


def most_of(rule: Rule) -> Fraction | None:
    """A number of points that a rule never passes, read off its structure; None when none can be told."""
    match rule:
        case Piecewise(_, pieces):
            return _largest([_most_of_piece(piece) for piece in pieces])
        case Table(_, options):
            return _largest([option.points for option in options])
        case Sum(terms, base, floor, cap):
            parts = [most_of(term.rule) for term in terms]
            known = [part for part in parts if part is not None]
            unclamped = base + sum(known) if len(known) == len(parts) else None
            most = cap if unclamped is None else unclamped if cap is None else min(cap, unclamped)
            return most if most is None or floor is None else max(most, floor)
        case Switch(cases):
            return _largest([most_of(case.rule) for case in cases])
        case Average(_, inner, rounding):
            most = most_of(inner)
            return None if most is None else rounded(most, rounding)
    return rule.high


def _most_of_piece(piece: Piece) -> Fraction | None:
    end = piece.interval.high if piece.slope > 0 else piece.interval.low
    if not piece.slope:
        return piece.base
    return None if end is None else piece.base + piece.slope * end


def _largest(numbers: Sequence[Fraction | None]) -> Fraction | None:
    known = [number for number in numbers if number is not None]
    return max(known) if known and len(known) == len(numbers) else None
