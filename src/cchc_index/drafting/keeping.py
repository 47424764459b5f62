"""What a draft must not lose of the files beside it: comments of a person, stored texts of documents."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

import yaml
from attrs import frozen

from cchc_index.criteria import Ruleset
from cchc_index.errors import BadRuleset, Fault, Text
from cchc_index.files.strict import Unreadable, read_text
from cchc_index.sources import Document

_CODE = re.compile(r"""^\s*(?:- )?\{?\s*ma:\s*["']?([^"',\s}]+)""", re.MULTILINE)


@frozen
class Comment:
    """A comment of a file: its line, the code of the row that it stands in or under, its words from the # on."""

    line: int
    code: str
    words: str


def comments_in(text: str) -> tuple[Comment, ...]:
    """The comments of a file that can be read, in order.

    >>> comments_in("tieu_chi:\\n- ma: '1'  # đã hỏi\\n  ten: 'A # B'\\n")
    (Comment(line=2, code='1', words='# đã hỏi'),)
    """
    return tuple(_comments(text))


def _comments(text: str) -> Iterator[Comment]:
    last = 0
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        gap = text[last : token.start_mark.index]
        for part in re.finditer(r"#[^\n]*", gap):
            at = last + part.start()
            codes = _CODE.findall(text, 0, at)
            yield Comment(text.count("\n", 0, at) + 1, codes[-1] if codes else "", part[0].rstrip())
        last = max(last, token.end_mark.index)


def stored_texts(rules: Ruleset, given: Iterable[Path]) -> Mapping[str, str]:
    """The texts of documents among some files, by where the ruleset wants them; each goes by its name.

    Raises BadRuleset for a file that no document is stored in, and for one that cannot be read.
    """
    wanted = {PurePosixPath(one.stored).name: one.stored for one in rules.documents if _is_inside(one)}
    found, faults = dict[str, str](), list[Fault]()
    for file in given:
        if file.name not in wanted:
            listed = ", ".join(sorted(wanted))
            message = Text(
                f"không văn bản nào lưu ở tệp tên này; cần: {listed}",
                f"no document is stored under this name: {listed}",
            )
            faults.append(Fault(message, place=file.name))
            continue
        try:
            found[wanted[file.name]] = read_text(file)
        except Unreadable as problem:
            faults += problem.faults
    if faults:
        raise BadRuleset(faults)
    return found


def lacking_texts(rules: Ruleset, folder: Path, files: Iterable[str]) -> Iterator[Text]:
    """The documents whose stored text is neither in the folder nor among the files to be written.

    Those of another set, written `<id>/<version>:<path>`, lie with that set.
    """
    known = set(files)
    for one in rules.documents:
        is_elsewhere = ":" in one.stored
        if not (is_elsewhere or one.stored in known or (_is_inside(one) and (folder / one.stored).exists())):
            yield Text(
                f"chép bản lưu của {one.id} ({one.number}) vào {one.stored}, hay soạn lại với --van-ban",
                f"copy the stored text of {one.id} ({one.number}) to {one.stored}, or draft again with --van-ban",
            )


def _is_inside(document: Document) -> bool:
    path = PurePosixPath(document.stored)
    return not path.is_absolute() and ".." not in path.parts
