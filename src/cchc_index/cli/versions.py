"""The commands that compare and lock versions."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cchc_index.cli.common import Files, Json, Lang_, Language, Name, all_units, app, json_text, lang_of
from cchc_index.cli.terminal import emit, write_whole
from cchc_index.cli.wanted import Wanted, reporting
from cchc_index.comparing.diff import diff
from cchc_index.comparing.impact import impact
from cchc_index.errors import Lang, Text, many
from cchc_index.files.catalogue import load
from cchc_index.files.folders import shipped_folder
from cchc_index.files.lock import LOCK_FILE, Locked, LockState, lock_state
from cchc_index.plain import dump
from cchc_index.reporting import changes as changed


@app.command("diff", epilog="Ví dụ: `cchc diff mau/cap-xa/1 mau/cap-xa/2` · `cchc diff cu/ moi/ --docx so-sanh.docx`")
@reporting
def diff_versions(
    old: Name,
    new: Name,
    *,
    wanted: Wanted,
) -> None:
    """Hai phiên bản khác gì, điểm đổi thế nào; có khác thì mã thoát 1. / What differs between two versions."""
    found = diff(load(old), load(new))
    wanted.give(changed.differences(found, wanted.lang), lambda: changed.diff_data(found))
    if not found.is_same:
        raise typer.Exit(1)


@app.command("impact", epilog="Ví dụ: `cchc impact mau/cap-xa/1 mau/cap-xa/2 xa-a.yaml xa-b.yaml`")
@reporting
def impact_on_units(
    old: Name,
    new: Name,
    files: Files,
    *,
    wanted: Wanted,
) -> None:
    """Đổi phiên bản thì điểm và hạng của các đơn vị đổi thế nào. / How far units move from one version to another."""
    found = impact(load(old), load(new), all_units(files, load(new), wanted.lang))
    wanted.give(changed.impacts(found, wanted.lang), lambda: changed.impact_data(found))


@app.command(epilog="Ví dụ: `cchc lock` · `cchc lock --check` · `cchc lock bo-rieng/`")
def lock(
    folder: Annotated[
        Path | None,
        typer.Argument(help="Thư mục chứa các bộ / folder of rulesets", file_okay=False, exists=True),
    ] = None,
    only_check: Annotated[bool, typer.Option("--check", help="Chỉ kiểm tra, không ghi / check only")] = False,
    lang: Lang_ = Language.vi,
    as_json: Json = False,
) -> None:
    """Khóa phiên bản mới; bản đã khóa mà đổi thì từ chối, mã thoát 1. / Lock new versions, refuse changed ones."""
    root = shipped_folder() if folder is None else folder
    state = lock_state(root)
    is_written = not (state.faults or only_check)
    if is_written:
        write_whole(root / LOCK_FILE, state.text)
    lines = _lock_lines(state, lang_of(lang), is_written=is_written)
    emit(json_text(_lock_data(state, is_written=is_written)) if as_json else "\n".join(lines), None)
    if state.faults or (only_check and state.added):
        raise typer.Exit(1)


def _lock_lines(state: LockState, lang: Lang, *, is_written: bool) -> list[str]:
    words = Text("khóa", "locked") if is_written else Text("chưa khóa", "not locked")
    count = len(state.locked) + (len(state.added) if is_written else 0)
    held = Text(f"{count} phiên bản đã công bố", many(count, "published version"))
    new = [f"{name}: {words.said(lang)}" for name in state.added]
    return [*(fault.said(lang) for fault in state.faults), *new, held.said(lang)]


def _lock_data(state: LockState, *, is_written: bool) -> dict[str, Any]:
    sides = {"locked": state.locked, "added": state.added}
    versions = {side: {name: dump(one, Locked) for name, one in known.items()} for side, known in sides.items()}
    return {"written": is_written, **versions, "faults": [dump(fault.text, Text) for fault in state.faults]}
