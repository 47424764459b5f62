"""Draws docs/_static/quy-mo.svg: processor seconds by rows and by leaves, as batch_scale.py measured them.

python benchmarks/batch_scale.py --most 7 --csv docs/_static/quy-mo.csv
python benchmarks/hinh_quy_mo.py
"""

import csv
from collections.abc import Callable, Sequence
from math import log10
from pathlib import Path
from xml.etree import ElementTree as ET

from attrs import frozen

STATIC = Path(__file__).resolve().parents[1] / "docs" / "_static"
SOURCE, TARGET = STATIC / "quy-mo.csv", STATIC / "quy-mo.svg"
WIDTH, HEIGHT, LEFT, TOP, SIDE, TALL = 780, 330, 64, 52, 290, 210
Point = tuple[float, float]


@frozen
class Panel:
    """One diagram: where it stands, how numbers become places from 0 to 1, and the ticks of its axes."""

    x: int
    title: str
    under: str
    across: Callable[[float], float]
    up: Callable[[float], float]
    ticks: Sequence[tuple[float, str]]
    levels: Sequence[tuple[float, str]]

    def place(self, point: Point) -> Point:
        return self.x + SIDE * self.across(point[0]), TOP + TALL * (1 - self.up(point[1]))


def drawn(rows: Sequence[Point], leaves: Sequence[Point]) -> ET.Element:
    """The figure of measures: (rows, seconds) of 60 leaves and (leaves, seconds) of as many rows each."""
    svg = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {WIDTH} {HEIGHT}", "role": "img"})
    svg.set("font-family", "sans-serif")
    svg.set("font-size", "12")
    ET.SubElement(svg, "title").text = "Giây bộ xử lý theo số dòng và theo số tiêu chí"
    ET.SubElement(svg, "rect", {"width": str(WIDTH), "height": str(HEIGHT), "fill": "white"})
    _panel(svg, by_rows(rows), rows)
    _panel(svg, by_leaves(leaves), leaves)
    return svg


def by_rows(points: Sequence[Point]) -> Panel:
    first, last = (round(log10(end)) for end in (points[0][0], points[-1][0]))
    low, high = (log10(min(y for _, y in points)), log10(max(y for _, y in points)))
    bottom, top = int(low // 1), int(-(-high // 1))
    powers = {-3: "0,001", -2: "0,01", -1: "0,1", 0: "1", 1: "10", 2: "100", 3: "1000"}
    return Panel(
        LEFT,
        "60 tiêu chí: giây bộ xử lý theo số dòng (hai trục lôgarit)",
        "số dòng",
        lambda x: (log10(x) - first) / (last - first),
        lambda y: (log10(y) - bottom) / (top - bottom),
        [(10.0**power, f"10{_raised(power)}") for power in range(first, last + 1)],
        [(10.0**power, powers[power]) for power in range(bottom, top + 1)],
    )


def _raised(power: int) -> str:
    return "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in str(power))


def by_leaves(points: Sequence[Point]) -> Panel:
    most, greatest = max(x for x, _ in points), max(y for _, y in points)
    step = next(step for step in (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20) if greatest / step <= 6)
    count = int(-(-greatest // step))
    return Panel(
        LEFT + SIDE + 100,
        "100.000 dòng: giây bộ xử lý theo số tiêu chí",
        "số tiêu chí thành phần",
        lambda x: x / most,
        lambda y: y / (step * count),
        [(x, f"{x:.0f}") for x, _ in points],
        [(step * n, f"{step * n:g}".replace(".", ",")) for n in range(count + 1)],
    )


def _panel(svg: ET.Element, panel: Panel, points: Sequence[Point]) -> None:
    _text(svg, panel.x, TOP - 20, panel.title, weight="bold")
    for x, said in panel.ticks:
        across = panel.x + SIDE * panel.across(x)
        ET.SubElement(svg, "line", _line((across, TOP), (across, TOP + TALL), "#e4e4e4"))
        _text(svg, across, TOP + TALL + 18, said, anchor="middle")
    for y, said in panel.levels:
        height = TOP + TALL * (1 - panel.up(y))
        ET.SubElement(svg, "line", _line((panel.x, height), (panel.x + SIDE, height), "#e4e4e4"))
        _text(svg, panel.x - 8, height + 4, said, anchor="end")
    _text(svg, panel.x + SIDE / 2, TOP + TALL + 38, panel.under, anchor="middle")
    places = [panel.place(point) for point in points]
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    ET.SubElement(svg, "polyline", {"points": joined, "fill": "none", "stroke": "#8fb8e8", "stroke-width": "2"})
    for x, y in places:
        ET.SubElement(svg, "circle", {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": "3", "fill": "#c03020"})


def _line(one: Point, other: Point, colour: str) -> dict[str, str]:
    names = ("x1", "y1", "x2", "y2")
    return dict(zip(names, (f"{n:.1f}" for n in (*one, *other)), strict=True)) | {"stroke": colour}


def _text(svg: ET.Element, x: float, y: float, said: str, **style: str) -> None:
    names = {"anchor": "text-anchor", "weight": "font-weight"}
    given = {names[name]: value for name, value in style.items()}
    ET.SubElement(svg, "text", {"x": f"{x:.1f}", "y": f"{y:.1f}", **given}).text = said


def measured(path: Path) -> tuple[list[Point], list[Point]]:
    """The measures of 60 leaves by rows, and those of 100,000 rows by leaves."""
    with path.open(encoding="utf-8") as file:
        found = [(int(row["leaves"]), int(row["rows"]), float(row["cpu_seconds"])) for row in csv.DictReader(file)]
    rows = sorted((float(rows), used) for leaves, rows, used in found if leaves == 60)
    return rows, sorted((float(leaves), used) for leaves, rows, used in found if rows == 10**5)


if __name__ == "__main__":
    TARGET.write_bytes(ET.tostring(drawn(*measured(SOURCE)), encoding="utf-8") + b"\n")
