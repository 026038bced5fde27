"""`emotion explain`: show which words moved a score."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from emotion_component import language
from emotion_component.classifier import load
from emotion_component.cli import options as shared
from emotion_component.errors import ConfigurationError
from emotion_component.explanation import EXPLAINABLE, Explanation, Token, explain

# What is listed and shaded; the rest moved the score too little to be worth a look.
SHOWN: Final = 10
LEAST_WEIGHT: Final = 0.005
BAR: Final = 20
# Shades from weak to strong, text on each stays readable: 256-colour codes and HTML colours.
# Orange and blue are told apart by every common kind of colour blindness.
TERMINAL_SHADES: Final = {True: (223, 215, 208), False: (195, 153, 111)}
PAGE_SHADES: Final = {
    True: ("#fdebd3", "#fbcf96", "#f5a94b"),
    False: ("#e3effb", "#bcdaf6", "#86bdee"),
}


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("explain", help="show which words moved a score")
    parser.add_argument("texts", nargs="+", metavar="TEXT")
    parser.add_argument(
        "--label",
        choices=EXPLAINABLE,
        metavar="LABEL",
        help=f"one of {', '.join(EXPLAINABLE)}; else the label that the model names",
    )
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a page with shaded words")
    shared.add_model(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Explain the texts, in order."""
    model = load(options.model, options.device)
    found = [explain(model, text, options.label) for text in options.texts]
    if options.html:
        _write(options.html, page(found))
    if options.json:
        lines = [json.dumps(one.to_dict(), ensure_ascii=False) for one in found]
    else:
        coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        lines = ["\n".join(readable(one, coloured)) for one in found]
    for line in lines:
        # A lone surrogate can be read from the command line, but not be written as UTF-8.
        print(line.encode("utf-8", "replace").decode("utf-8"))


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise ConfigurationError(f"Cannot write --html {path}: {error.strerror}.") from error


def readable(one: Explanation, coloured: bool) -> list[str]:
    """Lay out one explanation for a terminal.

    Args:
        one: The explanation.
        coloured: Whether to shade the words of the text, too: underlined on orange where they
            raise the score, slanted on blue where they lower it.
    """
    if not one.tokens:
        return [f"nothing to judge  {one.text}"]
    strongest = _strongest(one)
    lines = [f"{one.label} {one.score:.0%}  {_shaded(one) if coloured else one.text}"]
    for token in strongest:
        bar = ("+" if token.weight > 0 else "-") * _parts(token, one, BAR)
        lines.append(f"  {token.weight:+.2f} {bar:{BAR}}  {token.text}")
    rest = len(one.tokens) - len(strongest)
    if not strongest:
        lines.append("  no word moves it by itself")
    elif rest:
        lines.append(f"  {rest} more, weaker")
    return lines


def _strongest(one: Explanation) -> list[Token]:
    return [token for token in one.strongest(SHOWN) if abs(token.weight) >= LEAST_WEIGHT]


def _parts(token: Token, one: Explanation, parts: int) -> int:
    """Measure a weight in `parts` of the strongest one; 0 where it is not worth a look."""
    most = max(abs(other.weight) for other in one.tokens)
    if abs(token.weight) < LEAST_WEIGHT:
        return 0
    return round(parts * abs(token.weight) / most)


def _shaded(one: Explanation) -> str:
    """Shade the words of the text with terminal codes."""
    written, at = "", 0
    for token in one.tokens:
        written += one.text[at : token.start]
        level = _parts(token, one, len(TERMINAL_SHADES[True]))
        if level:
            raises = token.weight > 0
            shade = TERMINAL_SHADES[raises][level - 1]
            written += f"\x1b[{4 if raises else 3};30;48;5;{shade}m{token.text}\x1b[0m"
        else:
            written += token.text
        at = token.end
    return written + one.text[at:]


def page(explanations: Sequence[Explanation]) -> str:
    """Lay out explanations as one HTML page."""
    from markupsafe import Markup

    from emotion_component import html_page

    template = html_page.environment().get_template("explain.html")
    body = template.render(
        explanations=[_section(one) for one in explanations],
        model=explanations[0].model,
        shades=PAGE_SHADES,
    )
    return html_page.render("Which words moved the score", Markup(body))


def _section(one: Explanation) -> dict[str, Any]:
    """Give what the template shows of one explanation."""
    pieces: list[dict[str, Any]] = []
    at = 0
    for token in one.tokens:
        pieces.append({"text": one.text[at : token.start], "level": 0})
        level = _parts(token, one, len(PAGE_SHADES[True]))
        pieces.append({"text": token.text, "level": level, "weight": token.weight})
        at = token.end
    most = max((abs(token.weight) for token in one.tokens), default=0.0)
    return {
        "label": one.label,
        "score": one.score,
        "language": language.detect(one.text) or "und",
        "pieces": pieces,
        "rest": one.text[at:],
        "judged": bool(one.tokens),
        "strongest": _strongest(one),
        "most": most,
    }
