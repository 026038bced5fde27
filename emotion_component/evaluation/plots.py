"""Plots of an evaluation: confusion, reliability, and what silence buys.

matplotlib is imported inside the functions: importing this module is cheap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from matplotlib.axes import Axes  # type: ignore[import-untyped]
    from matplotlib.figure import Figure  # type: ignore[import-untyped]

INK: Final = "#1d2330"
ACCENT: Final = "#1f5fa8"
SOFT: Final = "#9fb8d6"
# A share above this is dark enough for white digits.
DARK: Final = 0.55


def confusion(labels: list[str], rows: list[list[int]]) -> Figure:
    """Draw which label was given for which: shades by share of the true label, digits by count.

    Args:
        labels: Names, in the order of rows and columns.
        rows: Counts, true labels down, given labels across.
    """
    figure = _figure(7.2, 6.2)
    axes = figure.subplots()
    shares = [[count / max(sum(row), 1) for count in row] for row in rows]
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for down, row in enumerate(rows):
        for across, count in enumerate(row):
            if count:
                color = "white" if shares[down][across] > DARK else INK
                axes.text(across, down, str(count), ha="center", va="center", color=color, size=8)
    axes.set_xticks(range(len(labels)), labels, rotation=45, ha="right")
    axes.set_yticks(range(len(labels)), labels)
    axes.set_xlabel("label given")
    axes.set_ylabel("true label")
    axes.set_title("Which label was given for which (messages)")
    bar = figure.colorbar(image, ax=axes, fraction=0.046, pad=0.03)
    bar.set_label("share of the true label")
    return figure


def reliability(bins: list[dict[str, Any]], error: float) -> Figure:
    """Draw how often answers are right against how sure they are, with the rows of each bin.

    Args:
        bins: As `service_report` gives them.
        error: Expected calibration error, 0 to 1.
    """
    figure = _figure(5.2, 5.0)
    axes, below = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": [3, 1]})
    used = [part for part in bins if part["rows"]]
    axes.plot([0, 1], [0, 1], color=INK, linestyle="--", linewidth=1, label="as sure as right")
    axes.plot(
        [part["confidence"] for part in used],
        [part["accuracy"] for part in used],
        color=ACCENT,
        marker="o",
        label="this model",
    )
    axes.set_ylabel("share that is right")
    axes.set_ylim(0, 1)
    axes.set_title(f"Confidence against being right (calibration error {error:.3f})")
    axes.legend(frameon=False, loc="upper left")
    width = 1 / len(bins)
    middles = [part["low"] + width / 2 for part in bins]
    below.bar(middles, [part["rows"] for part in bins], width=width * 0.9, color=SOFT)
    below.set_ylabel("messages")
    below.set_xlabel("confidence of the answer")
    below.set_xlim(0, 1)
    _plain(axes, below)
    return figure


def risk_coverage(points: list[dict[str, Any]], abstain: dict[str, Any]) -> Figure:
    """Draw accuracy of the answers against the share that is answered, and where the model stops.

    Args:
        points: As `service_report` gives them.
        abstain: The point of the model's own threshold.
    """
    figure = _figure(5.2, 5.0)
    axes = figure.subplots()
    shown = [point for point in points if point["coverage"] > 0]
    axes.plot(
        [100 * point["coverage"] for point in shown],
        [100 * point["accuracy"] for point in shown],
        color=ACCENT,
    )
    at = (100 * abstain["coverage"], 100 * abstain["accuracy"])
    axes.plot(*at, marker="o", markersize=9, color=INK)
    axes.annotate(
        f"abstains below {abstain['confidence']:.2f}:\n{at[0]:.0f} % answered, {at[1]:.0f} % right",
        at,
        xytext=(-12, -12),
        textcoords="offset points",
        ha="right",
        va="top",
        color=INK,
    )
    axes.set_xlim(0, 101)
    axes.set_ylim(min(40.0, *(100 * point["accuracy"] for point in shown)), 101)
    axes.set_xlabel("messages answered (%)")
    axes.set_ylabel("answers that are right (%)")
    axes.set_title("What silence about doubtful messages buys")
    _plain(axes)
    return figure


def _figure(width: float, height: float) -> Figure:
    """Make a figure without pyplot; sizes are in inches."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), constrained_layout=True)


def _plain(*several: Axes) -> None:
    for axes in several:
        axes.spines["top"].set_visible(False)
        axes.spines["right"].set_visible(False)
        axes.grid(color="#e3e7ee", linewidth=0.7)
        axes.set_axisbelow(True)
