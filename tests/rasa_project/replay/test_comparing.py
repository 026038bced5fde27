from __future__ import annotations

import pytest

from emotion_component.escalation import HANDOFF, OFFER
from rasa_project.conversations.conversation import Conversation
from rasa_project.replay.comparing import Comparison, change, headline, what_differs
from rasa_project.replay.episode import Episode, Mark, Turn


def episode(happened: dict[str, int], replayed: dict[str, int], name: str = "a") -> Episode:
    """Six turns; of each side the turn of each verdict."""
    made = Episode(name, 1)
    made.turns = [Turn("…", float(number), None, None, False) for number in range(1, 7)]
    for marks, wanted in ((made.happened, happened), (made.replayed, replayed)):
        marks += [Mark(turn, float(turn), verdict, None) for verdict, turn in wanted.items()]
    return made


CASES = [
    ({}, {HANDOFF: 3}, (HANDOFF, "newly"), "newly handed over at turn 3"),
    ({HANDOFF: 3}, {}, (HANDOFF, "no longer"), "no longer handed over (was at turn 3)"),
    ({HANDOFF: 5}, {HANDOFF: 3}, (HANDOFF, "earlier"), "handed over earlier: at turn 3, not 5"),
    ({HANDOFF: 3}, {HANDOFF: 5}, (HANDOFF, "later"), "handed over later: at turn 5, not 3"),
    ({}, {OFFER: 2}, (OFFER, "newly"), "newly offered at turn 2"),
    ({OFFER: 2}, {HANDOFF: 2}, (HANDOFF, "newly"), "newly handed over at turn 2"),
    (
        {HANDOFF: 4, OFFER: 1},
        {HANDOFF: 4},
        (OFFER, "no longer"),
        "no longer offered (was at turn 1)",
    ),
    ({HANDOFF: 4}, {HANDOFF: 4}, None, "unchanged"),
    ({}, {}, None, "unchanged"),
]


@pytest.mark.parametrize(("happened", "replayed", "differs", "says"), CASES)
def test_an_episode_is_told_by_what_differs_most(
    happened: dict[str, int],
    replayed: dict[str, int],
    differs: tuple[str, str] | None,
    says: str,
) -> None:
    made = episode(happened, replayed)
    assert (headline(made), what_differs(made)) == (differs, says)


def test_the_counts_add_up() -> None:
    comparison = Comparison(keep=50)
    for happened, replayed, _, _ in CASES:
        comparison.add(Conversation("a", (), broken=1), [episode(happened, replayed)])
    assert comparison.totals.to_dict() == {
        **{"conversations": 9, "episodes": 9, "changed": 7, "messages": 54},
        **{"without_emotion": 54, "broken_events": 9},
        HANDOFF: {
            **{"before": 5, "after": 6, "newly": 2, "no_longer": 1},
            **{"earlier": 1, "later": 1, "same": 2},
        },
        OFFER: {
            **{"before": 2, "after": 1, "newly": 1, "no_longer": 2},
            **{"earlier": 0, "later": 0, "same": 0},
        },
    }


def test_changed_ones_come_first_and_few_are_kept() -> None:
    comparison = Comparison(keep=4)
    for number in range(500):
        happened, replayed, _, _ = CASES[number % len(CASES)]
        comparison.add(
            Conversation(str(number), ()), [episode(happened, replayed, name=str(number))]
        )
        assert len(comparison.shown()) <= 4
    assert comparison.totals.conversations == 500
    shown = comparison.shown()
    assert [change(each, HANDOFF) for each in shown] == ["newly"] * 4
    assert [int(each.conversation) % 9 in (0, 5) for each in shown] == [True] * 4


def test_unchanged_ones_follow_with_those_that_were_decided_before_the_others() -> None:
    comparison = Comparison(keep=9)
    for number, (happened, replayed, _, _) in enumerate(reversed(CASES)):
        comparison.add(Conversation(str(number), ()), [episode(happened, replayed, str(number))])
    assert [what_differs(each) for each in comparison.shown()] == [
        *("newly handed over at turn 2", "newly handed over at turn 3"),
        "no longer handed over (was at turn 3)",
        "handed over earlier: at turn 3, not 5",
        "handed over later: at turn 5, not 3",
        "newly offered at turn 2",
        "no longer offered (was at turn 1)",
        *("unchanged", "unchanged"),
    ]
    assert [bool(each.happened) for each in comparison.shown()[-2:]] == [True, False]
