"""The command that writes a ruleset as SQL."""

import datetime
from enum import StrEnum
from typing import Annotated, Any

import typer

from cchc_index.cli.common import Lang_, Language, Name, Output, app
from cchc_index.cli.terminal import emit
from cchc_index.errors import CchcError, Fault, Text
from cchc_index.facts import Period
from cchc_index.files.catalogue import load


class DialectName(StrEnum):
    duckdb = "duckdb"
    postgres = "postgres"


class PercentsName(StrEnum):
    share = "share"
    percent = "percent"


@app.command(
    "sql",
    epilog="Ví dụ: `cchc sql dong-nai/cap-xa/2022 --dialect duckdb` · `cchc sql ID --create`",
)
def sql(
    name: Name,
    dialect: Annotated[
        DialectName, typer.Option("--dialect", help="Loại cơ sở dữ liệu / the kind of database")
    ] = DialectName.duckdb,
    table: Annotated[
        str, typer.Option("--table", help="Bảng có mỗi đơn vị một dòng / the table of units")
    ] = "cac_don_vi",
    unit: Annotated[str, typer.Option("--unit-column", help="Cột tên đơn vị / the column of unit names")] = "don_vi",
    every: Annotated[bool, typer.Option("--all", help="Điểm của mọi tiêu chí / points of every criterion")] = False,
    digits: Annotated[
        int, typer.Option("--digits", min=0, max=9, help="Số lẻ thập phân của cột / decimals of columns")
    ] = 4,
    percents: Annotated[
        PercentsName, typer.Option("--percents", help="50% viết là 0.5 (share) hay 50 (percent) / how percents stand")
    ] = PercentsName.share,
    year: Annotated[int | None, typer.Option(min=1, max=9999, help="Năm đánh giá / the year assessed")] = None,
    create: Annotated[
        bool, typer.Option("--create", help="Lệnh tạo các bảng mà câu lệnh đọc / the tables that it reads")
    ] = False,
    lang: Lang_ = Language.vi,  # noqa: ARG001 - of messages, which are told where commands end
    output: Output = None,
) -> None:
    """Bộ tiêu chí thành một câu SQL chỉ dùng số nguyên. / A ruleset as one SQL statement in whole numbers."""
    rules = load(name)
    try:
        from cchc_index.batch.sql import table_sql, to_sql
    except ImportError:
        told = Text("lệnh này cần phần cài thêm", "this command needs an extra")
        hint = Text("pip install 'cchc-index[sql]'", "pip install 'cchc-index[sql]'")
        raise CchcError([Fault(told, hint=hint)]) from None
    options: dict[str, Any] = {"table": table, "unit": unit, "digits": digits, "percents": percents.value}
    if create:
        emit(table_sql(rules, dialect.value, **options), output)
        return
    period = Period(datetime.date(year, 1, 1), datetime.date(year, 12, 31)) if year else None
    emit(to_sql(rules, dialect.value, keep="all" if every else "areas", period=period, **options), output)
