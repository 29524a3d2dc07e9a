"""Bars as SVG."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from chatbt.dsde.bench.plot import HEIGHT, svg

RECT = "{http://www.w3.org/2000/svg}rect"


def test_a_bar_is_as_tall_as_its_share_of_the_tallest() -> None:
    root = ET.fromstring(svg({"set": {"plain": 50.0, "dsde": 200.0}}, "title"))
    talls = [float(each.get("height", "0")) for each in root.iter(RECT)]
    assert talls[1:3] == pytest.approx([HEIGHT / 4, HEIGHT])


def test_names_are_escaped() -> None:
    root = ET.fromstring(svg({"a < b": {"<&>": 1.0}}, "x & y"))
    assert {"a < b", "<&>", "x & y"} <= {each.text for each in root.iter() if each.text}
