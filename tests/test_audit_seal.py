"""Sealed results: canonical, checked byte by byte, scored again."""

import datetime
import json
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from attrs import evolve
from hypothesis import example, given, settings
from hypothesis import strategies as st

import cchc_index as cchc
from audit_samples import commune_rules, commune_units
from cchc_index.auditing.seal import (
    DIGESTS,
    PARTS,
    SEAL,
    check_seal,
    plain_submission,
    seal,
    sealed,
    submission_from,
)
from cchc_index.canonical import canonical_json, digest_of
from cchc_index.facts import Claim, Evidence, Period, Submission

FIGURES: dict[str, Any] = {
    "da_xong": 19,
    "de_ra": "20",
    "bang_dien_tu": True,
    "mang_xa_hoi": "có",
    "truyen_thong": True,
}
UNIT = Submission(
    "Xã A",
    FIGURES,
    period=Period(datetime.date(2022, 1, 1), datetime.date(2022, 12, 31)),
    evidence={"4.1": (Evidence("12/BC", datetime.date(2022, 12, 15), page="3"),)},
    claims=(Claim("4.1", Fraction(19, 20)),),
)


def rules() -> cchc.Ruleset:
    return cchc.load("dong-nai/cap-xa/2022")


def text() -> str:
    return seal(rules(), UNIT, library="0.1.0")


def resealed(data: dict[str, Any]) -> str:
    """Altered data sealed anew, as anyone can."""
    data[DIGESTS] = {part: digest_of(canonical_json(data[part])) for part in PARTS}
    data[SEAL] = digest_of(canonical_json(data[DIGESTS]))
    return canonical_json(data) + "\n"


def where(altered: str, with_rules: bool = False) -> list[Any]:
    return [fault.path[0] if fault.path else "" for fault in check_seal(altered, rules() if with_rules else None)]


def test_a_seal_is_whole_says_what_it_is_and_scores_again() -> None:
    assert check_seal(text()) == ()
    assert check_seal(text(), rules()) == ()
    held = sealed(text())
    assert (held.unit, held.ruleset, held.library) == ("Xã A", "dong-nai/cap-xa/2022", "0.1.0")
    assert held.digest.startswith("sha256:")


def test_a_seal_is_the_same_every_time_and_holds_the_card_and_the_audit() -> None:
    assert text() == text()
    data = json.loads(text())
    assert data["ket_qua"]["points"] == "39/20"
    assert [one["kind"] for one in data["doi_chieu"]["findings"]] == []
    assert text() == canonical_json(data) + "\n"


def test_a_seal_says_rules_and_library_once_and_is_reproduced_by_any_library() -> None:
    held = seal(rules(), UNIT, library="0.0.9")
    assert not {"digest", "library"} & json.loads(held)["ket_qua"].keys()
    assert sealed(held).digest == cchc.digest(rules())
    assert check_seal(held, rules()) == ()
    assert sealed(seal(rules(), UNIT)).library == cchc.__version__


def test_a_given_audit_is_sealed_in_place_of_that_of_the_claims() -> None:
    other = cchc.verify(rules(), evolve(UNIT, claims=(Claim("4.1", Fraction(1)),)))
    data = json.loads(seal(rules(), UNIT, other, library="0.1.0"))
    assert [one["kind"] for one in data["doi_chieu"]["findings"]] == ["khong_khop_so_lieu"]


def test_a_unit_that_cannot_be_scored_is_sealed_without_a_card() -> None:
    held = seal(rules(), Submission("Xã B", {"da_xong": 1}), library="0.1.0")
    assert json.loads(held)["ket_qua"] is None
    assert check_seal(held, rules()) == ()


SEALED = text()


@settings(deadline=None, max_examples=300)
@given(st.integers(0, len(SEALED) - 1), st.characters(codec="utf-8"))
@example(0, "x")
@example(len(SEALED) - 1, " ")
def test_one_altered_character_is_found_and_named(place: int, letter: str) -> None:
    altered = SEALED[:place] + letter + SEALED[place + 1 :]
    faults = check_seal(altered)
    assert bool(faults) is (altered != SEALED)
    assert all(fault.path for fault in faults)


@settings(deadline=None, max_examples=100)
@given(st.integers(0, len(SEALED) - 1))
def test_one_character_lost_is_found(place: int) -> None:
    assert check_seal(SEALED[:place] + SEALED[place + 1 :])


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ('"da_xong":19', '"da_xong":20', "so_lieu"),
        ('"don_vi":"Xã A"', '"don_vi":"Xã B"', "so_lieu"),
        ('"ngay":"2022', '"ngay":"2022', None),
        ('"phien_ban":"0.1.0"', '"phien_ban":"0.1.1"', "thu_vien"),
        ('"ma":"dong-nai/cap-xa"', '"ma":"dong-nai/cap-huyen"', "bo_tieu_chi"),
        ('"points":"39/20"', '"points":"2"', "ket_qua"),
        ('"computed":"19/20"', '"computed":"1"', "doi_chieu"),
        ('{"bo_tieu_chi":', '{ "bo_tieu_chi":', "bo_tieu_chi"),
        ('"niem_phong":"sha256:', '"niem_phong":"sha256:0', SEAL),
        ('"thu_vien":"sha256:', '"thu_vien":"sha256:0', DIGESTS),
        ("cchc-index/seal/1", "cchc-index/seal/2", "dinh_dang"),
        ('"so_lieu":{"bo_tieu_chi"', '"so_lieux":{"bo_tieu_chi"', "so_lieu"),
        ('"thu_vien":{', '"thua":1,"thu_vien":{', "thua"),
        ('"da_xong":19', '"da_xong":1e999', "so_lieu"),
        ('"da_xong":19', '"da_xong":NaN', "so_lieu"),
        ('"da_xong":19', '"da_xong":"\\ud800"', ""),
        ('"da_xong":19', '"da_xong":' + "9" * 5000, ""),
        ('"da_xong":19', '"da_xong":' + "[" * 900 + "]" * 900, ""),
        ('"da_xong":19', '"da_xong":', "so_lieu"),
        ('"computed":"19/20"', '"computed":19/20', "doi_chieu"),
        ('"tu_cham":', '"tu_cham"', "so_lieu"),
    ],
)
def test_an_altered_part_is_named(old: str, new: str, part: str | None) -> None:
    assert old in SEALED or part is None
    found = where(SEALED.replace(old, new, 1))
    assert found[:1] == ([] if part is None else [part])


BROKEN = SEALED.index('"da_xong":19') + 11
"""The character at which JSON breaks off where 19 is taken out."""


@pytest.mark.parametrize(
    ("old", "new", "vi", "en"),
    [
        (
            '"da_xong":19',
            '"da_xong":20',
            "so_lieu: đã bị sửa: mã băm không khớp",
            "so_lieu: altered: its digest does not match",
        ),
        (
            '{"bo_tieu_chi":',
            '{ "bo_tieu_chi":',
            "bo_tieu_chi: không ở dạng chuẩn từ ký tự thứ 2",
            "bo_tieu_chi: not in canonical form from character 2",
        ),
        (
            '"niem_phong":"sha256:',
            '"niem_phong":"sha256:0',
            "niem_phong: mã niêm phong đã bị sửa",
            "niem_phong: the seal itself was altered",
        ),
        (
            '"thu_vien":"sha256:',
            '"thu_vien":"sha256:0',
            "ma_bam.thu_vien: danh sách mã băm đã bị sửa",
            "ma_bam.thu_vien: the list of digests was altered",
        ),
        (
            "cchc-index/seal/1",
            "cchc-index/seal/2",
            "dinh_dang: không ghi «cchc-index/seal/1»",
            "dinh_dang: does not say «cchc-index/seal/1»",
        ),
        (
            '"so_lieu":{"bo_tieu_chi"',
            '"so_lieux":{"bo_tieu_chi"',
            "so_lieu: mất phần này\nso_lieux: thừa phần này",
            "so_lieu: this part is gone\nso_lieux: a part too many",
        ),
        (
            '"da_xong":19',
            '"da_xong":',
            f"so_lieu: không còn là JSON từ ký tự thứ {BROKEN}",
            f"so_lieu: no longer JSON from character {BROKEN}",
        ),
        ('"da_xong":19', '"da_xong":' + "[" * 900 + "]" * 900, "không phải JSON", "not JSON"),
    ],
)
def test_what_is_said_of_an_altered_part(old: str, new: str, vi: str, en: str) -> None:
    faults = check_seal(SEALED.replace(old, new, 1))
    assert "\n".join(fault.said("vi") for fault in faults) == vi
    assert "\n".join(fault.said("en") for fault in faults) == en


def test_another_ruleset_at_hand_is_said() -> None:
    (fault,) = check_seal(SEALED, evolve(rules(), title="khác"))
    assert fault.said("vi") == "bo_tieu_chi: bộ tiêu chí dong-nai/cap-xa/2022 đang có khác bộ đã niêm phong"
    assert fault.said("en") == "bo_tieu_chi: the ruleset dong-nai/cap-xa/2022 at hand is not the one that was sealed"


def test_text_that_is_no_seal_is_said_so() -> None:
    for junk in ("", "[]", "{}", "null", "không", '{"dinh_dang":"cchc-index/card/1"}'):
        assert check_seal(junk)
        with pytest.raises(cchc.CchcError):
            sealed(junk)


def test_a_seal_without_its_parts_says_nothing_of_itself() -> None:
    data = json.loads(SEALED)
    data["so_lieu"] = []
    with pytest.raises(cchc.CchcError):
        sealed(canonical_json(data))


def test_a_list_of_digests_that_is_none_is_named() -> None:
    data = json.loads(SEALED)
    junks: list[Any] = [[], {}, dict.fromkeys(PARTS, "")]
    for junk in junks:
        assert where(canonical_json(data | {DIGESTS: junk}) + "\n") == [DIGESTS]
    more = data[DIGESTS] | {"thua": "x"}
    (fault,) = check_seal(canonical_json(data | {DIGESTS: more}) + "\n")
    assert fault.path == (DIGESTS, "?")


def test_another_order_or_a_key_given_twice_is_not_canonical() -> None:
    data = json.loads(SEALED)
    assert where(json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)) == [PARTS[0]]
    turned = json.dumps(dict(reversed(data.items())), ensure_ascii=False, separators=(",", ":")) + "\n"
    assert len(where(turned)) == 1
    twice = SEALED.replace('"da_xong":19', '"da_xong":18,"da_xong":19')
    assert where(twice) == ["so_lieu"]


def test_a_result_that_was_altered_and_sealed_anew_is_found_by_scoring_again() -> None:
    data = json.loads(SEALED)
    data["ket_qua"]["lines"][0]["children"][0]["points"] = "1"
    altered = resealed(data)
    assert check_seal(altered) == ()
    (fault,) = check_seal(altered, rules())
    assert fault.path == ("ket_qua", "lines", 0, "children", 0, "points")
    data["ket_qua"]["lines"] = data["ket_qua"]["lines"] * 2
    (fault,) = check_seal(resealed(data), rules())
    assert fault.path == ("ket_qua", "lines")


def test_figures_that_were_altered_and_sealed_anew_are_found_by_scoring_again() -> None:
    data = json.loads(SEALED)
    data["so_lieu"]["so_lieu"]["da_xong"] = 17
    assert where(resealed(data), with_rules=True) == ["ket_qua"]


@pytest.mark.parametrize("junk", [5, {"don_vi": "Xã A"}, {"don_vi": "Xã A", "ky": ["x"]}])
def test_figures_that_cannot_be_read_again_are_named(junk: Any) -> None:
    data = json.loads(SEALED)
    data["so_lieu"] = junk if junk == 5 else data["so_lieu"] | junk | {"tu_cham": 1}
    if junk == 5:
        with pytest.raises(cchc.CchcError):
            check_seal(resealed(data), rules())
        return
    assert where(resealed(data), with_rules=True) == ["so_lieu"]


def test_a_ruleset_of_another_digest_is_named() -> None:
    assert [fault.path for fault in check_seal(SEALED, evolve(rules(), title="khác"))] == [("bo_tieu_chi",)]


def test_the_figures_of_every_example_go_there_and_back() -> None:
    for unit in commune_units():
        assert submission_from(json.loads(canonical_json(plain_submission(unit)))) == unit


def test_every_kind_of_figure_goes_there_and_back_exactly() -> None:
    day = datetime.date(2024, 2, 29)
    figures = {
        "a": 1,
        "b": Fraction(1, 3),
        "d": day,
        "e": True,
        "r": [{"x": Fraction(1, 7)}],
        "s": {"A": 1},
        "t": "0,5",
    }
    unit = Submission("Xã", figures, exemptions={"1": "lý do"}, mark=",")
    assert submission_from(json.loads(canonical_json(plain_submission(unit)))) == unit
    unit = Submission("Xã", {"c": Decimal("0.10")})
    assert submission_from(json.loads(canonical_json(plain_submission(unit)))).figures == {"c": Fraction(1, 10)}


def test_a_figure_that_is_not_exact_cannot_be_sealed() -> None:
    with pytest.raises(cchc.CchcError, match=r"so_lieu\.a: «float»"):
        seal(rules(), Submission("Xã", {"a": 0.1}), library="0")


def test_the_canonical_form_is_that_of_rfc_8785_for_what_it_holds() -> None:
    assert canonical_json({"b": [1, None, True], "a": "e\u0301", "ă": "\n"}) == '{"a":"é","b":[1,null,true],"ă":"\\n"}'


def test_a_whole_commune_is_sealed_and_scored_again() -> None:
    unit = Random(1).choice(commune_units())
    assert check_seal(seal(commune_rules(), unit, library="0.1.0"), commune_rules()) == ()
