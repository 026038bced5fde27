from __future__ import annotations

import shutil
import warnings
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.generator import TrainingDataGenerator
from rasa.shared.core.training_data import structures
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.validator import Validator

from emotion_component import labels
from emotion_component.rasa_importer import EmotionImporter, missing_from

GUEST_BOT = Path(__file__).parent / "guest_bot"
SLOTS = [
    "emotion",
    "emotion_intensity",
    "emotion_trend",
    "language",
    "escalation_reason",
    "escalation_held",
    "handoff_state",
]
REPLIES = {"utter_handoff", "utter_offer_human", "utter_offer_declined"}
ENTITIES = ["emotion", "emotion_intensity", "emotion_trend", "language"]


def load(project: Path = GUEST_BOT, **settings: Any) -> EmotionImporter:
    return EmotionImporter(
        str(project / "config.yml"),
        str(project / "domain.yml"),
        [str(project / "data")],
        **settings,
    )


def plain(project: Path = GUEST_BOT) -> RasaFileImporter:
    return RasaFileImporter(
        str(project / "config.yml"), str(project / "domain.yml"), [str(project / "data")]
    )


def test_it_adds_slots_entities_and_three_replies_and_nothing_else() -> None:
    before, after = plain().get_domain(), load().get_domain()

    assert set(after.entities) - set(before.entities) == set(ENTITIES)
    before_slots, after_slots = ({slot.name for slot in each.slots} for each in (before, after))
    assert after_slots - before_slots == set(SLOTS)
    assert set(after.action_names_or_texts) - set(before.action_names_or_texts) == REPLIES
    assert set(after.responses) - set(before.responses) == REPLIES
    assert (after.intents, after.forms) == (before.intents, before.forms)
    assert after.session_config == before.session_config


def test_nothing_it_adds_is_featurized() -> None:
    before, after = plain().get_domain(), load().get_domain()

    assert after.slot_states == before.slot_states
    assert [
        slot.name for slot in after.slots if slot.name in SLOTS and slot.influence_conversation
    ] == []
    for intent in after.intents:
        assert set(after.intent_config(intent)["used_entities"]).isdisjoint(ENTITIES)


def test_the_emotion_slot_takes_every_service_label() -> None:
    slots = {slot.name: slot for slot in load().get_domain().slots}

    assert [slots["emotion"].value, slots["handoff_state"].value] == ["neutral", "bot"]
    assert slots["emotion"].persistence_info()["values"] == list(labels.SERVICE_LABELS)
    assert slots["handoff_state"].persistence_info()["values"] == ["bot", "queued", "agent"]


def test_names_the_bot_already_uses_stay_the_bots_with_a_note(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    theirs = """
version: "3.1"
intents: [greet]
entities: [language]
slots:
  language:
    type: text
    mappings:
      - type: from_text
responses:
  utter_handoff:
    - text: "Our own words."
"""
    project = tmp_path / "bot"
    shutil.copytree(GUEST_BOT, project)
    (project / "domain.yml").write_text(theirs, encoding="utf-8")

    with caplog.at_level("INFO"):
        merged = load(project).get_domain().as_dict()

    assert merged["slots"]["language"] == {
        "type": "text",
        "mappings": [{"type": "from_text"}],
    }
    assert merged["responses"]["utter_handoff"] == [{"text": "Our own words."}]
    assert merged["entities"].count("language") == 1
    assert "emotion" in merged["slots"]
    assert (
        "The bot's own domain keeps: slots language, responses utter_handoff, entities language."
        in caplog.messages
    )


def test_a_domain_that_has_everything_is_missing_nothing() -> None:
    complete = load().get_domain().as_dict()

    lacking = missing_from(complete)

    assert (lacking["slots"], lacking["responses"], lacking["entities"]) == ({}, {}, [])


def test_a_project_without_a_domain_stays_without_one() -> None:
    assert EmotionImporter(None, None, []).get_domain().is_empty()
    assert EmotionImporter(None, None, []).get_stories().story_steps == []


def conversations(importer: RasaFileImporter, domain: Domain) -> list[str]:
    """What a policy is trained on: each conversation as a story, augmented ones included."""
    trackers = TrainingDataGenerator(importer.get_stories(), domain).generate()
    return [
        " > ".join(str(getattr(event, "intent_name", event)) for event in each.events)
        for each in trackers
    ]


def test_policies_learn_from_the_very_same_conversations(monkeypatch: pytest.MonkeyPatch) -> None:
    domain = load().get_domain()

    learned = []
    for importer in (plain(), load()):
        # Rasa orders story blocks by a number that counts up over the life of the process.
        monkeypatch.setattr(structures, "STEP_COUNT", 1)
        learned.append(conversations(importer, domain))

    assert learned[0] == learned[1]
    assert len(learned[0]) >= 10


def warnings_of(importer: RasaFileImporter) -> set[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        validator = Validator.from_importer(importer)
        validator.verify_nlu()
        validator.verify_story_structure()
    texts = {str(warning.message) for warning in caught}
    return {text for text in texts if "not used in any story" in text or "heckpoint" in text}


def test_data_validate_warns_of_nothing_that_it_did_not_warn_of_before() -> None:
    before = warnings_of(plain())

    assert len(before) == 4  # its forms' questions and the fallback's words: Rasa cannot know
    assert warnings_of(load()) == before
    assert warnings_of(load(outside_stories=["utter_ask_*", "utter_default"])) == set()


def test_rasa_finds_it_by_the_line_in_config_yml() -> None:
    importer = TrainingDataImporter.load_from_config(
        str(GUEST_BOT / "config.yml"), str(GUEST_BOT / "domain.yml"), [str(GUEST_BOT / "data")]
    )

    assert "handoff_state" in [slot.name for slot in importer.get_domain().slots]
