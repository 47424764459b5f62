"""The documentation site: built without a warning, whole without a network, searched with and without accents.

The search page is JavaScript over `searchindex.js`. What it looks up is done here again on the index that was built:
every pair of neighbouring words of the query, all without accents. The accents are taken off in another way than the
site does it: by the Unicode names of the letters.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any
from unicodedata import name

import pytest

import cchc_index as cchc

DOCS = Path(__file__).parents[1] / "docs"
SCRIPT = (DOCS / "tim-kiem.js").read_text("utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `.ci/run` builds it, from a copy: building compiles the words of the theme beside their source."""
    work = tmp_path_factory.mktemp("site")
    shutil.copytree(DOCS, work / "docs")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", str(work / "docs"), str(work / "site")]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return work / "site"


def test_every_page_is_there_in_vietnamese(site: Path) -> None:
    pages = [site / f"{page.stem}.html" for page in DOCS.glob("*.md")]
    assert len(pages) > 10
    assert [page.name for page in pages if '<html class="no-js" lang="vi"' not in page.read_text("utf-8")] == []


def test_the_api_page_says_every_public_name(site: Path) -> None:
    said = re.findall(r'<dt class="[^"]*" id="cchc_index\.(\w+)"', (site / "api.html").read_text("utf-8"))
    assert sorted(said) == sorted(cchc.__all__)


# -- without a network -------------------------------------------------------------------------------------------------


class Fetches(HTMLParser):
    """What a page loads by itself; links that people follow are not among it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kinds = {"src", "srcset", "data", "poster", "xlink:href"}
        if tag in {"link", "use", "image"}:
            kinds.add("href")
        self.found += [value for key, value in attrs if key in kinds and value]


def fetched(file: Path) -> Iterator[str]:
    text = file.read_text("utf-8")
    if file.suffix in {".html", ".svg"}:
        page = Fetches()
        page.feed(text)
        yield from page.found
    yield from re.findall(r"url\(\s*[\"']?([^\"')]+)", text)
    yield from re.findall(r"@import\s+[\"']([^\"']+)", text)


def test_the_site_loads_nothing_from_a_host(site: Path) -> None:
    files = [file for file in site.rglob("*") if file.suffix in {".html", ".css", ".svg"}]
    loaded = {(file.name, address) for file in files for address in fetched(file)}
    assert len(loaded) > 50
    assert sorted(pair for pair in loaded if re.match(r"(?!data:)[a-z]+:|//", pair[1])) == []


# -- search ------------------------------------------------------------------------------------------------------------


def bare(text: str) -> str:
    """Lower-case text without accents: «ệ» is named LATIN SMALL LETTER E WITH CIRCUMFLEX AND DOT BELOW."""
    letters = (re.search(r"LETTER (\w)\b", name(letter, "")) for letter in text)
    return "".join(found[1].lower() if found else letter for letter, found in zip(text, letters, strict=True))


@pytest.fixture(scope="module")
def index(site: Path) -> dict[str, Any]:
    text = (site / "searchindex.js").read_text("utf-8")
    found: dict[str, Any] = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))
    return found


def pages_with(index: dict[str, Any], query: str) -> set[str]:
    """The pages that hold every pair of neighbouring words of a query."""
    words = re.findall(r"\w+", bare(query))
    wanted = [f"{first} {second}" for first, second in pairwise(words)] or words
    return set.intersection(*(set(pages_of(index, term)) for term in wanted))


def pages_of(index: dict[str, Any], term: str) -> Iterator[str]:
    for terms in (index["terms"], index["titleterms"]):
        places = terms.get(term, [])
        yield from (index["docnames"][place] for place in ([places] if isinstance(places, int) else places))


@pytest.mark.parametrize(
    ("accented", "plain", "page"),
    [
        ("cải cách hành chính", "cai cach hanh chinh", "index"),
        ("điểm tối đa", "diem toi da", "tu-dien"),
        ("Làm tròn", "LAM TRON", "viet-bo-tieu-chi"),
        ("Đọc một thông báo lỗi", "doc mot thong bao loi", "cong-chuc"),
        ("mâu thuẫn", "mau thuan", "tham-dinh"),
        ("mau_so_bang_0", "mau_so_bang_0", "viet-bo-tieu-chi"),
    ],
)
def test_a_query_finds_its_pages_with_and_without_accents(
    index: dict[str, Any], accented: str, plain: str, page: str
) -> None:
    assert pages_with(index, accented) == pages_with(index, plain)
    assert page in pages_with(index, plain)


def test_words_that_only_stand_apart_are_no_phrase(index: dict[str, Any]) -> None:
    assert "viet-bo-tieu-chi" in pages_with(index, "chính") & pages_with(index, "cách")
    assert "viet-bo-tieu-chi" not in pages_with(index, "chính cách")


def test_no_word_of_the_index_has_an_accent(index: dict[str, Any]) -> None:
    words = [*index["terms"], *index["titleterms"]]
    assert len(words) > 1000
    assert [word for word in words if bare(word) != word] == []


class Article(HTMLParser):
    """What a page shows in its main part."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.depth += tag == "article"

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "article"

    def handle_data(self, data: str) -> None:
        self.text += data if self.depth else ""


@pytest.mark.parametrize("page", sorted(page.stem for page in DOCS.glob("*.md") if page.stem != "api"))
def test_every_word_of_a_page_finds_it(site: Path, index: dict[str, Any], page: str) -> None:
    article = Article()
    article.feed((site / f"{page}.html").read_text("utf-8"))
    words = set(re.findall(r"\w+", article.text))
    assert words
    assert sorted(word for word in words if not word.isdigit() and page not in pages_of(index, bare(word))) == []


def test_the_search_page_folds_what_is_asked(site: Path) -> None:
    page = (site / "search.html").read_text("utf-8")
    scripts = re.findall(r'<script src="([^"?]*)', page)
    assert scripts.index("_static/searchtools.js") < scripts.index("_static/language_data.js")
    assert SCRIPT.strip() in (site / "_static" / "language_data.js").read_text("utf-8")


def test_what_the_search_script_builds_on_is_there(site: Path) -> None:
    """The script replaces and calls parts of Sphinx's own: another version may name them otherwise."""
    tools = (site / "_static" / "searchtools.js").read_text("utf-8")
    used = set(re.findall(r"\b(?:Search|Scorer|SearchResultKind)\.(\w+)", SCRIPT)) | {"_orderResultsByScoreThenName"}
    assert len(used) > 5
    assert sorted(part for part in used if not re.search(rf"\b{part}(?:\b.*=>|:|\(\)| =)", tools)) == []
    said = re.findall(r"^    (?:\"(.*)\"|(\w+)):", SCRIPT, re.MULTILINE)
    assert len(said) > 4
    assert [each for each in ("".join(pair) for pair in said) if f'"{each}"' not in tools] == []
