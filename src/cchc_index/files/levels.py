"""The levels of government that are no more: dates and their source, as data beside the rulesets."""

from collections.abc import Mapping
from functools import cache

from cchc_index.criteria import Level
from cchc_index.files.folders import shipped_folder
from cchc_index.files.schema import Day, Keyed, Words
from cchc_index.files.source import read_node
from cchc_index.files.validation import validated
from cchc_index.finding import Tenure
from cchc_index.sources import Citation, Quote

LEVELS_FILE = "cap-hanh-chinh.yaml"


class LevelRow(Keyed):
    """One level: its last day, and the words that say so."""

    ten: Level
    den_ngay: Day
    nguon: Words
    dia_chi: Words
    nguyen_van: Words


class LevelsFile(Keyed):
    cap: list[LevelRow]


@cache
def tenures() -> Mapping[Level, Tenure]:
    """Until when each level that is no more was there.

    >>> tenures()[Level.DISTRICT].until
    datetime.date(2025, 6, 30)
    """
    node = read_node(shipped_folder() / LEVELS_FILE)
    rows = validated(LevelsFile, node, LEVELS_FILE).cap
    return {row.ten: Tenure(row.den_ngay, Quote(row.nguyen_van, Citation(row.nguon, row.dia_chi))) for row in rows}
