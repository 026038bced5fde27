"""VADER as a baseline: rules over an English word list (Hutto and Gilbert 2014).

An optional package: `pip install vaderSentiment`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from emotion_component.evaluation.metrics import Floats


def negative_scores(texts: Sequence[str]) -> Floats | None:
    """Give each text its negated compound score, -1 to 1; `None` where VADER is not installed."""
    try:
        from vaderSentiment.vaderSentiment import (  # type: ignore[import-not-found,unused-ignore]
            SentimentIntensityAnalyzer,
        )
    except ImportError:
        return None
    judge = SentimentIntensityAnalyzer()
    return np.array([-judge.polarity_scores(text)["compound"] for text in texts], np.float32)
