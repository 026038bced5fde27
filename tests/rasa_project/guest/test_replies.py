from __future__ import annotations

from pathlib import Path

import pytest

from emotion_component.reply_rules.reply import Reply, Said, Variation
from rasa_project.guest import replies
from rasa_project.guest.yaml_file import ProjectError

DOMAIN = """\
version: "3.1"
responses:
  utter_status:
    - text: "It is on its way."
      condition: &zh
        - {type: slot, name: language, value: zh}
    - condition: *zh
      channel: slack
      # attune: allow promise-unbacked, too-long
      text: |
        We will
        refund it.
      buttons:
        - {title: Cancel it, payload: /cancel}
  utter_card:  # attune: allow minimises
    - custom:
        blocks:
          - type: section
            text: {type: mrkdwn, text: "A card."}
            buttons:
              - title: Mine
  utter_flow: [{text: "One.", condition: *zh}, {text: 2}]
"""


def write(folder: Path, name: str, text: str = "responses: {utter_a: [{text: A}]}\n") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_domain_gives_texts_conditions_channels_buttons_and_their_lines(tmp_path: Path) -> None:
    (file,) = replies.read(write(tmp_path, "domain.yml", DOMAIN))
    chinese = (("language", "zh"),)
    assert file.replies == (
        Reply(
            "utter_status",
            3,
            (
                Variation(4, (Said("It is on its way.", 4),), conditions=chinese),
                Variation(
                    7, (Said("We will\nrefund it.\n", 10),), ("Cancel it",), chinese, "slack"
                ),
            ),
        ),
        Reply("utter_card", 15, (Variation(16, (Said("A card.", 19),)),)),
        Reply(
            "utter_flow",
            22,
            (
                Variation(22, (Said("One.", 22),), conditions=chinese),
                Variation(22, (Said("2", 22),)),
            ),
        ),
    )


def test_a_remark_allows_on_its_own_line_or_alone_above_the_next(tmp_path: Path) -> None:
    (file,) = replies.read(write(tmp_path, "domain.yml", DOMAIN))
    assert file.allowed == {
        10: frozenset({"promise-unbacked", "too-long"}),
        15: frozenset({"minimises"}),
    }


def test_a_folder_gives_its_files_that_hold_replies_whatever_they_are_called(
    tmp_path: Path,
) -> None:
    for name in ("faq/b.yaml", "a.yml", ".hidden/c.yml"):
        write(tmp_path, name)
    write(tmp_path, "nlu.yml", "nlu:\n- intent: a\n")
    assert [file.path.name for file in replies.read(tmp_path)] == ["a.yml", "b.yaml"]


def test_a_project_gives_its_domain_and_the_answers_among_its_training_data(
    tmp_path: Path,
) -> None:
    write(tmp_path, "config.yml", "pipeline: []\n")
    write(tmp_path, "other/replies.yml")
    write(tmp_path, "data/nlu.yml", "nlu:\n- intent: a\n")
    split = write(tmp_path, "domain/a.yml")
    assert [file.path for file in replies.read(tmp_path)] == [split]
    answers = write(tmp_path, "data/faq/answers.yml")
    whole = write(tmp_path, "domain.yml")
    assert [file.path for file in replies.read(tmp_path)] == [whole, answers]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("responses:\n  utter_a:\n   - text: [\n", r"line 4: this is not YAML"),
        ("intents: [greet]\n", r"holds no replies"),
        ("- a\n", r"must be a mapping"),
        ("a: 1\nresponses: [utter_a]\n", r":2: `responses` must map names to lists"),
        ("responses:\n  utter_a: Hello\n", r":2: `utter_a` must be a list of variations"),
        ("responses:\n  utter_a:\n  - Hello\n", r":2: `utter_a` must be a list of variations"),
        ("responses:\n  utter_a:\n  - {text: a, condition: b}\n", r":3: `condition` must be"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    path = write(tmp_path, "domain.yml", text)
    with pytest.raises(ProjectError, match=says):
        replies.read(path)


def test_a_path_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"No file or folder at .*nothing"):
        replies.read(tmp_path / "nothing")
