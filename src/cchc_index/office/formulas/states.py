"""Why a cell shows no points: 0 when it does, else a number, the graver one the higher, so that MAX joins them."""

from cchc_index.errors import Text

SILENT, ZERO_BOTTOM, NO_BAND, NO_LEVEL, SEVERAL, NO_OPTION, NEGATIVE = range(1, 8)
HOLES = 100
"""The first of the states that stand for a hole of the ruleset, one for each."""
BROKEN = 800
BELOW, ABOVE, OFF_STEP = 810, 811, 812
MISSING, BEYOND = 850, 860
TEXT, LOW, HIGH, PLACES, PART, OPTION, NO_DAY = range(900, 907)
WORST = 999

SAID = {
    SILENT: Text("không quy định", "not stated"),
    ZERO_BOTTOM: Text(
        "mẫu số bằng 0, văn bản không nói tính thế nào", "the denominator is 0 and nothing is said of it"
    ),
    NO_BAND: Text("giá trị không nằm trong bậc nào", "the value is in no band"),
    NO_LEVEL: Text("không mức nào phù hợp", "no level fits"),
    SEVERAL: Text("nhiều mức cùng phù hợp", "several levels fit at the same time"),
    NO_OPTION: Text("phương án này không có điểm", "the option has no points stated"),
    NEGATIVE: Text("mẫu số là số âm", "the denominator is negative"),
    BEYOND: Text("cần tính bằng cchc", "to be computed by cchc"),
    BROKEN: Text("quy tắc cho vượt điểm tối đa", "the rule gives more than the maximum"),
    BELOW: Text("thấp hơn mức thấp nhất", "below the least"),
    ABOVE: Text("vượt điểm tối đa", "above the maximum"),
    OFF_STEP: Text("không theo bước điểm", "not in steps"),
    MISSING: Text("thiếu số liệu", "figures are missing"),
    TEXT: Text("là chữ, không phải số; gõ lại bằng số", "text, not a number; type it as a number"),
    LOW: Text("nhỏ hơn mức nhận được", "below what is accepted"),
    HIGH: Text("lớn quá, cần tính bằng cchc", "too large, to be computed by cchc"),
    PLACES: Text("quá nhiều chữ số thập phân, hoặc cần số nguyên", "too many decimals, or not a whole number"),
    PART: Text("lớn hơn số mà nó là một phần", "above the figure of which it is a part"),
    OPTION: Text("không có trong danh sách; chọn từ danh sách", "not in the list; choose from the list"),
    NO_DAY: Text("năm ấy không có ngày này", "that year has no such day"),
}
"""What each state says beside its cell."""
