"""Strict reading of YAML and JSON: every scalar stays what was written, every value knows its line."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from cchc_index.files import strict, strict_yaml
from cchc_index.files.source import read_node
from cchc_index.files.strict import Node, Unreadable, read_text
from cchc_index.files.strict_json import parse_json
from cchc_index.files.strict_yaml import parse_yaml

HERE = Path(__file__).parents[1]
YAML_FILES = sorted([*(HERE / "rulesets").rglob("*.yaml"), *(HERE / "examples").rglob("*.yaml")])


def _yaml(text: str) -> Any:
    node, faults = parse_yaml(text, "a.yaml")
    assert faults == []
    assert node is not None
    return node.plain()


def _json(text: str) -> Any:
    node, faults = parse_json(text, "a.json")
    assert faults == []
    assert node is not None
    return node.plain()


def _said(text: str, suffix: str = "yaml") -> str:
    """The faults of a text that cannot be read."""
    _, faults = (parse_json if suffix == "json" else parse_yaml)(text, f"a.{suffix}")
    assert faults

    return "\n".join(fault.said("vi") for fault in faults)


# ---- YAML ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word",
    ["1.10", "1.1", "no", "yes", "on", "Off", "null", "~", "true", "0x10", "010", "1e3", "1_000", ".inf", "2023-11-30"],
)
def test_yaml_resolves_nothing(word: str) -> None:
    assert _yaml(f"a: {word}") == {"a": word}
    assert _yaml(f"{word}: a") == {word: "a"}
    assert _yaml(f"[{word}]") == [word]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a:", {"a": ""}),
        ('a: ""', {"a": ""}),
        ("a: 'it''s'", {"a": "it's"}),
        ('a: "x\\ty"', {"a": "x\ty"}),
        ("a: |\n  x\n  y\n", {"a": "x\ny\n"}),
        ("a: >-\n  x\n  y\n", {"a": "x y"}),
        ("a: x\n  y\n", {"a": "x y"}),
        ("[a, [b, {c: d}], []]", ["a", ["b", {"c": "d"}], []]),
        ("{}", {}),
        ("- - a\n  - b\n- c", [["a", "b"], "c"]),
        ("# chú thích\na: b # chú thích", {"a": "b"}),
        ("---\na: b\n...\n", {"a": "b"}),
        ("1.10: x\n1.1: y", {"1.10": "x", "1.1": "y"}),
        ("<<: a", {"<<": "a"}),
    ],
)
def test_yaml_values(text: str, value: Any) -> None:
    assert _yaml(text) == value


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\na: 2", 2, "lặp lại (lần đầu ở dòng 1)"),
        ("x: {a: 1, b: 2, a: 3}", 1, "«a» lặp lại"),
        ("a: &x 1\nb: *x", 1, "neo"),
        ("a: *x", 1, "bí danh"),
        ("a: !!int 1", 1, "thẻ kiểu"),
        ("a: 1\n---\nb: 2", 2, "tài liệu YAML"),
        ("? [a]\n: b", 1, "tên khóa phải là chữ"),
        ("", 1, "tệp trống"),
        ("# chỉ chú thích", 1, "tệp trống"),
        ("a: {diem: 0,25}", 1, "«…,25» bị cắt đôi"),
        ("a:\n\tb: 1", 2, "tab"),
        ('a: "x', 1, "không đóng"),
        ("a: [x", 1, "không đóng"),
        ("a: b: c", 1, "«: » đặt sai chỗ"),
        ("a: @x", 1, "không đứng đầu giá trị được"),
    ],
)
def test_yaml_refused(text: str, line: int, words: str) -> None:
    said = _said(text)
    assert f"a.yaml:{line}:" in said
    assert words in said


def test_yaml_names_every_repeated_key() -> None:
    assert _said("a: 1\nb: 1\na: 2\nb: 2").count("lặp lại") == 2


def test_lines_are_those_of_the_keys() -> None:
    node, _ = parse_yaml("a:\n  b:\n  - c\n  - d: e\n\nf: |\n  g\n", "a.yaml")
    assert node is not None
    assert dict(node.places("a.yaml")) == {
        (): "a.yaml:1",
        ("a",): "a.yaml:1",
        ("a", "b"): "a.yaml:2",
        ("a", "b", 0): "a.yaml:3",
        ("a", "b", 1): "a.yaml:4",
        ("a", "b", 1, "d"): "a.yaml:4",
        ("f",): "a.yaml:6",
    }


@pytest.mark.parametrize("path", YAML_FILES, ids=lambda path: path.relative_to(HERE).as_posix())
def test_both_loaders_read_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strict_yaml, "_LOADER", yaml.SafeLoader)
    plain = read_node(path)
    monkeypatch.setattr(strict_yaml, "_LOADER", yaml.CSafeLoader)
    fast = read_node(path)
    assert fast == plain
    assert dict(fast.places("")) == dict(plain.places(""))


def test_fast_loader_is_the_one_in_use() -> None:
    assert strict_yaml._LOADER is yaml.CSafeLoader


def _words(data: Any) -> Any:
    """A YAML text read by PyYAML, with every scalar as text: what the strict reader must give."""
    if isinstance(data, list):
        return [_words(item) for item in data]
    if isinstance(data, dict):
        return {str(key): _words(item) for key, item in data.items()}
    return data


@pytest.mark.parametrize("path", YAML_FILES, ids=lambda path: path.relative_to(HERE).as_posix())
def test_shipped_files_read_as_pyyaml_reads_them(path: Path) -> None:
    data = yaml.load(path.read_text("utf-8"), Loader=yaml.CBaseLoader)
    assert read_node(path).plain() == _words(data)


PRINTABLE = (
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), max_size=20)
    .map(lambda text: normalize("NFC", text))
    .filter(str.isprintable)
)


@given(st.dictionaries(PRINTABLE.filter(lambda key: not key.isdigit()), PRINTABLE, max_size=5), st.booleans())
def test_any_text_survives_yaml(data: dict[str, str], flow: bool) -> None:
    text = yaml.safe_dump(data, allow_unicode=True, default_flow_style=flow, default_style='"', width=10_000)
    assert _yaml(text) == data


# ---- JSON ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1", Decimal("0.1")),
        ("1.10", Decimal("1.10")),
        ("-0", Decimal(0)),
        ("12", Decimal(12)),
        ("1e3", Decimal(1000)),
        ("1.5E-3", Decimal("0.0015")),
        ("123456789012345678901234567890.123456789", Decimal("123456789012345678901234567890.123456789")),
        ("true", "có"),
        ("false", "không"),
        ("null", ""),
        ('"true"', "true"),
        ('"0.1"', "0.1"),
        (r'"\u00e1\n\""', 'á\n"'),
        ("[]", []),
        ("{}", {}),
        (' [ 1 , [ ] , { "a" : [ true ] } ] ', [Decimal(1), [], {"a": ["có"]}]),
    ],
)
def test_json_values(text: str, value: Any) -> None:
    assert _json(text) == value


def test_json_number_keeps_its_digits() -> None:
    assert str(_json("1.10")) == "1.10"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "bị cụt"),
        ("{", 1, "bị cụt"),
        ("[1,\n2", 2, "bị cụt"),
        ("[1,]", 1, "thừa dấu phẩy cuối"),
        ('{"a": 1,}', 1, "thừa dấu phẩy cuối"),
        ('{"a": 1\n"b": 2}', 2, "thiếu dấu phẩy"),
        ("{'a': 1}", 1, "ngoặc kép"),
        ("{a: 1}", 1, "gặp «a»"),
        ('{"a" 1}', 1, "gặp «1»"),
        ('{"a":}', 1, "gặp «}»"),
        ("[1 2]", 1, "gặp «2»"),
        ("[01]", 1, "gặp «01»"),
        ("[1.]", 1, "gặp «1.»"),
        ("[.5]", 1, "gặp «.5»"),
        ("[+1]", 1, "gặp «+1»"),
        ("[NaN]", 1, "gặp «NaN»"),
        ("[Infinity]", 1, "gặp «Infinity»"),
        ("[-]", 1, "gặp «-»"),
        ("[trueish]", 1, "gặp «ish»"),
        ("[1e999]", 1, "gặp «1e999»"),
        ('["a', 1, "không đóng"),
        ('["\\x"]', 1, "không đóng"),
        ("[] []", 1, "gặp «[»"),
        ("]", 1, "gặp «]»"),
        ("{]", 1, "gặp «]»"),
        ("[}", 1, "gặp «}»"),
        ('{"a": 1, "a": 2}', 1, "«a» lặp lại"),
        ('{"a": 1,\n "a": 2}', 2, "lần đầu ở dòng 1"),
        ("[" + "1" * 61 + "]", 1, "số dài quá 60"),
        ("// x\n[]", 1, "sai cú pháp JSON"),
    ],
)
def test_json_refused(text: str, line: int, words: str) -> None:
    said = _said(text, "json")
    assert f"a.json:{line}:" in said
    assert words in said


def test_json_lines() -> None:
    node, _ = parse_json('{\n "a": [\n  1,\n  {"b":\n 2}],\n "c": "x"\n}', "a.json")
    assert node is not None
    assert dict(node.places("a.json")) == {
        (): "a.json:1",
        ("a",): "a.json:2",
        ("a", 0): "a.json:3",
        ("a", 1): "a.json:4",
        ("a", 1, "b"): "a.json:4",
        ("c",): "a.json:6",
    }


NUMBERS = st.integers(-(10**40), 10**40) | st.integers(-(10**9), 10**9).map(lambda n: n / 1000)
SCALARS = st.none() | st.booleans() | NUMBERS | PRINTABLE


def _nested(keys: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
        max_leaves=15,
    )


def _expected(data: Any) -> Any:
    """What the strict reader gives for what `json` was given."""
    if isinstance(data, list):
        return [_expected(item) for item in data]
    if isinstance(data, dict):
        return {key: _expected(item) for key, item in data.items()}
    if data is None:
        return ""
    if isinstance(data, bool):
        return "có" if data else "không"
    return Decimal(repr(data)) if isinstance(data, int | float) else data


@given(_nested(PRINTABLE.filter(lambda key: not key.isdigit())), st.sampled_from([None, 0, 2]), st.booleans())
def test_any_json_is_read_back(data: Any, indent: int | None, ascii_only: bool) -> None:
    assert _json(json.dumps(data, indent=indent, ensure_ascii=ascii_only)) == _expected(data)


@given(_nested(st.text("0123456789", min_size=1, max_size=2)))
@example({"1": None})
@example({"9": ""})
def test_any_json_with_codes_for_keys_is_read_back(data: Any) -> None:
    """Codes of criteria ("1", "9") are keys like others, also before an empty value: JSON has no `{diem: 0,25}`."""
    assert _json(json.dumps(data)) == _expected(data)


def test_empty_value_of_a_code_in_block_yaml_is_no_number_cut_in_two() -> None:
    """A number can only be cut in two inside { }."""
    assert _yaml('khong_danh_gia:\n  "9": ""\n') == {"khong_danh_gia": {"9": ""}}


@given(st.text(max_size=30))
def test_json_agrees_with_the_standard_reader(text: str) -> None:
    """What the standard library refuses is refused; no text ends in anything but a value or faults."""
    node, faults = parse_json(text, "a.json")
    try:
        json.loads(text, parse_constant=_no_constant)
    except ValueError:
        assert faults
    else:
        assert node is not None or faults


def _no_constant(word: str) -> float:
    raise ValueError(word)


@given(st.text("{}[]\",:'-+.0123456789eEtrufalsn \n", max_size=25))
def test_json_like_text_agrees_with_the_standard_reader(text: str) -> None:
    test_json_agrees_with_the_standard_reader.hypothesis.inner_test(text)  # type: ignore[attr-defined]


@given(st.text(":-[]{}&*!|>'\"%@`#,? \nab01", max_size=30))
def test_yaml_text_is_a_value_or_faults(text: str) -> None:
    node, faults = parse_yaml(text, "a.yaml")
    assert node is not None or faults


# ---- the limits, the bytes -------------------------------------------------------------------------------------------


def _file(folder: Path, raw: bytes, name: str = "a.yaml") -> Path:
    path = folder / name
    path.write_bytes(raw)
    return path


def _unreadable(path: Path) -> str:
    with pytest.raises(Unreadable) as caught:
        read_node(path)
    return "\n".join(fault.said("vi") for fault in caught.value.faults)


def test_byte_order_mark_is_dropped(tmp_path: Path) -> None:
    assert read_node(_file(tmp_path, b"\xef\xbb\xbfa: b")).plain() == {"a": "b"}
    assert read_node(_file(tmp_path, b'\xef\xbb\xbf{"a": 1}', "a.JSON")).plain() == {"a": Decimal(1)}


def test_windows_line_ends(tmp_path: Path) -> None:
    node = read_node(_file(tmp_path, b"a: b\r\nc:\r\n- d\r\n"))
    assert node.plain() == {"a": "b", "c": ["d"]}
    assert dict(node.places("a"))["c", 0] == "a:3"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"a: b\nc: \xff", "a.yaml:2: tệp không ở dạng UTF-8"),
        ("a: e\u0301".encode(), "a.yaml:1: chữ có dấu tách rời"),
        ("a: b\nc: x\u200by".encode(), "a.yaml:2: ký tự ẩn U+200B"),
        ("a: \u202eb".encode(), "U+202E"),
        (b"a: \x00", "U+0000"),
        ("a: \ue000".encode(), "U+E000"),
        ("a: e\u0301\nb: \u200b".encode(), "a.yaml:2: ký tự ẩn"),
    ],
)
def test_bytes_refused(tmp_path: Path, raw: bytes, words: str) -> None:
    assert words in _unreadable(_file(tmp_path, raw))


@pytest.mark.parametrize("suffix", ["yaml", "json"])
@pytest.mark.parametrize(
    ("written", "words"),
    [("\\u200b", "ký tự ẩn U+200B"), ("e\\u0301", "NFC"), ("\\u202e", "U+202E"), ("\\u0000", "U+0000")],
)
def test_escapes_hide_nothing(tmp_path: Path, suffix: str, written: str, words: str) -> None:
    """What a file may not hold as it stands, it may not hold by way of an escape either."""
    path = _file(tmp_path, f'{{"a": "x{written}y"}}'.encode(), f"a.{suffix}")
    assert words in _unreadable(path)


def test_half_a_character_is_refused(tmp_path: Path) -> None:
    """A lone surrogate cannot be printed, not even in an error message."""
    path = _file(tmp_path, b'{"a": "\\ud800"}', "a.json")
    _unreadable(path).encode("utf-8")


def test_limits(tmp_path: Path) -> None:
    assert "lồng nhau quá 40" in _said("[" * 50)
    assert "lồng nhau quá 40" in _said("[" * 100_000, "json")
    assert "dài quá 20000" in _said("a: " + "x" * 20_001)
    assert "dài quá 20000" in _said(json.dumps("x" * 20_001), "json")
    assert f"quá {strict.MAX_NODES} giá trị" in _said("[" + "1," * strict.MAX_NODES + "1]", "json")
    assert "lớn hơn 2048 KiB" in _unreadable(_file(tmp_path, b"# " + b"x" * strict.MAX_BYTES))
    assert _yaml("[" * 40 + "]" * 40) is not None
    assert len(_yaml("x" * 20_000)) == 20_000


def test_unopened_files(tmp_path: Path) -> None:
    assert "không có tệp này" in _unreadable(tmp_path / "không.yaml")
    assert "đây là thư mục" in _unreadable(tmp_path)
    (tmp_path / "tệp").write_text("x")
    assert "không mở được tệp" in _unreadable(tmp_path / "tệp" / "a.yaml")


def test_limit_of_a_text_is_that_of_the_caller(tmp_path: Path) -> None:
    path = _file(tmp_path, b"x" * 10)
    assert read_text(path, 10) == "x" * 10
    with pytest.raises(Unreadable):
        read_text(path, 9)


def test_node_is_a_plain_value() -> None:
    node = Node({"a": Node([Node("b", 2)], 1)}, 1)
    assert node.plain() == {"a": ["b"]}
    assert list(_lines(node)) == [1, 1, 2]


def _lines(node: Node) -> Iterator[int]:
    return (int(place.partition(":")[2]) for _, place in node.places("a"))
