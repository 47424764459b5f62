"""Read a paper, whatever its format, as tables of cells."""

from pathlib import Path

from cchc_index.errors import BadAnnex, Fault, Text
from cchc_index.files.strict import Unreadable
from cchc_index.office.tables import Paper

FORMATS = ".docx .xlsx .csv .md .html .pdf"


def read_papers(path: str | Path) -> list[Paper]:
    """Every way to read a file as tables: one, and for a CSV one for each mark between cells.

    Raises BadAnnex for a file of another format, a hostile one or a broken one. Needs the extra `office`.
    """
    file = Path(path)
    try:
        return _read(file)
    except Unreadable as problem:
        raise BadAnnex(problem.faults) from None
    except ModuleNotFoundError as error:
        wanted = 'pip install "cchc-index[office]"'
        message = Text(f"đọc phụ lục cần cài thêm: {wanted}", f"reading annexes needs: {wanted}")
        raise BadAnnex([Fault(message, place=f"{file.name}: {error.name}")]) from None


def _read(file: Path) -> list[Paper]:
    match file.suffix.lower():
        case ".docx" | ".docm":
            from cchc_index.office.read_word import read_word

            return [read_word(file)]
        case ".xlsx" | ".xlsm":
            from cchc_index.office.read_excel import read_excel

            return [read_excel(file)]
        case ".csv" | ".tsv":
            from cchc_index.office.read_text import read_csv

            return read_csv(file)
        case ".md" | ".markdown":
            from cchc_index.office.read_text import read_markdown

            return [read_markdown(file)]
        case ".html" | ".htm":
            from cchc_index.office.read_text import read_html

            return [read_html(file)]
        case ".pdf":
            from cchc_index.office.read_pdf import read_pdf

            return [read_pdf(file)]
    raise Unreadable([_other_format(file)])


def _other_format(file: Path) -> Fault:
    old = file.suffix.lower() in (".doc", ".xls")
    hint = Text(f"mở bằng Word, Excel rồi lưu thành {file.suffix}x", f"save it as {file.suffix}x") if old else None
    message = Text(
        f"không đọc phụ lục ở dạng «{file.suffix}»; cần {FORMATS}",
        f"annexes are not read from «{file.suffix}»: {FORMATS}",
    )
    return Fault(message, place=file.name, hint=hint)
