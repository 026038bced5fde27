"""The summary of a scored table as an HTML page for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from emotion_component import html_page, labels, language
from emotion_component.scoring.summary import ABSTAINED, Summary

if TYPE_CHECKING:
    from matplotlib.figure import Figure  # type: ignore[import-untyped]

# From the bottom of a bar to its top, in turn dark and light: told apart in grey, too.
GROUPS: Final = {
    "negative": "#a3431f",
    "ambiguous": "#ecc678",
    labels.NEUTRAL: "#d9dee7",
    "positive": "#2f6f9f",
    ABSTAINED: "#ffffff",
}
_DAYS: Final = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 28.0}


def page(summary: Summary, file: str, time_column: str | None, model: str) -> str:
    """Lay out a summary.

    Args:
        summary: Of the whole table.
        file: The table's name.
        time_column: The column that times were read from, if any.
        model: Name of the model that judged.
    """
    names = [name for name in labels.SERVICE_LABELS if summary.samples.get(name)]
    body = (
        html_page.environment()
        .get_template("score.html")
        .render(
            summary=summary,
            keys=_keys(summary),
            spread=_spread(summary),
            time_column=time_column,
            chart=_chart(summary),
            samples=[(name, summary.samples[name]) for name in names],
            language=lambda text: language.detect(text) or "und",
            model=model,
        )
    )
    return html_page.render(f"Emotions in {file}", Markup(body))


def _keys(summary: Summary) -> list[tuple[str, str]]:
    """Give the figures at the top: what it is, and how much."""
    said = summary.rows - summary.counts[ABSTAINED]
    negative = sum(summary.counts[name] for name in labels.NEGATIVE)
    return [
        (f"{summary.rows:,}", "rows scored"),
        (f"{negative / said:.1%}" if said else "–", "negative, of the rows with a label"),
        (f"{summary.counts[ABSTAINED]:,}", "rows without a label: too unsure, or nothing to judge"),
        (f"{summary.skipped:,}", "rows skipped"),
    ]


def _spread(summary: Summary) -> list[dict[str, Any]]:
    """List every label with its number of rows, most frequent first."""
    most = max(summary.counts.values(), default=0)
    rows = [
        {
            "name": "no label" if name == ABSTAINED else name,
            "group": "" if name == ABSTAINED else labels.group(name),
            "count": count,
            "share": count / summary.rows,
            "width": count / most,
        }
        for name, count in summary.counts.items()
    ]
    return sorted(rows, key=lambda row: (row["name"] == "no label", -row["count"]))


def _chart(summary: Summary) -> Markup | None:
    """Draw the spread over time, where there is more than one period."""
    period, periods = summary.over_time()
    if len(periods) < 2:
        return None
    figure = _figure(period, periods)
    first, last = min(periods), max(periods)
    dates = f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
    about = f"Rows a {period} by group of labels, and the negative share, {dates}"
    return html_page.svg(figure, about)


def _figure(period: str, periods: Mapping[datetime, Counter[str]]) -> Figure:
    from matplotlib.dates import (  # type: ignore[import-untyped]
        AutoDateLocator,
        ConciseDateFormatter,
    )
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 5), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": (3, 2)})
    _stack(above, period, periods)
    said = {start: found.total() - found[ABSTAINED] for start, found in periods.items()}
    shares = [(s, 100 * periods[s]["negative"] / number) for s, number in said.items() if number]
    below.plot(*zip(*shares, strict=True), color="#b5532d", marker="o", markersize=3)
    below.set(ylim=(0, 100), ylabel="negative, % of\nrows with a label")
    below.grid(axis="y", alpha=0.3)
    locator = AutoDateLocator(maxticks=8)
    below.xaxis.set_major_locator(locator)
    below.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    return figure


def _stack(axes: Any, period: str, periods: Mapping[datetime, Counter[str]]) -> None:
    """Stack the groups of labels in one bar a period."""
    starts = list(periods)
    bottom = [0] * len(starts)
    for group, colour in GROUPS.items():
        heights = [periods[start][group] for start in starts]
        if any(heights):
            axes.bar(
                starts,
                heights,
                0.9 * _DAYS[period],
                bottom,
                align="edge",
                label="no label" if group == ABSTAINED else group,
                color=colour,
                edgecolor="#4d5668",
                linewidth=0.4,
            )
        bottom = [low + height for low, height in zip(bottom, heights, strict=True)]
    axes.set_title(f"Rows a {period}, by group of labels", pad=26)
    axes.set_ylabel("rows")
    # From left to right as they stand on each other from the bottom up.
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncol=len(GROUPS),
        frameon=False,
        borderaxespad=0.2,
        columnspacing=1.2,
        handlelength=1.2,
    )
