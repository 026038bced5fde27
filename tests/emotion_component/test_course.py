from __future__ import annotations

import json
from typing import Any

import pytest

from emotion_component import labels
from emotion_component.course import FADING, TREND_TURNS, Course


def felt(
    name: str, displeasure: float | None = None, *, intensity: float = 0.5, abstained: bool = False
) -> dict[str, Any]:
    """An emotion whose scores are shared by `name` and neutral."""
    share = 0.8 if displeasure is None else displeasure
    scores = dict.fromkeys(labels.SERVICE_LABELS, 0.0)
    scores[name] = share
    scores["neutral"] += 1.0 - share
    return {
        "name": "neutral" if abstained else name,
        "confidence": share,
        "intensity": intensity,
        "valence": labels.affect(scores).valence,
        "scores": scores,
        "abstained": abstained,
    }


def told(*turns: tuple[dict[str, Any], str]) -> Course:
    course = Course()
    for emotion, text in turns:
        course = course.after(emotion, text)
    return course


def test_the_figures_follow_the_conversation() -> None:
    course = told(
        (felt("anger", 0.9), "where is it!!!"),
        (felt("frustration", 0.6), "well?"),
        (felt("neutral", 1.0, intensity=0.0), "so it is on its way"),
    )

    assert (course.turns, course.negative, course.streak) == (3, 2, 0)
    assert (course.now, course.peak, course.worst) == (0.0, 0.9, "anger")
    assert (course.mean, course.usual, course.recovery) == (0.5, 0.75, 0.9)
    assert course.above_usual == -0.75
    assert course.heat == 0.0
    assert course.trend > 0


def test_a_sum_fades_by_the_same_share_each_turn() -> None:
    course = told((felt("anger", 1.0, intensity=1.0), "why?" * 3))
    first = course.agitation
    calm = felt("neutral", 1.0, intensity=0.0)

    assert first == 1 - FADING
    assert course.after(calm, "ok").agitation == pytest.approx(first * FADING, abs=1e-4)
    assert course.after(calm, "ok").asking == pytest.approx(course.asking * FADING, abs=1e-4)


def test_a_long_calm_conversation_never_adds_up_to_a_bad_one() -> None:
    calm = [(felt("worry", 0.05, intensity=0.1), "and the next one please")] * 500
    short, long = told(*calm[:20]), told(*calm)

    assert long.burden == pytest.approx(short.burden, abs=0.001)
    assert long.burden < 0.05


def test_who_writes_in_capitals_from_the_start_is_not_louder_than_usual() -> None:
    always = told((felt("neutral"), "WHERE IS MY ORDER"), (felt("neutral"), "IT IS NOT THERE YET"))
    now = told((felt("neutral"), "where is my order"), (felt("neutral"), "IT IS NOT THERE YET"))

    assert (always.louder, now.louder) == (0.0, 1.0)
    assert (always.habit(), now.habit()) == (1.0, 0.5)


def test_what_is_usual_is_the_customers_own_earlier_mean() -> None:
    course = told(*[(felt("anger", share), "x") for share in (0.6, 0.8, 0.9)])

    assert course.usual == pytest.approx(0.7)
    assert course.above_usual == pytest.approx(0.2)
    assert told((felt("anger", 0.6), "x")).above_usual == 0.0


def test_an_abstention_counts_for_the_scores_but_not_for_streak_and_valence() -> None:
    before = told((felt("anger", 0.9), "x"))
    after = before.after(felt("anger", 0.2, abstained=True), "hm")

    assert (after.turns, after.negative, after.streak) == (2, 1, 1)
    assert after.smoothed == before.smoothed
    assert after.now == 0.2


def test_a_message_in_which_nothing_could_be_read_changes_nothing() -> None:
    before = told((felt("anger", 0.9), "x"))
    unread = {"name": "neutral", "intensity": 0.0, "valence": 0.0, "scores": {}, "abstained": True}

    assert before.after(unread, "https://example.org") == before


def test_an_emotion_without_scores_is_taken_by_its_name() -> None:
    plain = {"name": "anger", "confidence": 0.7, "intensity": 0.5, "valence": -0.8}
    course = Course().after(plain, "x")

    assert (course.now, course.heat, course.worst) == (0.7, 0.7, "anger")


def test_a_course_survives_json_and_stays_small() -> None:
    course = told(*[(felt("anger", 0.9), "why is it not here?!")] * 2000)
    written = json.dumps(course.to_dict())

    assert Course.from_emotion({"trajectory": json.loads(written)}) == course
    assert len(course.smoothed) == TREND_TURNS + 1
    assert len(written) < 400


@pytest.mark.parametrize(
    "broken",
    [
        None,
        "angry",
        {},
        {"turns": 3},
        {**Course().to_dict(), "peak": "high"},
        {**Course().to_dict(), "peak": float("nan")},
        {**Course().to_dict(), "turns": True},
        {**Course().to_dict(), "worst": 3},
        {**Course().to_dict(), "smoothed": 0.5},
        {**Course().to_dict(), "smoothed": [0.1] * 9},
        {**Course().to_dict(), "smoothed": [None]},
        {**Course().to_dict(), "mood": 1},
    ],
)
def test_a_course_that_cannot_be_gone_on_from_is_none(broken: Any) -> None:
    assert Course.from_emotion({"trajectory": broken}) is None
    assert Course.from_emotion(None) is None
