from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import rasa.shared.utils.io

from emotion_component import labels, language
from emotion_component.acknowledgement.wording import (
    BRIEF_SUFFIX,
    CAUSE_PREFIX,
    COMPLAINT,
    PREFIX,
    STRONG_SUFFIX,
    placeholders,
)
from tests.emotion_component.conversation import domain, emotion, said
from tests.emotion_component.replies import all_names, say, texts_of


def test_every_acknowledgement_names_a_known_emotion() -> None:
    suffixes = (STRONG_SUFFIX, BRIEF_SUFFIX)
    emotions = {
        name.removeprefix(PREFIX).removesuffix(suffixes[0]).removesuffix(suffixes[1])
        for name in all_names()
    }

    assert emotions == set(labels.SERVICE_LABELS) - {"neutral", "surprise"}
    assert {f"{PREFIX}{emotion}{BRIEF_SUFFIX}" for emotion in emotions} <= set(all_names())


@pytest.mark.parametrize("name", all_names())
@pytest.mark.parametrize("spoken", ["en", "zh"])
def test_every_acknowledgement_has_three_wordings_in_each_language(name: str, spoken: str) -> None:
    texts = texts_of(name, spoken)

    assert len(set(texts)) >= 3
    assert {language.detect(text) for text in texts} == {spoken}


@pytest.mark.parametrize("spoken", ["en", "zh"])
def test_brief_words_are_shorter_than_calm_ones_and_no_words_stand_twice(spoken: str) -> None:
    every = [text for name in all_names() for text in texts_of(name, spoken)]

    assert len(every) == len(set(every))
    for name in all_names():
        if name.endswith(BRIEF_SUFFIX):
            calm = texts_of(name.removesuffix(BRIEF_SUFFIX), spoken)
            assert sum(map(len, texts_of(name, spoken))) < sum(map(len, calm)), name


CLAIMED_FEELING = re.compile(
    r"I (?:understand|know|feel|see) how|how you feel|理解您|感同身受|我懂"
)
PROMISE = re.compile(r"\b(?:I'll|I will|we'll|we will|promise|guarantee)\b|保证|一定会|马上|立刻")
APOLOGY = re.compile(r"\bsorry\b|抱歉|对不起|不好意思", re.IGNORECASE)


@pytest.mark.parametrize("name", all_names())
def test_no_acknowledgement_claims_a_feeling_promises_or_apologises(name: str) -> None:
    texts = [*texts_of(name, "en"), *texts_of(name, "zh")]

    assert [text for text in texts if CLAIMED_FEELING.search(text)] == []
    assert [text for text in texts if PROMISE.search(text)] == []
    # To somebody sad, "sorry to hear that" is sympathy.
    assert "sadness" in name or [text for text in texts if APOLOGY.search(text)] == []


SHOP: dict[str, list[dict[str, Any]]] = rasa.shared.utils.io.read_yaml_file(
    Path(__file__).parents[2] / "domain.yml"
)["responses"]
CAUSES = [name for name in SHOP if name.startswith(CAUSE_PREFIX)]
# What a complaint may be about, as the shop's intents name it.
INTENTS = [
    "account_access",
    "broken_item",
    "complaint",
    "invoice",
    "late_delivery",
    "refund",
    "wrong_item",
]


@pytest.mark.parametrize("intent", INTENTS)
@pytest.mark.parametrize("felt", sorted(COMPLAINT))
@pytest.mark.parametrize("spoken", ["en", "zh"])
@pytest.mark.parametrize("intensity", [0.5, 0.9])
async def test_the_shop_names_what_went_wrong_in_both_languages(
    intent: str, felt: str, spoken: str, intensity: float
) -> None:
    of = domain({"intents": INTENTS, "responses": SHOP})
    events = [said(emotion(felt, intensity), intent)]

    message = await say(of, "utter_account_access", events, spoken)

    assert message is not None
    opening = message["acknowledgement"]["text"]
    causes = [CAUSE_PREFIX + intent, CAUSE_PREFIX + intent + STRONG_SUFFIX]
    assert opening in [each["text"] for name in causes for each in SHOP.get(name, [])]
    assert language.detect(opening) == spoken


def test_the_shops_causes_need_nothing_but_times_that_the_customer_named() -> None:
    wanted = {each for name in CAUSES for line in SHOP[name] for each in placeholders(line["text"])}

    assert wanted == {"late_by", "waited"}
    for name in CAUSES:
        free = [line for line in SHOP[name] if not placeholders(line["text"])]
        assert {bool(line.get("condition")) for line in free} == {True, False}, name
