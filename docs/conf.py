"""How the documentation site is built: `sphinx-build -W --keep-going docs site`. It fetches nothing from any host."""

from itertools import pairwise
from pathlib import Path
from unicodedata import combining, normalize

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx
from sphinx.search import SearchLanguage

extensions = ["myst_parser", "sphinx.ext.autodoc"]
project = "cchc_index"
language = "vi"
locale_dirs = ["locale"]
exclude_patterns = ["locale"]
myst_heading_anchors = 4
default_role = "code"

autodoc_member_order = "bysource"
autodoc_default_options = {
    "members": True,
    "undoc-members": True,
    "exclude-members": "__init__",
    "no-index-entry": True,
}
autodoc_class_signature = "separated"
add_module_names = False

html_theme = "furo"
html_favicon = "_static/bieu-tuong.svg"
html_title = "cchc_index"
html_static_path = ["_static"]
html_css_files = ["trang.css"]
html_copy_source = False
html_use_index = False
html_show_copyright = False


def folded(word: str) -> str:
    """A word in lower case without accents, as people type it in a hurry."""
    plain = "".join(letter for letter in normalize("NFD", word.lower()) if not combining(letter))
    return plain.replace("đ", "d")


class Vietnamese(SearchLanguage):
    """The search index without accents. `tim-kiem.js` folds what is asked in the same way.

    A Vietnamese word is often two syllables, and nearly every page has each of them somewhere: pairs of neighbours are
    indexed too, so that «cải cách hành chính» finds the phrase.
    """

    lang = "vi"
    language_name = "Vietnamese"
    js_stemmer_code = (Path(__file__).parent / "tim-kiem.js").read_text("utf-8")

    def split(self, text: str) -> list[str]:
        words = super().split(text)
        return words + [f"{first} {second}" for first, second in pairwise(words)]

    def stem(self, word: str) -> str:
        return folded(word)


def setup(app: Sphinx) -> None:
    app.add_search_language(Vietnamese)
    app.add_lexer("csv", TextLexer)
