"""The words of the grammar: numbers, key words, and the free words around them.

A key word is one only where it can be: «trên» before a number is a bound, «trên mạng» is two free words. A free word is
a well-formed Vietnamese syllable, an abbreviation or plain ASCII; two syllables run together by a slip of print
(«ngắn hơnso») are neither, so that a sentence with such a slip is not read rather than misread.
"""

from unicodedata import normalize

NUMERALS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10}
"""Written numbers. «năm» is left out: it is five and a year."""

_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_VOWELS = "".join(normalize("NFC", base + tone) for base in "aăâeêioôơuưy" for tone in _TONES)
_ONSET = "ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx]"
SYLLABLE = f"(?:{_ONSET})?[{_VOWELS}]{{1,3}}(?:ch|ng|nh|[cmnpt])?"

_DIGITS = "(?:0[.,][0-9]+|[0-9]+[.,](?:[0-9]{4,}|[0-9]{1,2})|[0-9]+)(?![0-9]|[.,][0-9])"
"""A number with one reading; «15.051» has two, and is GROUPED."""
_WRITTEN = "|".join(NUMERALS)
_NUMBER_NEXT = rf"(?=\s*[0-9]|\s+(?:{_WRITTEN})(?!\w))"
_POINTS_NEXT = rf"(?=\s*{_DIGITS}\s*(?:điểm|đ|d)(?!\w))"
_GIVEN_NEXT = rf"(?=\s*{_DIGITS}\s*(?:điểm|đ|d)(?!\w)|\s+điểm\s+tối\s+đa)"
_STATEMENT_NEXT = (
    r"(?=\s+(?:có|không|chưa|bằng|tối\s+thiểu|tỷ\s+lệ|tỉ\s+lệ|sớm|đúng|tăng|giảm|[0-9]|(?:từ|dưới|trên|đạt)\s+[0-9]))"
)
_TO_NEXT = r"(?=\s*(?:dưới\s|<)?\s*[0-9]|\s+(?:dưới\s+)?(?:" + _WRITTEN + r")(?!\w))"

# Name: what it is (a space is any white space), and what must stand after it.
_KEYS: dict[str, tuple[str, str]] = {
    "FROM": ("(?:tối thiểu |ít nhất )?từ", _NUMBER_NEXT),
    "TO": ("đến", _TO_NEXT),
    "UNDER": ("dưới|nhỏ hơn|ít hơn|chưa đến|chưa đạt", _NUMBER_NEXT),
    "ABOVE": ("trên|hơn|lớn hơn|quá|vượt|vượt quá|sau", _NUMBER_NEXT),
    "AT_MOST": ("không quá|không vượt quá|tối đa|nhiều nhất|trong vòng", _NUMBER_NEXT),
    "AT_LEAST": ("tối thiểu|ít nhất|không dưới", _NUMBER_NEXT),
    "EXACTLY": ("đúng|bằng", _NUMBER_NEXT),
    "UPWARD": ("trở lên|trở đi", ""),
    "DOWNWARD": ("trở xuống", ""),
    "ONLY": ("chỉ", rf"(?=\s+(?:\w+\s+)?(?:{_WRITTEN})(?!\w))"),
    "EARLY": ("trước hạn|trước thời hạn|sớm hơn|ngắn hơn", ""),
    "OVERDUE": ("quá hạn|quá thời hạn|trễ hạn|dài hơn|muộn hơn", ""),
    "ON_TIME": ("đúng hạn|đúng thời hạn|đúng tiến độ", ""),
    "ON_THE_DAY": ("đúng ngày hẹn", ""),
    "SAME": ("không đổi|bằng", r"(?=\s+(?:thời|năm)|\s*[:;.,]|\s*$)"),
    "NO_MORE": ("không vượt|không vượt quá", r"(?!\s*[0-9])"),
    "EXCEEDS": ("vượt", r"(?!\s*(?:quá\s+)?[0-9])"),
    "LATE": ("chậm|trễ|muộn", r"(?!\s+(?:nhất|hạn|hơn))"),
    "LATEST": ("chậm nhất(?: vào| là| trước)?", r"(?=\s+ngày\s+[0-9])"),
    "BEFORE": ("trước", r"(?=\s+ngày\s+[0-9])"),
    "AFTER": ("sau", r"(?=\s+ngày\s+[0-9])"),
    "SINCE": ("từ", r"(?=\s+ngày\s+[0-9])"),
    "UP": ("tăng", r"(?!\s+cường)"),
    "DOWN": ("giảm", r"(?!\s+(?:nghèo|tải))"),
    "NOT": ("không|chưa", ""),
    "HAVE": ("có", ""),
    "AND": ("(?:; ?)?(?:và|đồng thời)", _STATEMENT_NEXT),
    "OR": ("(?:; ?)?hoặc", _STATEMENT_NEXT),
    "BUT": ("nhưng|mà", r"(?=\s+(?:có|không|chưa|tối\s+đa|trong|từ))"),
    "LINK": ("nhưng|mà", ""),
    "JOINT": ("và|hoặc|hay", ""),
    "THEN": ("thì|nên", ""),
    "EACH": ("(?:cứ )?mỗi", ""),
    "EACH_STEP": ("mỗi bước", ""),
    "MINUS_POINTS": ("(?:bị )?trừ", _POINTS_NEXT),
    "PLUS_POINTS": ("(?:được )?cộng", _POINTS_NEXT),
    "GETS": ("(?:được|được tính|được hưởng|đạt|bị)", _GIVEN_NEXT),
    "WHOLE": ("điểm tối đa", ""),
    "EXCEPT": ("trừ|ngoại trừ", ""),
    "FORMULA": (
        "(?:tính điểm|(?:thì )?(?:điểm đánh giá |điểm )?được tính(?: điểm)?) theo(?: công thức)?(?: sau)? ?:?",
        "",
    ),
    "POINTS_ARE": ("điểm(?: đánh giá)? (?:là|bằng)", r"(?=\s*[0-9])"),
    "RATE": ("(?:tỷ|tỉ) lệ(?: ?%| phần trăm)?", ""),
    "EQUALS": ("bằng", r"(?=\s+(?:tỷ|tỉ)\s+lệ\s*(?:%|phần\s+trăm))"),
    "SCORE_IS": ("điểm ?=", ""),
    "LINEAR": ("nội suy(?: tuyến tính)?", ""),
    "AWARDED": ("chấm trực tiếp", ""),
    "COUNTS_AS": ("tỷ lệ được tính là|tỉ lệ được tính là", ""),
    "ROUNDED": ("làm tròn", ""),
    "PLACES": ("chữ số(?: thập phân)?", ""),
    "LIST_FOLLOWS": ("(?:trong đó|gồm|bao gồm) ?:?", r"\s*$"),
    "NOT_ASSESSED": ("không đánh giá|không thực hiện đánh giá", ""),
    "CUTS_WHOLE": ("(?:và )?(?:giảm(?: trừ)?|(?:trừ|loại) khỏi) điểm tối đa(?: tương ứng)?", ""),
    "RESCALED": ("được quy đổi", ""),
    "NOT_RESCALED": ("(?:và )?không quy đổi", ""),
    "NO_POINTS": ("không có điểm", ""),
    "NOT_COUNTED": ("không tính", ""),
    "NO_EXCEPTION": (", ?không có(?: trường hợp)? ngoại lệ", ""),
    "NUMERAL": (_WRITTEN, ""),
}

_SIGNS = {"UNDER": "<(?!=)", "ABOVE": ">(?!=)", "AT_MOST": "≤|<=", "AT_LEAST": "≥|>="}

_RAW: dict[str, str] = {
    "HEAD": rf"(?i:điểm\s+{_DIGITS}\s+(?:khi|nếu)(?!\w))",
    "POINTS": rf"(?i:{_DIGITS}\s*(?:điểm|đ|d)(?!\w))",
    "PERCENT": rf"{_DIGITS}\s*%",
    "GROUPED": r"[1-9][0-9]{0,2}[.,][0-9]{3}(?![0-9.,])",
    "NUMBER": _DIGITS,
    "DATE": r"(?i:ngày\s+[0-9]{1,2}(?:\s+tháng\s+|/)[0-9]{1,2}(?![0-9/]))",
    "REFERENCE": (
        r"(?i:(?:các\s+)?điểm\s+[a-zđ](?:,\s*[a-zđ])*\s+(?=khoản)"
        r"|(?:khoản|điều|mục|tiêu\s+chí|nghị\s+định\s+số|quyết\s+định\s+số|mức\s+độ)\s+[0-9][\w./-]*(?:,\s*[0-9]+)*"
        r"|chỉ\s+tiêu\s+[0-9]+(?=\s*:))"
    ),
    "SET_WORD": r"(?i:một\s+(?:cửa|số|phần)|như\s*:|từng|có\s+mặt)(?!\w)",
    "STATEMENT_COMMA": r",(?=\s*(?i:có|không|chưa)(?!\w))",
    "WORD": rf"(?i:{SYLLABLE})(?!\w)|[A-ZĐ]{{1,12}}(?!\w)|[A-Za-z]+(?!\w)|m²|…\.?|\.{{2,}}",
    "IS_NUMBER": r"=(?=\s*[0-9])",
    "TIMES": r"[×*]|(?i:x(?=\s*(?:[0-9(]|điểm)))",
    "STRAY": r"\w+|\S",
}
_PRIORITY = {
    "HEAD": 9,
    "DATE": 9,
    "REFERENCE": 9,
    "POINTS": 8,
    "PERCENT": 7,
    "GROUPED": 6,
    "NUMBER": 5,
    "SET_WORD": 5,
    "TIMES": 5,
    "NO_EXCEPTION": 5,
    "STATEMENT_COMMA": 4,
    "EXCEPT": 3,
    "LINK": 2,
    "JOINT": 2,
    "POINTS_ARE": 5,
    "NUMERAL": 2,
    "WORD": 0,
    "STRAY": -9,
    "EACH_STEP": 5,
    "COUNTS_AS": 5,
    "NO_MORE": 5,
    "SAME": 4,
    "NOT": 2,
    "HAVE": 2,
    "ABOVE": 4,
    "ONLY": 2,
    "LIST_FOLLOWS": 5,
    "NOT_ASSESSED": 5,
    "CUTS_WHOLE": 6,
    "NOT_RESCALED": 6,
    "NO_POINTS": 5,
    "NOT_COUNTED": 5,
    "AT_MOST": 5,
    "AND": 4,
}


def _key(shape: str, after: str) -> str:
    spaced = shape.replace(" ?", r"\s*").replace(" ", r"\s+")
    edge = r"(?!\w)" if any(letter.isalpha() for letter in shape) else ""
    return rf"(?i:(?:{spaced}){edge}{after})"


def terminals() -> str:
    """The definitions of all terminals, in the notation of lark."""
    keys = {name: _key(*key) for name, key in _KEYS.items()}
    found = keys | {name: f"{keys[name]}|{sign}" for name, sign in _SIGNS.items()} | _RAW
    lines = [f"{name}.{_PRIORITY.get(name, 3)}: /{shape.replace('/', chr(92) + '/')}/" for name, shape in found.items()]
    return "\n".join(lines) + "\n"
