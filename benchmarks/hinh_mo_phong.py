"""Draws docs/_static/mo-phong.svg: the middle 95 % of points of every sample unit, from one simulation.

python benchmarks/hinh_mo_phong.py
"""

from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree as ET

import cchc_index as cchc
from cchc_index.batch.drawing import Printed, Sampled
from cchc_index.batch.simulation import Simulation, UnitSimulation, simulate

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "_static" / "mo-phong.svg"
CHANGES = (
    Sampled("phieu_nguoi_dan"),
    Sampled("phieu_to_chuc"),
    Printed("ty_le_thanh_toan", Fraction(1, 1000)),
)
ROW, LEFT, RIGHT, WIDTH, TOP = 22, 110, 150, 760, 46
LOW, HIGH = 2000, 10_200
"""Points at the ends of the axis, in hundredths."""


def found(n: int = 2000, seed: int = 2025) -> Simulation:
    units = [cchc.read_submission(path) for path in sorted((ROOT / "examples" / "mau-cap-xa").glob("*.yaml"))]
    return simulate(cchc.load("mau/cap-xa/1"), units, CHANGES, n, seed=seed)


def drawn(simulation: Simulation) -> ET.Element:
    units = [one for one in simulation.units if one.place]
    height = TOP + ROW * len(units) + 30
    svg = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {WIDTH} {height}", "role": "img"})
    svg.set("font-family", "sans-serif")
    svg.set("font-size", "12")
    ET.SubElement(svg, "title").text = "Khoảng điểm và khoảng hạng của các xã mẫu"
    ET.SubElement(svg, "rect", {"width": str(WIDTH), "height": str(height), "fill": "white"})
    _text(svg, 8, 20, f"Khoảng giữa 95% của {simulation.n} lần mô phỏng (đơn vị mẫu, bịa)", weight="bold")
    for points in range(30, 101, 10):
        x = _x(points * 100)
        ET.SubElement(svg, "line", _line(x, TOP - 8, x, height - 26, "#ddd"))
        _text(svg, x, height - 10, str(points), anchor="middle")
    for row, one in enumerate(units):
        _unit(svg, one, TOP + ROW * row + 6)
    return svg


def _unit(svg: ET.Element, one: UnitSimulation, y: int) -> None:
    low, high = one.points_interval() or (one.points, one.points)
    best, worst = one.place_interval() or (0, 0)
    _text(svg, LEFT - 8, y + 4, one.unit, anchor="end")
    ET.SubElement(svg, "line", _line(_x(low), y, _x(high), y, "#8fb8e8", "9"))
    ET.SubElement(svg, "circle", {"cx": f"{_x(one.points):.1f}", "cy": str(y), "r": "2", "fill": "#c03020"})
    said = f"hạng {best}" if best == worst else f"hạng {best} đến {worst}"
    _text(svg, WIDTH - RIGHT + 12, y + 4, said, fill="#000" if best == worst else "#c03020")


def _x(points: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (points - LOW) / (HIGH - LOW)


def _line(x1: float, y1: float, x2: float, y2: float, *style: str) -> dict[str, str]:
    ends = {"x1": f"{x1:.1f}", "y1": f"{y1:.1f}", "x2": f"{x2:.1f}", "y2": f"{y2:.1f}"}
    colour, *width = style
    return ends | {"stroke": colour, "stroke-width": width[0] if width else "1"}


def _text(svg: ET.Element, x: float, y: float, said: str, **style: str) -> None:
    names = {"anchor": "text-anchor", "weight": "font-weight", "fill": "fill"}
    given = {names[name]: value for name, value in style.items()}
    ET.SubElement(svg, "text", {"x": f"{x:.1f}", "y": f"{y:.1f}", **given}).text = said


if __name__ == "__main__":
    TARGET.write_bytes(ET.tostring(drawn(found()), encoding="utf-8") + b"\n")
