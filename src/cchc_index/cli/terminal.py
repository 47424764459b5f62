"""Where results go: a terminal, a pipe or a file, in any code page."""

import codecs
import os
import sys
from contextlib import suppress
from pathlib import Path
from unicodedata import normalize

from rich.console import Console, RenderableType

from cchc_index.errors import CchcError, Fault, Text

PLAIN_WIDTH = 120


def _without_accents(error: UnicodeError) -> tuple[str, int]:
    """What a code page lacks is written without its accents: readable, where `?` is not."""
    assert isinstance(error, UnicodeEncodeError)
    lacking = error.object[error.start : error.end]
    return "".join(_SIGNS.get(sign) or _bare(sign) for sign in lacking), error.end


def _bare(letter: str) -> str:
    return normalize("NFD", letter).encode("ascii", "ignore").decode() or "?"


_WRITTEN = ["d", "D", "->", "*", "~", "-", "-", "...", '"', '"', ">=", "<=", "-", "-"]
_SIGNS = dict(zip("đĐ→×≈·–…«»≥≤−─", _WRITTEN, strict=True))


def use_any_code_page() -> None:
    """Print Vietnamese everywhere: pipes get UTF-8, a console with another code page gets what it can show."""
    codecs.register_error("khong_dau", _without_accents)
    for stream in (sys.stdout, sys.stderr):
        if "PYTHONIOENCODING" in os.environ or stream.isatty():
            stream.reconfigure(errors="khong_dau")  # type: ignore[union-attr]
        else:
            stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]


def console(*, stderr: bool = False) -> Console:
    """A console that colours only a terminal, and is wide enough for a table when it is none."""
    made = Console(stderr=stderr, highlight=False, soft_wrap=False)
    if not made.is_terminal and "COLUMNS" not in os.environ:
        made.width = PLAIN_WIDTH
    return made


def emit(result: RenderableType | str, output: Path | None) -> None:
    """Print a result, or write it to a file whole: an interrupted run leaves the old file as it was."""
    screen = console()
    if output is not None:
        write_whole(output, result + "\n" if isinstance(result, str) else rendered(result, screen.width))
    elif isinstance(result, str):
        sys.stdout.write(result + "\n")
    elif screen.is_terminal:
        screen.print(result)
    else:
        sys.stdout.write(rendered(result, screen.width))


def rendered(result: RenderableType, width: int) -> str:
    """A result as plain text, without the blanks that only fill a screen."""
    plain = Console(width=width, color_system=None, highlight=False)
    with plain.capture() as capture:
        plain.print(result)
    return "".join(line.rstrip() + "\n" for line in capture.get().splitlines())


def write_whole(output: Path, content: str | bytes) -> None:
    """Write a file beside its place, then put it there in one step. Raises CchcError when that cannot be."""
    draft = output.with_name(f".{output.name}.{os.getpid()}.tmp")
    try:
        with draft.open("xb") as stream:
            stream.write(content.encode() if isinstance(content, str) else content)
        draft.replace(output)
    except OSError as error:
        told = Text(f"không ghi được tệp: {error.strerror}", f"cannot write the file: {error.strerror}")
        raise CchcError([Fault(told, place=str(output))]) from None
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
