"""Finding rulesets: by id, by printed number, by path; and what is said when there is none."""

import shutil
from pathlib import Path

import pytest

import cchc_index as cchc
from cchc_index.files import catalogue, folders
from cchc_index.files.catalogue import folder_of
from cchc_index.files.folders import RULES_FILE, shipped_folder
from cchc_index.files.reading import stored_texts

DONG_NAI = "dong-nai/cap-xa/2022"


def _unknown(name: str | Path) -> cchc.UnknownRuleset:
    with pytest.raises(cchc.UnknownRuleset) as caught:
        cchc.load(name)
    return caught.value


def test_ids_are_sorted_and_end_in_their_version() -> None:
    ids = cchc.rulesets()
    assert list(ids) == sorted(set(ids))
    assert all(name == f"{cchc.load(name).id}/{cchc.load(name).version}" for name in ids)


@pytest.mark.parametrize("name", cchc.rulesets())
def test_load_by_id_folder_and_file(name: str) -> None:
    rules = cchc.load(name)
    folder = shipped_folder() / name
    assert cchc.load(folder) == cchc.load(str(folder)) == cchc.load(folder / RULES_FILE) == rules


@pytest.mark.parametrize("name", cchc.rulesets())
def test_load_by_printed_number(name: str) -> None:
    """By its number alone, where one set has it; a number of several sets names them all."""
    number = cchc.load(name).documents[0].number
    numbered = [other for other in cchc.rulesets() if cchc.load(other).documents[0].number == number]
    if len(numbered) == 1:
        assert cchc.load(number) == cchc.load(name)
    else:
        assert all(other in str(_unknown(number)) for other in numbered)


def test_shipped_ruleset_is_read_once() -> None:
    assert cchc.load(DONG_NAI) is cchc.load(shipped_folder() / DONG_NAI) is cchc.load("244/PNV")


def test_ruleset_of_a_path_is_read_anew(tmp_path: Path) -> None:
    folder = tmp_path / "bo"
    shutil.copytree(shipped_folder() / DONG_NAI, folder)
    before = cchc.load(folder)
    file = folder / RULES_FILE
    file.write_text(file.read_text("utf-8").replace('phien_ban: "2022"', 'phien_ban: "2023"'), "utf-8")
    assert (before.version, cchc.load(folder).version) == ("2022", "2023")
    assert stored_texts(before, folder) == stored_texts(before, shipped_folder() / DONG_NAI)


def test_relative_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(shipped_folder() / DONG_NAI, tmp_path / "bo-moi")
    monkeypatch.chdir(tmp_path)
    assert cchc.load("bo-moi") == cchc.load(DONG_NAI)
    assert folder_of("bo-moi") == Path("bo-moi")


def test_shipped_id_goes_before_a_path_of_the_same_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / DONG_NAI
    shutil.copytree(shipped_folder() / DONG_NAI, folder)
    (folder / RULES_FILE).write_text("hỏng: [", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert cchc.load(DONG_NAI).title.startswith("Bộ chỉ số")
    with pytest.raises(cchc.BadRuleset):
        cchc.load(Path(DONG_NAI))


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("dong-nai/cap-xa/2023", f"«{DONG_NAI}»"),
        ("dong-nai/cap_xa/2022", f"«{DONG_NAI}»"),
        ("vpcp/mot-cua/tt-01-2019", "«vpcp/mot-cua/tt-01-2018»"),
        ("Dong-Nai/Cap-Xa/2022", f"«{DONG_NAI}»"),
    ],
)
def test_unknown_id_names_the_likely_one(name: str, hint: str) -> None:
    error = _unknown(name)
    assert f"«{name}»" in str(error)
    assert hint in str(error)
    assert "cchc list" in error.report("en")
    assert "did you mean" in error.report("en")


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("dong-nai/cap-xa", "dong-nai/cap-xa/2022"),
        ("dong-nai/cap-xa/", "dong-nai/cap-xa/2022"),
        ("vpcp", "vpcp/mot-cua/tt-01-2018"),
    ],
)
def test_id_without_version_lists_the_versions(name: str, version: str) -> None:
    error = _unknown(name)
    assert f"nêu cả phiên bản: {version}" in str(error)
    assert f"give the version too: {version}" in error.report("en")


def test_id_with_several_versions_lists_them_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for version in ("2022", "2023"):
        shutil.copytree(shipped_folder() / DONG_NAI, tmp_path / "dong-nai" / "cap-xa" / version)
    monkeypatch.setattr(folders, "shipped_folder", lambda: tmp_path)
    assert cchc.rulesets() == ("dong-nai/cap-xa/2022", "dong-nai/cap-xa/2023")
    assert "dong-nai/cap-xa/2022, dong-nai/cap-xa/2023" in str(_unknown("dong-nai/cap-xa"))
    catalogue._first_number.cache_clear()
    error = _unknown("244/PNV")
    assert "số hiệu của nhiều bộ: dong-nai/cap-xa/2022, dong-nai/cap-xa/2023" in str(error)
    catalogue._first_number.cache_clear()


@pytest.mark.parametrize("name", ["gì đó khác hẳn", "99/2099/QĐ-X", Path("không/có"), "dong-nai", "0", "a" * 300])
def test_unknown_name_is_an_error_of_this_library(name: str | Path) -> None:
    """Also when the name could never be that of a file."""
    assert len(_unknown(name).faults) == 1


def test_folder_without_a_ruleset(tmp_path: Path) -> None:
    with pytest.raises(cchc.BadRuleset, match=RULES_FILE):
        cchc.load(tmp_path)


OUTSIDE = ("../ngoai.md", "nguon/../../ngoai.md", "../../../../../../../../etc/passwd", "/etc/passwd")


@pytest.mark.parametrize("stored", OUTSIDE)
def test_a_stored_text_outside_the_folder_is_refused(stored: str, tmp_path: Path) -> None:
    shutil.copytree(shipped_folder() / DONG_NAI, tmp_path / "bo")
    (tmp_path / "ngoai.md").write_text("ở ngoài", "utf-8")
    file = tmp_path / "bo" / RULES_FILE
    text = file.read_text("utf-8")
    file.write_text(text.replace("ban_luu: nguon/HD244.md", f"ban_luu: {stored}"), "utf-8")
    with pytest.raises(cchc.BadRuleset) as caught:
        stored_texts(cchc.load(tmp_path / "bo"), tmp_path / "bo")
    told = f"bo-tieu-chi.yaml:14: van_ban.HD244.ban_luu: «{stored}»: bản lưu phải nằm trong thư mục của bộ tiêu chí"
    assert told in str(caught.value)
    (tmp_path / "bo" / "nguon" / "sau").mkdir()
    file.write_text(text.replace("ban_luu: nguon/HD244.md", "ban_luu: nguon/sau/../HD244.md"), "utf-8")
    assert "HD244" in stored_texts(cchc.load(tmp_path / "bo"), tmp_path / "bo")


def test_missing_stored_text_is_named(tmp_path: Path) -> None:
    shutil.copytree(shipped_folder() / DONG_NAI, tmp_path / "bo")
    (tmp_path / "bo" / "nguon" / "HD244.md").unlink()
    rules = cchc.load(tmp_path / "bo")
    with pytest.raises(cchc.BadRuleset) as caught:
        stored_texts(rules, tmp_path / "bo")
    assert caught.value.faults[0].path == ("van_ban", "HD244", "ban_luu")
    assert "HD244.md" in str(caught.value)
