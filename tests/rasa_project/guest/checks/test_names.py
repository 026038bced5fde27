"""Names that Attune and the author both use."""

from __future__ import annotations

from pathlib import Path

from tests.rasa_project.guest import bots

FILLED = """\
slots:
  language:
    type: text
    influence_conversation: false
    mappings:
      - type: from_entity
        entity: language
responses:
  utter_handoff:
    - text: One moment.
"""


def test_names_of_the_authors_own_are_kept_and_told(tmp_path: Path) -> None:
    bot = bots.healthy(tmp_path)
    (bot / "domain.yml").write_text(FILLED)
    assert bots.found(bot) == [
        ("note", "name-kept", "domain.yml:2"),
        ("note", "name-kept", "domain.yml:9"),
    ]


def test_a_slot_that_no_mapping_fills_is_a_warning_until_one_does(tmp_path: Path) -> None:
    bot = bots.healthy(tmp_path)
    (bot / "domain.yml").write_text(FILLED.replace("entity: language", "entity: tongue"))
    assert bots.found(bot)[0] == ("warning", "slot-unfilled", "domain.yml:2")
    bots.edit(bot / "domain.yml", "entity: tongue", "entity: language")
    assert {severity for severity, _, _ in bots.found(bot)} == {"note"}


def test_featurized_slots_break_the_recall_of_memoization(tmp_path: Path) -> None:
    bot = bots.healthy(tmp_path)
    bots.edit(bot / "config.yml", "RulePolicy", "AugmentedMemoizationPolicy")
    (bot / "domain.yml").write_text(FILLED.replace("    influence_conversation: false\n", ""))
    assert bots.found(bot)[0] == ("warning", "slot-featurized", "domain.yml:2")
    (bot / "domain.yml").write_text(FILLED)
    assert {code for _, code, _ in bots.found(bot)} == {"name-kept"}


def test_without_memoization_featurized_slots_are_the_authors_own_affair(tmp_path: Path) -> None:
    bot = bots.healthy(tmp_path)
    (bot / "domain.yml").write_text(FILLED.replace("    influence_conversation: false\n", ""))
    assert {code for _, code, _ in bots.found(bot)} == {"name-kept"}


def test_entities_of_a_domain_in_several_files_are_found(tmp_path: Path) -> None:
    bot = bots.healthy(tmp_path)
    bots.edit(bot / "config.yml", "RulePolicy", "MemoizationPolicy")
    (bot / "domain.yml").unlink()
    (bot / "domain" / "deep").mkdir(parents=True)
    (bot / "domain" / "intents.yml").write_text("intents: [greet]\n")
    (bot / "domain" / "deep" / "words.yml").write_text("entities:\n- city\n- emotion\n")
    assert bots.found(bot) == [
        ("warning", "entity-featurized", "domain/deep/words.yml:3"),
        ("note", "entity-shared", "domain/deep/words.yml:3"),
    ]
    bots.edit(
        bot / "domain" / "deep" / "words.yml",
        "- emotion\n",
        "- emotion:\n    influence_conversation: false\n",
    )
    assert bots.found(bot) == [("note", "entity-shared", "domain/deep/words.yml:3")]
