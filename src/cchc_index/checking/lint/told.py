"""How findings about a rule are told: sentence, likely mend, and how grave each kind is."""

from attrs import frozen

from cchc_index.checking.lint.coverage import Kind
from cchc_index.checking.structure import Severity
from cchc_index.errors import Text


@frozen
class Told:
    """The words for one kind of finding, and its gravity where nothing is recorded beside the rule."""

    severity: Severity
    said: Text
    mend: Text


TOLD = {
    Kind.GAP: Told(
        Severity.ERROR,
        Text("có số liệu không thuộc bậc, mức nào", "some figures fall in no band or level"),
        Text(
            "sửa cận cho liền nhau; số liệu là một phần của số khác thì khai «trong»; văn bản đúng là để hở thì ghi"
            " «khoang_trong» có «khi»",
            "let the bounds meet; declare a part of another figure as «trong»; if the decision does leave this out,"
            " record it as «khoang_trong» with «khi»",
        ),
    ),
    Kind.OVERLAP: Told(
        Severity.ERROR,
        Text("có số liệu thuộc hai bậc, mức cùng lúc", "some figures fall in two bands or levels at once"),
        Text(
            "sửa cận cho rời nhau, hoặc nói mức nào được lấy («chon») kèm «cach_hieu»",
            "set the bounds apart, or say which level counts («chon») with a reading «cach_hieu»",
        ),
    ),
    Kind.BEST: Told(
        Severity.NOTE,
        Text(
            "hai mức chồng nhau, lấy mức cao hơn mà chưa ghi cách hiểu", "two levels overlap and no reading is recorded"
        ),
        Text(
            "ghi «cach_hieu»: ai quyết định lấy mức cao hơn", "record «cach_hieu»: who decided that the higher counts"
        ),
    ),
    Kind.ZERO: Told(
        Severity.NOTE,
        Text(
            "mẫu số có thể bằng 0 mà văn bản không nói tính thế nào", "a denominator can be 0 and nothing is said of it"
        ),
        Text(
            "tìm câu của văn bản: «mau_so_bang_0», «khong_phat_sinh»; không có thì ghi «khoang_trong» có «khi»",
            "look for the sentence: «mau_so_bang_0», «khong_phat_sinh»; without one record «khoang_trong» with «khi»",
        ),
    ),
    Kind.NEGATIVE: Told(
        Severity.NOTE,
        Text("mẫu số có thể là số âm; khi đó không có điểm", "a denominator can be negative; there are then no points"),
        Text("xem lại «co_the_am» và phép trừ ở mẫu số", "look again at «co_the_am» and the difference below the line"),
    ),
    Kind.EMPTY: Told(
        Severity.NOTE,
        Text(
            "không có bản ghi nào thì văn bản không nói tính thế nào", "nothing is said of what no record at all means"
        ),
        Text(
            "thêm một số đếm bản ghi và «khong_phat_sinh», hoặc ghi «khoang_trong»",
            "add a count of records with «khong_phat_sinh», or record «khoang_trong»",
        ),
    ),
    Kind.NEVER: Told(
        Severity.ERROR,
        Text("không số liệu nào tới được bậc, mức này", "no figures ever come to this band or level"),
        Text("sửa cận, điều kiện hoặc thứ tự của nó", "mend its bounds, its condition or its place in the order"),
    ),
}
BEYOND = Text(
    "chỉ khi một tỷ lệ vượt 100%: số liệu phần trăm không có giới hạn trên",
    "only when a percent is above 100%: percent figures have no upper limit",
)
UNPROVEN = Text(
    "chưa chứng minh được: câu hỏi này vượt giới hạn tính toán, chưa biết đúng sai",
    "not proved: this question is beyond the bounds of the computation, and stays open",
)
EXCUSED = Text("nguồn để như vậy, đã ghi", "so the source leaves it, as recorded")
