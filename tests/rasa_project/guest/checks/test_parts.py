"""Whether Attune's parts are all there."""

from __future__ import annotations

from pathlib import Path

import pytest

import emotion_component
from rasa_project.guest import adding, project, writing
from tests.rasa_project.guest import bots

OUR_DOMAIN = Path(emotion_component.__file__).parent / "domain.yml"
IMPORTERS = "importers:\n  - name: emotion_component.rasa_importer.EmotionImporter\n\n"


def test_a_healthy_project_has_no_finding(tmp_path: Path) -> None:
    assert bots.found(bots.healthy(tmp_path)) == []


def test_a_bot_without_attune_is_told_to_add_it_and_then_has_no_error(tmp_path: Path) -> None:
    bot = bots.guest_bot(tmp_path / "bot")
    assert bots.found(bot) == [("error", "attune-absent", "config.yml")]
    writing.write(adding.plan(project.read(bot)).changes)
    assert [each for each in bots.found(bot) if each[0] == "error"] == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (IMPORTERS, ("error", "importer-missing", "config.yml")),
        (
            "  - name: emotion_component.EmotionClassifier\n",
            ("warning", "component-missing", "config.yml:7"),
        ),
        (
            "  - name: emotion_component.rasa_policy.EscalationPolicy\n",
            ("warning", "policy-missing", "config.yml:11"),
        ),
    ],
)
def test_each_missing_line_is_named_and_add_brings_it(
    tmp_path: Path, line: str, expected: tuple[str, str, str]
) -> None:
    bot = bots.healthy(tmp_path)
    bots.edit(bot / "config.yml", line, "")
    finding = bots.only(bot)
    assert (finding.severity, finding.code, str(finding.at)) == expected
    assert finding.fix.endswith("`attune add` puts it there.")
    writing.write(adding.plan(project.read(bot)).changes)
    assert bots.found(bot) == []


def test_slots_of_the_authors_own_make_up_for_the_importer(tmp_path: Path) -> None:
    bot = bots.healthy(tmp_path)
    bots.edit(bot / "config.yml", IMPORTERS, "")
    (bot / "domain.yml").write_text(OUR_DOMAIN.read_text("utf-8"))
    assert {code for _, code, _ in bots.found(bot)} == {"name-kept"}


def test_rasas_own_reply_generator_is_a_warning_and_their_own_a_note(tmp_path: Path) -> None:
    bot = bots.healthy(tmp_path)
    ours = "nlg:\n  type: emotion_component.rasa_replies.EmpathicReplies\n"
    bots.edit(bot / "endpoints.yml", ours, "")
    assert bots.found(bot) == [("warning", "replies-missing", "endpoints.yml")]
    with (bot / "endpoints.yml").open("a") as file:
        file.write("nlg:\n  url: http://localhost:5056/nlg\n")
    assert bots.found(bot) == [("note", "replies-other", "endpoints.yml:6")]


def test_rasas_importer_beside_ours_reads_every_file_twice(tmp_path: Path) -> None:
    bot = bots.healthy(tmp_path)
    bots.edit(bot / "config.yml", "importers:\n", "importers:\n  - name: RasaFileImporter\n")
    assert bots.found(bot) == [("warning", "importer-twice", "config.yml:5")]
    bots.edit(bot / "config.yml", "  - name: RasaFileImporter\n", "")
    assert bots.found(bot) == []


def test_a_synonym_mapper_behind_the_component_must_not_know_its_words(tmp_path: Path) -> None:
    bot = bots.healthy(tmp_path)
    ours, mapper = (
        "  - name: emotion_component.EmotionClassifier\n",
        "  - name: EntitySynonymMapper\n",
    )
    bots.edit(bot / "config.yml", ours, ours + mapper)
    (bot / "data").mkdir()
    nlu = bot / "data" / "nlu.yml"
    nlu.write_text("nlu:\n- synonym: irritated\n  examples: |\n    - Anger\n    - fury\n")
    finding = bots.only(bot)
    assert (finding.code, str(finding.at)) == ("synonyms-after", "config.yml:10")
    assert "synonyms for anger:" in finding.what
    bots.edit(bot / "config.yml", ours + mapper, mapper + ours)
    assert bots.found(bot) == []
