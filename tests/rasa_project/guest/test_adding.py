"""What `attune add` puts into other people's files, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from rasa_project.guest import adding, project, writing
from rasa_project.guest.yaml_file import ProjectError
from tests.rasa_project.guest import bots

IMPORTER = "- name: emotion_component.rasa_importer.EmotionImporter"
COMPONENT = "- name: emotion_component.EmotionClassifier"
POLICY = "- name: emotion_component.rasa_policy.EscalationPolicy"
NLG = ["nlg:", "  type: emotion_component.rasa_replies.EmpathicReplies"]

TWO_SPACES = """\
# My bot. 我的机器人
language: "en"   # quoted, and it stays so

# What reads messages.
pipeline:
  - name: WhitespaceTokenizer
  - name: 'DIETClassifier'
    epochs:   100
    # constrain_similarities: true

  # nothing below this line was ever tried
policies:
  - name: RulePolicy
"""
UNINDENTED = """\
pipeline:
- name: WhitespaceTokenizer
policies:
-   name: MemoizationPolicy
-   name: RulePolicy
    core_fallback_action_name: >-
      action_default_fallback
"""
COMMENTS_AT_THE_END = """\
pipeline:
  - {name: WhitespaceTokenizer}
  - name: RegexFeaturizer
    patterns: [a,
      b]   # two lines
policies:
  - name: RulePolicy
# - name: TEDPolicy
#   epochs: 50

# the end
"""
SHAPES = {
    "two-space lists": TWO_SPACES,
    "unindented lists": UNINDENTED,
    "comments at the end": COMMENTS_AT_THE_END,
    "CRLF": TWO_SPACES.replace("\n", "\r\n"),
    "no newline at the end": UNINDENTED.rstrip("\n"),
    "CRLF and no newline at the end": UNINDENTED.replace("\n", "\r\n").rstrip("\r\n"),
    "a byte order mark": "\ufeff" + TWO_SPACES,
    "policies first": "policies:\n- name: RulePolicy\npipeline:\n- name: WhitespaceTokenizer\n",
    "an empty list of importers": "importers: []  # none yet\n" + UNINDENTED,
    "importers without a value": "importers:\n" + UNINDENTED,
    "a document's start": "---\n" + TWO_SPACES,
}


def write(folder: Path, config: str, endpoints: str | None = None) -> project.Project:
    (folder / "config.yml").write_bytes(config.encode())
    if endpoints is not None:
        (folder / "endpoints.yml").write_bytes(endpoints.encode())
    return project.read(folder)


def diff_of(folder: Path, name: str) -> list[str]:
    """The changed lines of one file's diff."""
    plan = adding.plan(project.read(folder))
    (change,) = [each for each in plan.changes if each.path.name == name]
    return [line for line in change.diff(folder).splitlines()[2:] if line[0] in "+-"]


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_the_diff_holds_only_added_lines_and_nothing_else_changes(
    tmp_path: Path, shape: str
) -> None:
    found = write(tmp_path, shape, shape.replace("pipeline", "action_endpoint"))
    plan = adding.plan(found)
    assert [change.path.name for change in plan.changes] == ["config.yml", "endpoints.yml"]
    for change in plan.changes:
        lines = change.diff(tmp_path).splitlines()[2:]
        emptied = ["-importers: []  # none yet"] * ("[]" in shape and "pipeline" in shape)
        removed = [line for line in lines if line.startswith("-")]
        assert removed in ([], emptied)
        assert change.before is not None
        assert change.after.endswith("\n") == change.before.endswith("\n")
        assert change.after.count("\n") == change.after.count("\r\n") or "\r" not in shape


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_the_added_lines_say_what_they_must_and_a_second_run_adds_nothing(
    tmp_path: Path, shape: str
) -> None:
    found = write(tmp_path, shape, "")
    writing.write(adding.plan(found).changes)
    again = project.read(tmp_path)
    assert [entry.name for entry in again.listed("importers")] == [IMPORTER[8:]]
    assert [entry.name for entry in again.listed("pipeline")][-1] == COMPONENT[8:]
    assert [entry.name for entry in again.listed("policies")][-1] == POLICY[8:]
    assert again.endpoints is not None
    assert again.endpoints.content == {"nlg": {"type": NLG[1].split()[-1]}}
    assert adding.plan(again) == adding.Plan()


def test_lines_follow_the_indentation_and_the_comments_of_their_neighbours(tmp_path: Path) -> None:
    write(tmp_path, TWO_SPACES)
    writing.write(adding.plan(project.read(tmp_path)).changes)
    lines = (tmp_path / "config.yml").read_text(encoding="utf-8").splitlines()
    expected = TWO_SPACES.splitlines()
    expected.insert(expected.index("policies:") - 2, f"  {COMPONENT}")
    expected.insert(expected.index("  - name: RulePolicy") + 1, f"  {POLICY}")
    at = expected.index("# What reads messages.")
    expected[at:at] = ["importers:", f"  {IMPORTER}", ""]
    assert lines == expected


def test_an_unindented_list_stays_unindented_and_wide_dashes_wide(tmp_path: Path) -> None:
    write(tmp_path, UNINDENTED)
    assert diff_of(tmp_path, "config.yml") == [
        "+importers:",
        f"+{IMPORTER}",
        "+",
        f"+{COMPONENT}",
        f"+-   {POLICY[2:]}",
    ]


def test_a_bot_that_someone_else_wrote_gets_its_lines_and_a_new_endpoints_file(
    tmp_path: Path,
) -> None:
    bot = bots.guest_bot(tmp_path / "bot")
    plan = adding.plan(project.read(bot))
    assert [(change.path.name, change.before is None) for change in plan.changes] == [
        ("config.yml", False),
        ("endpoints.yml", True),
    ]
    writing.write(plan.changes)
    assert (bot / "endpoints.yml").read_text(encoding="utf-8").splitlines() == NLG
    with_ours = YAML(typ="safe").load((bot / "config.yml").read_text(encoding="utf-8"))
    original = YAML(typ="safe").load(
        (bots.GUEST_BOT / "config.yml").read_text(encoding="utf-8"),
    )
    assert set(with_ours) == set(original)
    for section in ("importers", "pipeline", "policies"):
        names = [item["name"] for item in with_ours[section]]
        assert sorted(names) == sorted(item["name"] for item in original[section])


def test_what_is_there_already_is_not_added_twice(tmp_path: Path) -> None:
    config = UNINDENTED.replace(
        "policies:", "- name: emotion_component.rasa_nlu.EmotionClassifier\npolicies:"
    )
    write(tmp_path, config, "\n".join(NLG))
    assert diff_of(tmp_path, "config.yml") == [
        "+importers:",
        f"+{IMPORTER}",
        "+",
        f"+-   {POLICY[2:]}",
    ]


def test_rasas_own_importer_gives_its_place_to_ours_which_extends_it(tmp_path: Path) -> None:
    found = write(tmp_path, "importers:\n- name: RasaFileImporter  # as ever\n" + UNINDENTED)
    plan = adding.plan(found)
    assert diff_of(tmp_path, "config.yml")[:2] == [
        "-- name: RasaFileImporter  # as ever",
        f"+{IMPORTER}  # as ever",
    ]
    assert len(plan.notes) == 1
    assert "takes the place of RasaFileImporter" in plan.notes[0]


def test_another_importer_stays_beside_ours(tmp_path: Path) -> None:
    found = write(tmp_path, "importers:\n- name: mine.GitImporter\n" + UNINDENTED)
    plan = adding.plan(found)
    assert diff_of(tmp_path, "config.yml")[0] == f"+{IMPORTER}"
    assert len(plan.notes) == 1
    assert plan.notes[0].startswith("Your importer mine.GitImporter stays.")


def test_reply_generators_of_their_own_stay(tmp_path: Path) -> None:
    found = write(tmp_path, UNINDENTED, "nlg:\n  url: http://localhost:5056/nlg\n")
    plan = adding.plan(found)
    assert [change.path.name for change in plan.changes] == ["config.yml"]
    assert len(plan.notes) == 1
    assert "endpoints.yml already has `nlg:` (http://localhost:5056/nlg)" in plan.notes[0]


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ("language: en\n", "`pipeline` and `policies` in "),
        (
            "pipeline:\n# - name: WhitespaceTokenizer\npolicies:\n- name: RulePolicy\n",
            "`pipeline` in ",
        ),
        ("pipeline:\n- name: WhitespaceTokenizer\npolicies: []\n", "`policies` in "),
    ],
)
def test_lists_that_rasa_fills_in_itself_must_be_written_out_first(
    tmp_path: Path, config: str, says: str
) -> None:
    with pytest.raises(ProjectError, match="must be written out first") as caught:
        adding.plan(write(tmp_path, config))
    assert str(caught.value).startswith(says)
    assert "Take away the `# ` before the lines that Rasa wrote" in str(caught.value)


@pytest.mark.parametrize(
    ("config", "says"),
    [
        (
            "pipeline: [{name: WhitespaceTokenizer}]\npolicies:\n- name: RulePolicy\n",
            "`pipeline` is written in one line",
        ),
        ("{pipeline: [{name: A}], policies: [{name: B}]}\n", "does not stand in a line of its own"),
        ("pipeline: &a\n- name: RulePolicy\npolicies: *a\n", "laid out in an unusual way"),
        ("recipe: graph.v1\n", "`recipe` in "),
        ("pipeline: abc\npolicies:\n- name: A\n", "must be a list of `- name: ...` lines"),
    ],
)
def test_a_layout_that_cannot_take_a_line_is_told_and_left(
    tmp_path: Path, config: str, says: str
) -> None:
    with pytest.raises(ProjectError) as caught:
        adding.plan(write(tmp_path, config))
    assert says in str(caught.value)
