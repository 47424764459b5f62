"""The grammar of the sentences that decisions use to state points, for lark's Earley parser.

A rule with two shapes for the same words (a dash, a bare percent, «đúng hạn», a grouped number, «và» beside «hoặc»)
is an ambiguity of the language itself: the parser gives every tree, and so every reading.
"""

from cchc_index.checking.clauses.terminals import terminals

SENTENCE = "sentence"
GRADE = "grade"
LOOSE = "loose"

_NUMBERS = r"""
?number: plain_number | grouped_number | decimal_number
plain_number: NUMBER
grouped_number: GROUPED
decimal_number: GROUPED
amount: PERCENT -> percent_amount
      | number -> number_amount
      | NUMERAL -> written_amount
"""

_BOUNDS = r"""
?bound: _from amount -> at_least
      | _from amount ws UPWARD -> at_least
      | amount ws UPWARD -> at_least
      | ABOVE amount -> above
      | UNDER amount -> under
      | _up_to amount -> at_most
      | FROM amount ws DOWNWARD -> at_most
      | amount ws DOWNWARD -> at_most
      | _from amount ws TO amount -> between
      | _from amount ws TO UNDER amount -> half_open
      | amount TO amount -> between
      | amount TO UNDER amount -> half_open
      | amount DASH UNDER amount -> half_open
      | _from amount ws DASH UNDER amount -> half_open
      | ABOVE amount ws TO amount -> above_to
      | ABOVE amount ws TO UNDER amount -> above_to_under
      | EXACTLY amount -> exactly
      | HAVE number -> exactly_number
      | ONLY ws NUMERAL -> exactly_written
      | dash_with_end
      | dash_without_end
      | bare_exactly
      | bare_at_least
dash_with_end: amount DASH amount | _from amount ws DASH amount
dash_without_end: amount DASH amount | _from amount ws DASH amount
bare_exactly: PERCENT
bare_at_least: PERCENT
_from: FROM | AT_LEAST
_up_to: AT_MOST | TO
"""

_STATEMENTS = r"""
cond: atom
    | cond _and cond -> every
    | cond OR cond -> either
_and: AND | BUT
list_cond: cond
         | cond semis AND cond -> every
         | cond semis OR cond -> either
semis: (";" cond)+

?atom: ws bound w2s -> bounded
     | vs LATE bound w2s -> late_by
     | vs UP bound w2s -> up_by
     | vs DOWN bound w2s -> down_by
     | vs EARLY vs -> early
     | vs _after vs -> overdue
     | vs _on vs -> on_the_day
     | vs NO_MORE vs -> by_the_day
     | vs UP vs -> up
     | vs DOWN vs -> down
     | vs LATEST DATE vs -> by_date
     | vs BEFORE DATE vs -> before_date
     | vs AFTER DATE vs -> after_date
     | vs SINCE DATE vs -> since_date
     | xs NOT us -> denied
     | xs HAVE us -> stated
     | xs HAVE us JOINT js -> stated
     | v vs -> stated
     | v vs JOINT js -> stated
     | on_time_on_the_day
     | on_time_by_the_day
on_time_on_the_day: vs ON_TIME vs
on_time_by_the_day: vs ON_TIME vs
_after: OVERDUE | LATE | EXCEEDS
_on: ON_THE_DAY | SAME

v: WORD | REFERENCE | SET_WORD | RATE | "," | "(" v vs ")"
x: v | EARLY | OVERDUE | ON_TIME | ON_THE_DAY | LATE | UP | DOWN
u: x | HAVE
j: u | JOINT
w: v | EARLY | OVERDUE | ON_TIME | ON_THE_DAY | HAVE | _link
_link: LINK | JOINT
w2: w | NOT -> negation
vs: | vs v
xs: | xs x
us: | us u
js: u | js j
ws: | ws w
w2s: | w2s w2
np: _n | np _n
_n: u | NOT | _link | ABOVE
"""

_POINTS = r"""
points: POINTS -> given
      | "(" POINTS ")" -> bracketed
      | _gives POINTS -> given
      | MINUS_POINTS POINTS -> taken
      | POINTS_ARE (POINTS | NUMBER) -> given
      | GETS POINTS _link MINUS_POINTS POINTS -> none_and_taken
      | WHOLE -> whole
      | GETS WHOLE -> whole
      | each
      | POINTS _comma each -> from_each
      | AT_MOST POINTS -> most
      | _formula_is formula
      | LINEAR FROM POINTS TO POINTS -> line
_gives: GETS | PLUS_POINTS
_formula_is: | FORMULA | SCORE_IS
_comma: | ","
each: EACH np _each_gives POINTS cap -> each_given
    | EACH np MINUS_POINTS POINTS cap -> each_taken
_each_gives: | ":" | _gives
cap: | _cap_joins AT_MOST POINTS
_cap_joins: | _cap_joins _link | _cap_joins BUT | _cap_joins ","

formula: "(" RATE nps TIMES factor ")" "/" PERCENT -> rate_over_percent
       | "(" RATE nps TIMES factor ")" "/" NUMBER -> rate_over_number
       | RATE nps TIMES factor -> rate_times
       | RATE nps TIMES factor "/" PERCENT -> rate_over_percent
       | RATE nps TIMES factor "/" NUMBER -> rate_over_number
       | "(" figure TIMES factor ")" "/" NUMBER -> figure_over
       | np "/" np TIMES factor -> ratio_times
       | "(" np "/" np ")" TIMES factor -> ratio_times
figure: WORD | figure WORD
nps: | np
factor: NUMBER -> plain_factor
      | POINTS -> points_factor
      | WHOLE -> whole_factor

ballots: SCORE_IS NUMBER TIMES "(" weight ("+" weight)* ")" "/" "(" WORD ("+" WORD)* ")" left_out
weight: WORD TIMES PERCENT
left_out: | ";" v vs NOT_COUNTED
"""

_CLAUSES = r"""
sentence: clause _end | "(" clause ")" _end
_end: | "." | ";" | ":" | ","

clause: HEAD list_cond -> points_when
      | cond note _then points _list -> when_points
      | cond note _is NUMBER -> when_number
      | points _list -> points_alone
      | np EQUALS formula -> points_alone
      | points _list ";" zero -> points_alone
      | ballots -> ballots_alone
      | FORMULA ballots -> ballots_alone
      | cond note -> when_alone
      | zero -> zero_alone
      | cond _thus NOT_ASSESSED nps CUTS_WHOLE -> removed
      | cond THEN nps RESCALED tails -> rescaled
      | cond THEN NO_POINTS NOT_RESCALED tails -> uncounted
      | cond THEN NOT_COUNTED tails -> uncounted
      | np NO_EXCEPTION -> forbidden
      | nps _comma ROUNDED nps TO NUMERAL _in_digits PLACES -> rounded_places
      | nps _comma ROUNDED TO NUMBER -> rounded_to
      | nps AWARDED nps FROM NUMBER TO POINTS _comma EACH_STEP POINTS -> council
_then: | _is | "," | THEN | "," THEN
_is: ":" | IS_NUMBER
_thus: | THEN
_list: | LIST_FOLLOWS | "," LIST_FOLLOWS
_in_digits: | "(" NUMBER ")"
note: | "(" zero ")"
zero: cond _thus COUNTS_AS PERCENT
tail: u | WHOLE | POINTS | _link
tails: | tails tail

grade: gs grade_bound gs _end
?grade_bound: FROM score gs UPWARD -> at_least
            | FROM score -> at_least
            | UNDER score -> under
            | ABOVE score -> above
            | FROM score TO UNDER score -> half_open
            | FROM score TO score -> between
score: PERCENT -> percent_amount
     | number -> number_amount
     | POINTS -> points_amount
g: v | HAVE | ":" | AT_LEAST
gs: | gs g

loose: HEAD anys -> loose_head
     | anys ":" POINTS _end -> loose_tail
anys: any | anys any
any: KEYS
"""

_REST = r"""
DASH: /-/
%ignore /\s+/
"""


def _any() -> str:
    """Every terminal that may stand in words that are not understood: all but points and what begins a sentence."""
    named = [line.partition(".")[0] for line in terminals().splitlines()]
    kept = [name for name in named if name not in ("HEAD", "POINTS")]
    return " | ".join([*kept, "DASH", '","', '";"', '"."', '"("', '")"', '"/"', '"+"', '":"'])


GRAMMAR = (_NUMBERS + _BOUNDS + _STATEMENTS + _POINTS + _CLAUSES + terminals() + _REST).replace("KEYS", _any())
