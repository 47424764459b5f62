"""Reports into files: Excel, Word and HTML beside what a command prints."""

from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from cchc_index.cli.terminal import emit, write_whole
from cchc_index.errors import CchcError, Fault, Text
from cchc_index.reporting.page import Page


@frozen
class Papers:
    """The files asked for."""

    xlsx: Path | None = None
    docx: Path | None = None
    html: Path | None = None


def deliver(page: Page, data: str | None, output: Path | None, papers: Papers) -> None:
    """Write a report into the files asked for, and print it, or its data as JSON where that is given.

    Every file is made before the first is written, and each is written whole. Raises CchcError.
    """
    for file, content in list(_made(page, papers)):
        write_whole(file, content)
    emit(page if data is None else data, output)


def _made(page: Page, papers: Papers) -> Iterator[tuple[Path, str | bytes]]:
    try:
        if papers.xlsx:
            from cchc_index.reporting.as_excel import excel_file

            yield papers.xlsx, excel_file(page)
        if papers.docx:
            from cchc_index.reporting.as_word import word_file

            yield papers.docx, word_file(page)
        if papers.html:
            from cchc_index.reporting.as_html import html_file

            yield papers.html, html_file(page)
    except ModuleNotFoundError as error:
        raise _lacking(error) from None


_EXTRAS = {"xlsxwriter": "office", "docx": "office", "jinja2": "report"}


def _lacking(error: ModuleNotFoundError) -> Exception:
    """What to install, where a library of an extra is not there; any other error as it is."""
    extra = _EXTRAS.get((error.name or "").partition(".")[0])
    if extra is None:
        return error
    wanted = f'pip install "cchc-index[{extra}]"'
    return CchcError([Fault(Text(f"ghi tệp này cần cài thêm: {wanted}", f"writing this file needs: {wanted}"))])
