"""One self-contained HTML page: shared frame and style, figures as inline SVG, nothing fetched.

matplotlib is imported inside the function that draws: importing this module is cheap.
"""

from __future__ import annotations

import functools
import hashlib
import io
import re
from typing import TYPE_CHECKING, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

if TYPE_CHECKING:
    from matplotlib.figure import Figure  # type: ignore[import-untyped]

_SVG_ELEMENT: Final = re.compile(r"<svg\b.*</svg>", re.DOTALL)
_METADATA: Final = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
# An id, or a reference to one: `id="x"`, `xlink:href="#x"`, `url(#x)`.
_IDENTIFIER: Final = re.compile(r'(\bid="|href="#|url\(#)')


@functools.cache
def environment() -> Environment:
    """Give the templates of the package: everything that is no `Markup` is escaped.

    An unknown variable in a template raises instead of leaving a gap.
    """
    return Environment(
        loader=PackageLoader("emotion_component", "templates"),
        autoescape=select_autoescape(["html", "j2"], default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(title: str, body: Markup, language: str = "en") -> str:
    """Lay out a whole page.

    Args:
        title: Of the page, its only first-level heading; escaped.
        body: HTML below the heading, which starts with second-level headings.
        language: BCP 47 tag of the page's own words.
    """
    page = environment().get_template("page.html")
    return page.render(title=title, body=body, language=language)


def svg(figure: Figure, label: str) -> Markup:
    """Draw a figure as an inline SVG that shrinks with the page.

    Words stay text, in the page's fonts: they can be searched, and Chinese needs no font here.

    Args:
        figure: Made by `matplotlib.figure.Figure`, without pyplot and its global state.
        label: What the figure shows, for those who do not see it.
    """
    import matplotlib  # type: ignore[import-untyped]
    from matplotlib.backends.backend_svg import FigureCanvasSVG  # type: ignore[import-untyped]

    out = io.StringIO()
    # A fixed salt gives the same file for the same figure.
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "attune"}):
        FigureCanvasSVG(figure).print_svg(out, metadata={"Date": None})
    drawn = _SVG_ELEMENT.search(out.getvalue())
    if drawn is None:  # pragma: no cover  # matplotlib always writes one
        raise RuntimeError("matplotlib wrote no SVG")
    return Markup(_inline(_METADATA.sub("", drawn.group()), label))


def _inline(drawn: str, label: str) -> str:
    """Name a drawing, and make its ids its own: several drawings share a page."""
    own = "f" + hashlib.sha256((label + drawn).encode()).hexdigest()[:8] + "-"
    drawn = _IDENTIFIER.sub(lambda found: found.group() + own, drawn)
    head, rest = drawn.split(">", 1)
    head = re.sub(r'\s(?:width|height|version)="[^"]*"', "", head)
    width = _width(head)
    named = f' role="img" aria-label="{escape(label)}" style="max-width: {width:.0f}pt"'
    return f"{head}{named}>{rest}"


def _width(head: str) -> float:
    """Read the width in points from the opening tag's `viewBox`."""
    found = re.search(r'viewBox="0 0 ([\d.]+)', head)
    return float(found.group(1)) if found else 480.0
