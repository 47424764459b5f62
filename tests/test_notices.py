"""The five public notices, held as data: each command prints the sentence of its notice."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cchc_index as cchc
from cchc_index.checking.structure import check_structure
from cchc_index.cli.app import app
from cchc_index.files.reading import stored_texts

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
RULESETS = ROOT / "rulesets"


def printed(*words: str) -> str:
    """What a command prints, on one line."""
    result = CliRunner().invoke(app, list(words), catch_exceptions=False, env={"COLUMNS": "100000"})
    assert result.exit_code == 0, result.output
    return " ".join(result.stdout.split())


def stored(path: str) -> str:
    """The stored text of a notice on one line, without the marks of its layout."""
    return " ".join((RULESETS / path).read_text("utf-8").replace("*", "").split())


def unpadded(text: str) -> str:
    """Notices write 02 and 6 in one sentence: numbers are compared, not their leading zeros."""
    return re.sub(r"\b0(\d)\b", r"\1", text)


def file(name: str) -> str:
    return str(EXAMPLES / name)


def test_notice_000_counts_what_is_on_time_and_names_the_tier() -> None:
    notice = stored("quang-dien/phong/2024/nguon/TB2024.txt")
    told = printed("progress", "quang-dien/phong/2024", file("thong-bao-000/phong-a.yaml"), "--on", "24/04/2024")
    sentence = "không tính điểm đối với các YKCĐ đã hoàn thành nhưng quá hạn"
    assert sentence in notice
    assert sentence in told
    for words in ("số YKCĐ được tính: 96", "mức khối lượng: trên 100 YKCĐ", "tỷ lệ tham dự: 9/12 = 75%"):
        assert words in told


SENTENCE_001 = (
    "đã thực hiện 27/42 tiêu chí (đạt 39.67/60 điểm), 15/42 tiêu chí chưa thực hiện (trong đó có 01 tiêu chí chưa tới"
    " thời gian thực hiện, 02 tiêu chí không đạt và 12 tiêu chí đang trong quá trình thực hiện)"
)


def test_notice_001_prints_its_sentence_from_what_it_states() -> None:
    assert SENTENCE_001 in stored("qd-3507/cap-huyen/2023/nguon/TB2023.txt")
    told = printed("progress", "qd-3507/cap-huyen/2023", file("thong-bao-001/huyen.yaml"))
    assert SENTENCE_001 in told
    assert "34 ngày Hoàn thành giải ngân đạt chỉ tiêu Phòng Tài chính – Kế hoạch" in told
    unit = cchc.read_submission(file("thong-bao-001/huyen.yaml"))
    assert unit.reported is not None
    assert unit.reported.quote in stored("qd-3507/cap-huyen/2023/nguon/TB2023.txt")
    assert "KHÔNG KHỚP" not in told


def test_notice_001_adds_up_from_an_invented_set_of_its_size() -> None:
    told = printed("progress", file("thong-bao-001/bo-mau"), file("thong-bao-001/huyen-mau.yaml"), "--on", "27/11/2023")
    assert SENTENCE_001 in told
    assert "KHÔNG PHẢI VĂN BẢN PHÁP LUẬT" in told


def test_notice_002_prints_its_sentence_from_invented_units() -> None:
    notice = unpadded(stored("thai-nguyen/cap-xa/2020/nguon/BAI2021.txt"))
    years = (file("thong-bao-002/2019.csv"), file("thong-bao-002/2020.csv"))
    told = unpadded(printed("compare", file("thong-bao-002/bo-mau"), *years, "--names", "2019,2020"))
    sentence = (
        "7 đơn vị đạt tốt, 6 đơn vị đạt khá, 2 đơn vị đạt trung bình; có 6 xã giảm từ 5 đến 7 bậc,"
        " 7 xã, thị trấn tăng từ 2 đến 10 bậc so với năm 2019"
    )
    assert sentence in notice
    assert sentence in told
    assert "có 2 đơn vị giữ nguyên bậc" in told


def test_notice_003_prints_the_estimate_and_checks_the_share() -> None:
    notice = stored("dak-nong/cap-huyen/2023/nguon/BAI2023.txt")
    told = printed("progress", "dak-nong/cap-huyen/2023", file("thong-bao-003/huyen.yaml"))
    assert "đã thực hiện ước đạt 61/90 điểm" in notice
    assert "đã thực hiện ước đạt 61/90 điểm" in told
    for words in (
        "số hồ sơ tiếp nhận: 15.051",
        "10.840/12.530 = ≈86,51%",
        "báo cáo in 86,5%: khớp khi làm tròn",
        "chiếm tỷ lệ 86,5%",
    ):
        assert words in told


def test_notice_004_stands_two_instruments_side_by_side() -> None:
    notice = stored("huyen-2022/cchc/2022/nguon/BAI2022.txt")
    sides = ("huyen-2022/cchc/2022", file("thong-bao-004/cchc.yaml"))
    told = printed("beside", *sides, "huyen-2022/hai-long/2022", file("thong-bao-004/hai-long.yaml"))
    for sentence in (
        "Kế hoạch số 119/KH-UBND về việc khắc phục và cải thiện Chỉ số cải cách hành chính của Huyện năm 2022",
        "Kế hoạch số 117/KH-UBND về việc khắc phục và cải thiện Chỉ số hài lòng của cá nhân, tổ chức",
    ):
        assert sentence in notice
        assert sentence in told
    assert "Huyện trong bài không quy định không quy định không quy định không quy định" in told


@pytest.mark.parametrize("name", ["thong-bao-001/bo-mau", "thong-bao-002/bo-mau"])
def test_the_invented_sets_say_so_and_are_sound(name: str) -> None:
    rules = cchc.load(EXAMPLES / name)
    assert rules.is_sample
    assert "MẪU" in rules.title
    assert check_structure(rules, stored_texts(rules, EXAMPLES / name)) == ()
