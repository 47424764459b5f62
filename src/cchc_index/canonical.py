"""The canonical form of a ruleset and its digest, exactly enough that another program can recompute both.

1. The data is `{"format": "cchc-index/ruleset/1", "ruleset": …}`, the ruleset as `plain.dump` gives it (and as
   `cchc show ID --json` prints it): fields at their default are left out, exact numbers are text ("19/20"), days are
   ISO text, silence is "khong_quy_dinh".
2. Every text in it is put into Unicode NFC.
3. It is written as JSON by RFC 8785 (JCS): no white space, keys sorted, UTF-8. It holds no binary float.
4. The digest is `sha256:` and the SHA-256 of those bytes in lower-case hexadecimal.

Two rulesets have the same digest exactly when they are equal up to NFC. How the file was written (comments, the order
of keys, shapes, layers, "0,5" or 50%) leaves no trace; the order of rows, bands, figures and documents counts, because
that is the order in which the table is printed.

>>> import cchc_index as cchc
>>> canonical(cchc.load("mau/cap-xa/1"))[:36]
'{"format":"cchc-index/ruleset/1","ru'
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any
from unicodedata import normalize

from cchc_index.criteria import Ruleset
from cchc_index.plain import dump

RULESET_FORMAT = "cchc-index/ruleset/1"
SOURCES_FORMAT = "cchc-index/sources/1"
SCHEME = "sha256:"


@lru_cache(maxsize=64)
def digest(rules: Ruleset) -> str:
    """The digest of a ruleset: `sha256:` and 64 hexadecimal digits.

    >>> import cchc_index as cchc
    >>> rules = cchc.load("dong-nai/cap-xa/2022")
    >>> cchc.digest(rules) == digest_of(canonical(rules)), len(cchc.digest(rules))
    (True, 71)
    """
    return digest_of(canonical(rules))


def canonical(rules: Ruleset) -> str:
    """The canonical form of a ruleset."""
    return canonical_json({"format": RULESET_FORMAT, "ruleset": dump(rules, Ruleset)})


def digest_of_sources(texts: Mapping[str, str]) -> str:
    """The digest of the stored texts of a ruleset's documents, by document id; line ends count as line feeds.

    >>> digest_of_sources({"VB": "một\\r\\nhai"}) == digest_of_sources({"VB": "một\\nhai"})
    True
    """
    even = {document: text.replace("\r\n", "\n") for document, text in texts.items()}
    return digest_of(canonical_json({"format": SOURCES_FORMAT, "texts": even}))


def canonical_json(data: Any) -> str:
    """Plain data without floats, as RFC 8785 writes it, every text in NFC.

    >>> canonical_json({"b": [1, None], "a": "e\\u0301"})
    '{"a":"é","b":[1,null]}'
    """
    return json.dumps(_composed(data), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _composed(data: Any) -> Any:
    if isinstance(data, str):
        return normalize("NFC", data)
    if isinstance(data, list):
        return [_composed(item) for item in data]
    if isinstance(data, dict):
        return {_composed(key): _composed(item) for key, item in data.items()}
    return data


def digest_of(text: str) -> str:
    """The digest of a text in UTF-8."""
    return SCHEME + sha256(text.encode()).hexdigest()
