"""What a scored table shows as a whole, gathered row by row in constant memory."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any, Final

from emotion_component import labels

ABSTAINED: Final = "abstained"
EXAMPLES: Final = 5
EXAMPLE_LENGTH: Final = 300
PROBLEMS_SHOWN: Final = 20
# Years outside these are slips of a column, not times of messages.
YEARS: Final = range(1990, 2101)
_DATE: Final = re.compile(
    r"\s*(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)日?(?:[T\s]*(\d{1,2})[:：时点])?"
)


@dataclass(frozen=True)
class Sample:
    """A message that shows a label strongly.

    Attributes:
        strength: Confidence times intensity, 0 to 1; for neutral the confidence alone.
        text: As written, cut where it is long.
        number: Line or row it stands on.
    """

    strength: float
    text: str
    number: int


@dataclass
class Summary:
    """Counts over a table.

    Attributes:
        rows: Rows that were scored.
        skipped: Rows that could not be.
        problems: Line and problem of the first of them.
        counts: Service label, or `abstained`, to number of rows.
        languages: `en`, `zh` or `other` to number of rows.
        negative: Sum of the negative score over the rows that were judged.
        judged: How many rows those are.
        hours: Hour to counts by group of labels, where a time was read.
        timeless: Rows whose time could not be read.
        samples: Service label to its strongest messages, strongest first.
    """

    rows: int = 0
    skipped: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    negative: float = 0.0
    judged: int = 0
    hours: dict[datetime, Counter[str]] = field(default_factory=dict)
    timeless: int = 0
    samples: dict[str, list[Sample]] = field(default_factory=dict)

    def skip(self, number: int, problem: str) -> None:
        """Count a row that could not be scored."""
        self.skipped += 1
        if len(self.problems) < PROBLEMS_SHOWN:
            self.problems.append((number, problem))

    def add(self, number: int, text: str, emotion: Mapping[str, Any]) -> None:
        """Count a scored row.

        Args:
            number: Line or row it stands on.
            text: The message.
            emotion: The added columns, by name without `emotion_`.
        """
        self.rows += 1
        self.languages[emotion["language"] or "other"] += 1
        if emotion["negative"] is not None:
            self.negative += emotion["negative"]
            self.judged += 1
        if emotion["abstained"]:
            self.counts[ABSTAINED] += 1
            return
        self.counts[emotion["name"]] += 1
        self._keep(number, text, emotion)

    def _keep(self, number: int, text: str, emotion: Mapping[str, Any]) -> None:
        """Keep a message where it is among the strongest of its label and not there already."""
        name, strength = emotion["name"], float(emotion["confidence"])
        if name != labels.NEUTRAL:
            strength *= emotion["intensity"]
        kept = self.samples.setdefault(name, [])
        if len(kept) == EXAMPLES and strength <= kept[-1].strength:
            return
        shown = text if len(text) <= EXAMPLE_LENGTH else text[:EXAMPLE_LENGTH] + "…"
        if all(sample.text != shown for sample in kept):
            kept.append(Sample(round(strength, 4), shown, number))
            kept.sort(key=lambda sample: -sample.strength)
            del kept[EXAMPLES:]

    def time(self, value: Any, emotion: Mapping[str, Any]) -> None:
        """Count a scored row at its time; see `hour_of` for what can be read."""
        hour = hour_of(value)
        if hour is None:
            self.timeless += 1
            return
        group = ABSTAINED if emotion["abstained"] else labels.group(emotion["name"])
        self.hours.setdefault(hour, Counter())[group] += 1

    def over_time(self) -> tuple[str, dict[datetime, Counter[str]]]:
        """Join hours to the period that suits their span.

        Returns:
            `hour`, `day`, `week` or `month`, and the start of each period that has rows to its
            counts by group of labels, in order.
        """
        if not self.hours:
            return "day", {}
        span = max(self.hours) - min(self.hours)
        period = next(name for name, longest in _PERIODS.items() if span <= longest)
        joined: dict[datetime, Counter[str]] = {}
        for hour in sorted(self.hours):
            joined.setdefault(_STARTS[period](hour), Counter()).update(self.hours[hour])
        return period, joined

    def to_dict(self) -> dict[str, Any]:
        """Give the counts as JSON types."""
        period, periods = self.over_time()
        return {
            "rows": self.rows,
            "skipped": self.skipped,
            "problems": [{"row": number, "problem": problem} for number, problem in self.problems],
            "labels": {name: self.counts[name] for name in (*labels.SERVICE_LABELS, ABSTAINED)},
            "languages": dict(self.languages),
            "mean_negative": round(self.negative / self.judged, 4) if self.judged else None,
            "period": period,
            "over_time": {start.isoformat(): dict(found) for start, found in periods.items()},
            "rows_without_time": self.timeless,
            "examples": {
                name: [vars(sample) for sample in kept] for name, kept in self.samples.items()
            },
        }


# The longest span that a chart shows in periods of a kind.
_PERIODS: Final = {
    "hour": timedelta(days=3),
    "day": timedelta(days=92),
    "week": timedelta(days=730),
    "month": timedelta.max,
}
_STARTS: Final[Mapping[str, Callable[[datetime], datetime]]] = {
    "hour": lambda hour: hour,
    "day": lambda hour: hour.replace(hour=0),
    "week": lambda hour: hour.replace(hour=0) - timedelta(days=hour.weekday()),
    "month": lambda hour: hour.replace(hour=0, day=1),
}


def hour_of(value: Any) -> datetime | None:
    """Read the hour that a message was written in, as its own clock says.

    Args:
        value: A date or time, seconds or milliseconds since 1970 (UTC), or text that begins with
            year, month and day: ISO 8601, `2024/6/7 12:30`, `2024年6月7日`, `20240607`.

    Returns:
        The hour without time zone; `None` where nothing of that kind stands there. A day whose
        order cannot be known, like `07/06/2024`, is not guessed.
    """
    if isinstance(value, datetime):
        return _plausible(value.replace(tzinfo=None, minute=0, second=0, microsecond=0))
    if isinstance(value, date):
        return _plausible(datetime(value.year, value.month, value.day))
    text = str(value).strip()
    try:
        if re.fullmatch(r"\d{8}", text):
            return _plausible(datetime(int(text[:4]), int(text[4:6]), int(text[6:])))
        found = _DATE.match(text)
        if found:
            year, month, day, hour = (int(part or 0) for part in found.groups())
            return _plausible(datetime(year, month, day, hour))
        return _since_1970(float(text))
    except (ValueError, OverflowError, OSError):
        return None


def _since_1970(number: float) -> datetime | None:
    """Read seconds, or milliseconds where seconds would lie thousands of years ahead."""
    if not math.isfinite(number) or number < 1e8:
        return None
    moment = datetime.fromtimestamp(number if number < 1e11 else number / 1000, timezone.utc)
    return _plausible(moment.replace(tzinfo=None, minute=0, second=0, microsecond=0))


def _plausible(hour: datetime) -> datetime | None:
    return hour if hour.year in YEARS else None
