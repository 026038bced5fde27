"""`attune lint replies`, as an author runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rasa_project import attune
from tests.test_imports import ROOT

DOMAIN = """\
responses:
  utter_refund:
    - text: "Order {number}: we will refund you."
    - text: "The refund request is on file."
  utter_greet:
    - text: "Sorry, what is it about?"
"""


@pytest.fixture
def domain(tmp_path: Path) -> Path:
    path = tmp_path / "domain.yml"
    path.write_text(DOMAIN, encoding="utf-8")
    return path


def lint(*words: str | Path) -> int:
    return attune.main(["lint", "replies", *map(str, words)])


def test_findings_name_file_line_reply_rule_words_and_remedy(
    domain: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lint(domain) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{domain}:3 utter_refund [promise-unbacked] “we will refund” promises what no action of "
        "the bot does; offer or state it: “I can file the request. Shall I?”, “It is on file under "
        "…”",
        f"{domain}:6 utter_greet [apology-unneeded] “Sorry” apologises where nothing went wrong; "
        "leave it out, and begin with the matter",
        "2 findings (1 error, 1 warning) in 2 replies in 1 file.",
    ]


def test_a_clean_file_gets_one_good_line(domain: Path, capsys: pytest.CaptureFixture[str]) -> None:
    domain.write_text("responses: {utter_a: [{text: Which order?}]}\n", encoding="utf-8")
    assert lint(domain) == 0
    assert capsys.readouterr().out == "1 reply in 1 file: nothing to say against.\n"


def test_a_rule_can_be_left_out_for_all(domain: Path) -> None:
    assert lint(domain, "--allow", "promise-unbacked", "--allow", "apology-unneeded") == 0


@pytest.mark.parametrize(
    ("at", "remark"),
    [
        (2, "  # attune: allow promise-unbacked"),
        (1, "  # attune: allow promise-unbacked"),
        (2, "    # attune: allow too-long, promise-unbacked because the shop does it by hand"),
    ],
    ids=["above the text", "above the reply", "one of two"],
)
def test_a_remark_allows_a_finding(
    domain: Path, capsys: pytest.CaptureFixture[str], at: int, remark: str
) -> None:
    lines = DOMAIN.splitlines()
    lines.insert(at, remark)
    domain.write_text("\n".join(lines), encoding="utf-8")
    lint(domain)
    assert capsys.readouterr().out.splitlines()[-1].startswith("1 finding (0 errors, 1 warning)")


def test_a_remark_that_names_no_rule_is_told(
    domain: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    domain.write_text(DOMAIN.replace('you."', 'you."  # attune: allow promises'))
    assert lint(domain) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert f"{domain}:3: `attune: allow` must name a rule. Received: promises." in printed.err


def test_machines_get_json_alone(domain: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lint(domain, "--json", "--allow", "apology-unneeded") == 1
    printed = json.loads(capsys.readouterr().out)
    (finding,) = printed.pop("findings")
    assert printed == {"files": [str(domain)], "replies": 2}
    assert {key: finding[key] for key in ("file", "line", "reply", "code", "severity")} == {
        "file": str(domain),
        "line": 3,
        "reply": "utter_refund",
        "code": "promise-unbacked",
        "severity": "error",
    }
    assert (finding["text"], finding["start"]) == ("we will refund", 16)
    assert all(finding[key] for key in ("what", "why", "instead"))


def test_a_language_of_the_other_replies_is_missed_across_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a", "b"):
        text = f"responses: {{utter_{name}: [{{text: Which order?}}, {{text: 哪个订单？}}]}}\n"
        (tmp_path / f"{name}.yml").write_text(text, encoding="utf-8")
    (tmp_path / "c.yml").write_text("responses: {utter_c: [{text: All right.}]}\n")
    assert lint(tmp_path) == 1
    assert capsys.readouterr().out.splitlines()[0] == (
        f"{tmp_path / 'c.yml'}:1 utter_c [language-missing] has no variation in a language of the "
        "project's other replies; add a variation in Chinese"
    )


def test_what_is_not_there_is_told_on_standard_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lint(tmp_path / "domain.yml") == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("attune: No file or folder at")


@pytest.mark.parametrize(
    "replies",
    ["domain.yml", "emotion_component/acknowledgements.yml", "emotion_component/domain.yml"],
)
def test_what_is_shipped_stays_clean(replies: str) -> None:
    assert lint(ROOT / replies) == 0
