"""Questions outside the intents, by our selector and by Rasa's: `python -m benchmarks.faq --json`.

The demo shop's NLU is trained twice on the same messages. Once as shipped, with `FaqSelector`. Once
as Rasa's documentation has it: the FAQ is one more intent for `LogisticRegressionClassifier`, and
`ResponseSelector` chooses among its entries.

`tests/faq_test.yml`, by which the shipped threshold was chosen, chooses the peer's too: the one
that answers most questions while answering no more of what nothing answers than ours does.
`tests/faq_unseen.yml` was written after that, and `tests/nlu_test.yml` shows what the FAQ costs the
bot's own intents. The emotion classifier, which decides nothing here, is left out of both.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from ruamel.yaml import YAML
from tqdm import tqdm

from benchmarks import machine

ROOT: Final = Path(__file__).parent.parent
LANGUAGE: Final = "zh"
FAQ: Final = "faq"
OURS: Final = "FaqSelector"
PEER: Final = "ResponseSelector"
# Rasa's own: https://rasa.com/docs/rasa/components/#responseselector
PEER_SETTINGS: Final[dict[str, Any]] = {
    "name": PEER, "retrieval_intent": FAQ, "epochs": 100, "constrain_similarities": True,
    "random_seed": 42,
}  # fmt: skip
_WITHOUT: Final = ("emotion_component.EmotionClassifier",)
_INSTEAD: Final = {
    "rasa_project.intents.IntentClassifier": {"name": "LogisticRegressionClassifier"},
}
_THRESHOLDS: Final = tuple(at / 20 for at in range(20))


class Asked(NamedTuple):
    """A test message.

    Attributes:
        text: What the customer writes.
        intent: Its intent; `faq/<entry>` for a question that has an answer.
    """

    text: str
    intent: str

    @property
    def is_question(self) -> bool:
        """Whether the FAQ answers it."""
        return self.intent.startswith(f"{FAQ}/")


class Found(NamedTuple):
    """What a pipeline makes of a message.

    Attributes:
        intent: The intent that the policies see.
        entry: The FAQ entry that would be the answer, "" where the intent is another.
        confidence: Of the entry, 0 to 1.
    """

    intent: str
    entry: str
    confidence: float


def main() -> None:
    """Train both, ask both, and print the table or one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faq", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    given = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with contextlib.redirect_stdout(sys.stderr):
        result = measure()
    print(json.dumps(result, ensure_ascii=False) if given.json else table(result))


def measure() -> dict[str, Any]:
    """Train both pipelines and count what they answer."""
    tests = {name: read(ROOT / f"tests/{name}.yml") for name in ("faq_test", "faq_unseen")}
    intents = read(ROOT / "tests/nlu_test.yml")
    result: dict[str, Any] = {"machine": machine.describe()}
    most = len(tests["faq_test"])
    with tempfile.TemporaryDirectory() as folder:
        for name, config in tqdm(pipelines().items(), desc="pipelines"):
            ask = _trained(config, Path(folder) / name)
            chosen = ask(tests["faq_test"])
            # Ours has its threshold within: what it does not answer has another intent.
            threshold = 0.0 if name == OURS else best_threshold(tests["faq_test"], chosen, most)
            result[name] = {
                "threshold": threshold,
                "chosen_on": (counted := counts(tests["faq_test"], chosen, threshold)),
                "unseen": counts(tests["faq_unseen"], ask(tests["faq_unseen"]), threshold),
                "intents_right": _right(intents, ask(intents)),
                "intents": len(intents),
            }
            most = counted["answered_without_answer"]
    return result


def read(path: Path) -> list[Asked]:
    """Read the messages of a file of NLU data."""
    from rasa.shared.importers.utils import training_data_from_paths

    messages = training_data_from_paths([str(path)], LANGUAGE).intent_examples
    return [Asked(str(each.get("text")), str(each.get_full_intent())) for each in messages]


def pipelines() -> dict[str, dict[str, Any]]:
    """Give the shipped configuration and the peer's, both for NLU alone."""
    shipped = YAML(typ="safe").load(ROOT / "config.yml")
    base = {name: shipped[name] for name in ("recipe", "assistant_id", "language")}
    ours = [step for step in shipped["pipeline"] if step["name"] not in _WITHOUT]
    theirs = [{**step, **_INSTEAD.get(step["name"], {})} for step in ours]
    theirs[-1] = PEER_SETTINGS
    return {OURS: {**base, "pipeline": ours}, PEER: {**base, "pipeline": theirs}}


def _trained(config: Mapping[str, Any], folder: Path) -> Any:
    """Train a pipeline; return a function from messages to what it finds in them."""
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu

    folder.mkdir()
    with (folder / "config.yml").open("w", encoding="utf-8") as file:
        YAML().dump(dict(config), file)
    for part in ("nlu", FAQ):
        shutil.copytree(ROOT / "data" / part, folder / "data" / part)
    config_file, domain = str(folder / "config.yml"), str(ROOT / "domain.yml")
    model = train_nlu(config_file, str(folder / "data"), str(folder), domain=domain)
    agent = Agent.load(str(model))
    return lambda asked: asyncio.run(_parse(agent, asked))


async def _parse(agent: Any, asked: Sequence[Asked]) -> list[Found]:
    return [found(await agent.parse_message(each.text)) for each in asked]


def found(parsed: Mapping[str, Any]) -> Found:
    """Read what Rasa's `/model/parse` says of a message."""
    intent = str((parsed.get("intent") or {}).get("name"))
    response = parsed.get("response_selector", {}).get(FAQ, {}).get("response", {})
    if intent != FAQ or not response.get("intent_response_key"):
        return Found(intent, "", 0.0)
    return Found(intent, str(response["intent_response_key"]), float(response["confidence"]))


def counts(asked: Sequence[Asked], answers: Sequence[Found], threshold: float) -> dict[str, int]:
    """Count the answers that are given from a confidence on.

    Returns:
        Of the `questions`, how many got their answer (`right`) and how many another (`wrong`); of
        the messages `without_answer`, how many got one (`answered_without_answer`).
    """
    given = [each.entry if each.confidence >= threshold else "" for each in answers]
    pairs = list(zip(asked, given, strict=True))
    questions = [(each.intent, entry) for each, entry in pairs if each.is_question]
    others = [entry for each, entry in pairs if not each.is_question]
    right = sum(intent == entry for intent, entry in questions)
    return {
        "questions": len(questions),
        "right": right,
        "wrong": sum(bool(entry) for _, entry in questions) - right,
        "without_answer": len(others),
        "answered_without_answer": sum(map(bool, others)),
    }


def best_threshold(asked: Sequence[Asked], answers: Sequence[Found], most: int) -> float:
    """Choose the threshold with most right answers among those that answer too much no oftener.

    Args:
        asked: Messages to choose by.
        answers: What was found in them.
        most: How many messages without an answer may get one.
    """
    found = {at: counts(asked, answers, at) for at in _THRESHOLDS}
    allowed = [at for at, each in found.items() if each["answered_without_answer"] <= most]
    return max(allowed or [_THRESHOLDS[-1]], key=lambda at: (found[at]["right"], -at))


def _right(asked: Sequence[Asked], answers: Sequence[Found]) -> int:
    return sum(each.intent == answer.intent for each, answer in zip(asked, answers, strict=True))


def table(result: Mapping[str, Any]) -> str:
    """Lay the result out to be read."""
    return "\n".join([f"machine: {result['machine']}", *_lines(result)])


def _lines(result: Mapping[str, Any]) -> Iterator[str]:
    for name in (OURS, PEER):
        row = result[name]
        unseen = row["unseen"]
        yield (
            f"{name}, threshold {row['threshold'] or 'its own'}: of {unseen['questions']} unseen "
            f"questions {unseen['right']} get their answer, {unseen['wrong']} another; of "
            f"{unseen['without_answer']} that nothing answers "
            f"{unseen['answered_without_answer']} get one; intents right "
            f"{row['intents_right']} of {row['intents']}"
        )


if __name__ == "__main__":
    main()
