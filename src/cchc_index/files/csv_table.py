"""CSV tables as spreadsheets write them: UTF-8 with or without a byte order mark, comma, semicolon or tab."""

import csv
import io
from collections import Counter
from pathlib import Path

from attrs import frozen

from cchc_index.errors import Fault, Text, short
from cchc_index.files.strict import Unreadable, read_text

MAX_BYTES = 16 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 1_000


@frozen
class Row:
    """The cells of one row by the name of their column, and the file and line it stands on."""

    cells: dict[str, str]
    place: str


def read_table(path: Path, needed: str | None = None) -> list[Row]:
    """The rows of a CSV file with a header. Empty rows are passed over. Raises Unreadable with every fault."""
    text = read_text(path, MAX_BYTES)
    if text.count("\n") > MAX_ROWS + 1:
        message = Text(f"tệp có quá {MAX_ROWS} dòng", f"the file has over {MAX_ROWS} rows")
        raise Unreadable([Fault(message, place=f"{path.name}:{MAX_ROWS + 2}")])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text), strict=True)
    faults: list[Fault] = []
    rows: list[Row] = []
    try:
        header = [cell.strip() for cell in next(reader, [])]
        faults += _header_faults(header, needed, path.name)
        for cells in reader:
            place = f"{path.name}:{reader.line_num}"
            if any(cell.strip() for cell in cells):
                _take(header, cells, place, rows, faults)
    except csv.Error as error:
        faults.append(broken(error, f"{path.name}:{reader.line_num}"))
    if faults:
        raise Unreadable(faults)
    return rows


def _take(header: list[str], cells: list[str], place: str, rows: list[Row], faults: list[Fault]) -> None:
    if len(cells) != len(header):
        message = Text(
            f"dòng có {len(cells)} ô, tiêu đề có {len(header)} cột", f"{len(cells)} cells under {len(header)} headings"
        )
        hint = Text("số có dấu phẩy cần ngoặc kép?", "a number with a comma needs quotes?")
        faults.append(Fault(message, place=place, hint=hint if len(cells) > len(header) else None))
        return
    rows.append(Row({name: cell.strip() for name, cell in zip(header, cells, strict=True)}, place))


def _header_faults(header: list[str], needed: str | None, file: str) -> list[Fault]:
    place = f"{file}:1"
    if not any(header):
        return [Fault(Text("thiếu dòng tiêu đề cột", "the row of headings is missing"), place=place)]
    if len(header) > MAX_COLUMNS:
        message = Text(
            f"bảng có {len(header)} cột, nhiều hơn {MAX_COLUMNS}", f"the table has over {MAX_COLUMNS} columns"
        )
        return [Fault(message, place=place)]
    faults = [
        Fault(Text(f"cột thứ {number} không có tên", f"column {number} has no name"), place=place)
        for number, name in enumerate(header, 1)
        if not name
    ]
    faults += [
        Fault(Text(f"cột «{short(name)}» lặp lại", f"column «{short(name)}» is repeated"), place=place)
        for name, count in sorted(Counter(header).items())
        if count > 1 and name
    ]
    if needed and needed not in header:
        faults.append(Fault(Text(f"thiếu cột «{needed}»", f"column «{needed}» is missing"), place=place))
    return faults


def delimiter(text: str) -> str:
    """The mark that separates the headings: a spreadsheet with decimal commas writes semicolons."""
    heading = text.split("\n", 1)[0]
    return max(",;\t", key=heading.count)


def broken(error: csv.Error, place: str) -> Fault:
    """What is wrong with a table that cannot be taken apart into cells."""
    if "limit" in str(error):
        return Fault(Text("một ô dài quá giới hạn", "a cell is too long"), place=place, hint=_UNCLOSED)
    return Fault(
        Text("dấu ngoặc kép đặt sai chỗ", "a double quote stands in the wrong place"), place=place, hint=_UNCLOSED
    )


_UNCLOSED = Text("dấu ngoặc kép mở mà không đóng?", "a double quote opened and not closed?")
