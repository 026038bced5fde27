from __future__ import annotations

from rasa_project.guest.suggestions import write_out

CONFIG = """language: en

pipeline:
# # No configuration for the NLU pipeline was provided.
#   - name: WhitespaceTokenizer
#   - name: DIETClassifier
#     epochs: 100

# Configuration for Rasa Core.
policies:
# mine, later
"""


def test_the_items_below_an_empty_list_lose_their_mark_and_rasas_remark_goes() -> None:
    assert write_out(CONFIG, "pipeline") == CONFIG.replace(
        """# # No configuration for the NLU pipeline was provided.
#   - name: WhitespaceTokenizer
#   - name: DIETClassifier
#     epochs: 100
""",
        """  - name: WhitespaceTokenizer
  - name: DIETClassifier
    epochs: 100
""",
    )


def test_the_authors_own_comments_and_a_missing_list_stay_as_they_are() -> None:
    assert write_out(CONFIG, "policies") == CONFIG
    assert write_out(CONFIG, "importers") == CONFIG


def test_line_endings_stay() -> None:
    text = CONFIG.replace("\n", "\r\n")
    assert write_out(text, "pipeline") == write_out(CONFIG, "pipeline").replace("\n", "\r\n")
