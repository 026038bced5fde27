"""The frame of every HTML report, and figures inside it."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup
from matplotlib.figure import Figure  # type: ignore[import-untyped]

from emotion_component import html_page


def figure(title: str) -> Figure:
    made = Figure(figsize=(4, 3))
    axes = made.subplots()
    axes.plot([0, 1], [0, 1])
    axes.set_title(title)
    return made


def test_a_page_is_one_file_in_its_language_that_escapes_its_title() -> None:
    page = html_page.render("<b>评估</b>", Markup("<h2>One</h2>"), "zh-Hans")
    assert '<html lang="zh-Hans">' in page
    assert "<h1>&lt;b&gt;评估&lt;/b&gt;</h1>" in page
    assert "<h2>One</h2>" in page
    assert not re.search(r"<script|<link|@import|url\(|https?://", page)


def test_a_figure_becomes_svg_with_a_name_and_with_its_words_as_text() -> None:
    drawn = html_page.svg(figure("准确率 & <share>"), 'how "it" grows')
    root = ElementTree.fromstring(drawn)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == 'how "it" grows'
    assert "准确率 & <share>" in "".join(root.itertext())
    assert "width" not in root.attrib


def test_figures_on_one_page_share_no_id_and_each_is_drawn_alike_again() -> None:
    one, other = (str(html_page.svg(figure("same"), label)) for label in ("one", "other"))
    ids = re.findall(r'\bid="([^"]+)"', one + other)
    assert ids
    assert len(set(ids)) == len(ids)
    references = re.findall(r'(?:href="#|url\(#)([^")]+)', one)
    assert references
    assert set(references) <= set(ids)
    assert str(html_page.svg(figure("same"), "one")) == one


def test_a_template_escapes_what_comes_from_data_and_raises_for_a_gap() -> None:
    template = html_page.environment().from_string("<p>{{ text }}</p>")
    assert template.render(text="<script>") == "<p>&lt;script&gt;</p>"
    with pytest.raises(UndefinedError):
        template.render()
