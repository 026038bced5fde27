"""Texts in, emotions out: the one object that everything else uses.

    model = load()
    emotion, = model.predict(["thank you so much!"])
    emotion.name          # "gratitude"

Importing this module does not load TensorFlow; `load` does.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from emotion_component import artifact, labels, language
from emotion_component.errors import ConfigurationError
from emotion_component.serving import remote, runtime
from emotion_component.serving.fallback import FallbackGraph
from emotion_component.serving.graph import Graph

if TYPE_CHECKING:
    from numpy.typing import NDArray

logger = logging.getLogger(__name__)

SHIPPED_WEIGHTS: Final = Path(__file__).parent / "weights"
FINE_LABELS_SHOWN: Final = 3

_PAYLOAD = re.compile(r"^\s*/[^\s/{@]+(?:\{.*\})?(?:@[\d.]+)?\s*$", re.DOTALL)
_URLS_ONLY = re.compile(r"^(?:\s*(?:https?://|www\.)\S+)+\s*$", re.IGNORECASE)
_OTHER_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Emotion:
    """The emotion in one message: in its words, not in the person.

    Attributes:
        name: A service label.
        confidence: Calibrated probability of `name`, 0 to 1; 0 where nothing was judged.
        intensity: How strong it is, 0 to 1.
        valence: From -1 (unpleasant) to 1 (pleasant).
        arousal: From -1 (sluggish) to 1 (agitated).
        scores: Service label to calibrated probability; they sum to 1, or are empty where
            nothing was judged.
        fine: The strongest labels of the finer taxonomy with their scores, best first:
            GoEmotions for English, BRIGHTER for Chinese.
        language: `en`, `zh`, or `None` where there is nothing to judge by.
        abstained: Whether the model declined to say; `name` is then `neutral`.
        model: Name of the model that judged.
    """

    name: str
    confidence: float
    intensity: float
    valence: float
    arousal: float
    scores: dict[str, float] = field(default_factory=dict)
    fine: list[tuple[str, float]] = field(default_factory=list)
    language: str | None = None
    abstained: bool = False
    model: str = ""

    @classmethod
    def neutral(cls, language: str | None = None, model: str = "") -> Emotion:
        """Give the stated neutral of a message that carries no readable emotion."""
        valence, arousal = labels.SERVICE_AFFECT[labels.NEUTRAL]
        return cls(labels.NEUTRAL, 0.0, 0.0, valence, arousal, {}, [], language, True, model)

    def to_dict(self) -> dict[str, Any]:
        """Give the fields as JSON types; `fine` as a list of two-element lists."""
        return asdict(self) | {"fine": [list(pair) for pair in self.fine]}


def is_readable(text: str) -> bool:
    """Tell whether a message holds words or signs that can carry an emotion.

    It does not where it is empty, a button payload (`/intent{...}`), nothing but addresses of
    web pages, or written in a script the model was not trained on.
    """
    if not any(character.isprintable() and not character.isspace() for character in text):
        return False
    if _PAYLOAD.match(text) or _URLS_ONLY.match(text):
        return False
    return language.detect(text) is not None or not _OTHER_LETTER.search(text)


class EmotionModel:
    """A loaded classifier. Build it with `load`.

    Attributes:
        name: Model name with the first digits of its fingerprint.
        fingerprint: Hex SHA-256 over the weight files.
        card: What `model.json` says: labels, thresholds, training figures.
    """

    def __init__(
        self,
        bundle: artifact.Bundle,
        graph: Graph | remote.RemoteGraph | FallbackGraph,
        abstain_below: float,
    ) -> None:
        self.fingerprint = bundle.fingerprint
        self.name = f"{bundle.card['name']}@{bundle.fingerprint[:6]}"
        self.card: Mapping[str, Any] = bundle.card
        self._abstain_below = abstain_below
        self._graph = graph

    @property
    def device(self) -> str:
        """Where it runs: `cpu`, `gpu:N`, or a server's address where there is no local model."""
        return self._graph.device

    def predict(self, texts: Sequence[str]) -> list[Emotion]:
        """Judge messages, each by itself. No string makes this raise.

        Args:
            texts: Customers' messages as written. Only the first 1,200 characters are read.

        Returns:
            One emotion for each text, in order. A message that holds nothing to judge, or on
            which the model is less sure than its threshold, is a neutral that `abstained`.
        """
        languages = [language.detect(text) for text in texts]
        emotions = [Emotion.neutral(found, self.name) for found in languages]
        readable = [index for index, text in enumerate(texts) if is_readable(text)]
        if not readable:
            return emotions
        scores = self.probabilities([texts[index] for index in readable])
        for row, index in enumerate(readable):
            judged = {head: values[row].tolist() for head, values in scores.items()}
            emotions[index] = self._emotion(judged, languages[index])
        return emotions

    def probabilities(self, texts: Sequence[str]) -> dict[str, NDArray[Any]]:
        """Give the raw output of every head, without abstention; for evaluation.

        Args:
            texts: Any strings.

        Returns:
            Head name to float array `[len(texts), outputs]`, values 0 to 1.
        """
        return self._graph.run(texts)

    def _emotion(self, scores: Mapping[str, list[float]], found: str | None) -> Emotion:
        """Read one row of the heads' outputs as an emotion."""
        service = dict(zip(labels.SERVICE_LABELS, scores["service"], strict=True))
        name = labels.decide(service)
        abstained = service[name] < self._abstain_below
        shown = labels.NEUTRAL if abstained else name
        valence, arousal = labels.affect(service)
        return Emotion(
            name=shown,
            confidence=round(service[shown], 4),
            intensity=0.0 if shown == labels.NEUTRAL else round(scores["intensity"][0], 4),
            valence=round(valence, 4),
            arousal=round(arousal, 4),
            scores={label: round(score, 4) for label, score in service.items()},
            fine=self._fine(scores, "brighter" if found == "zh" else "goemotions"),
            language=found,
            abstained=abstained,
            model=self.name,
        )

    def _fine(self, scores: Mapping[str, list[float]], head: str) -> list[tuple[str, float]]:
        """List the labels of `head` above their thresholds, best first, at most three."""
        named = zip(self.card["labels"][head], scores[head], strict=True)
        thresholds = self.card["thresholds"][head]
        chosen = [(label, round(score, 4)) for label, score in named if score >= thresholds[label]]
        return sorted(chosen, key=lambda pair: -pair[1])[:FINE_LABELS_SHOWN]


def load(
    directory: Path | None = None,
    device: str = "auto",
    *,
    abstain_below: float | None = None,
    server: remote.Server | None = None,
    fall_back: bool = True,
) -> EmotionModel:
    """Load a classifier.

    Args:
        directory: A model folder; `None` for the weights that ship with the package.
        device: `cpu`, `gpu:N`, or `auto` for the first GPU where there is one.
        abstain_below: Confidence under which the model declines to say, 0 to 1; `None` for the
            threshold that was tuned with the weights.
        server: Where `emotion export`'s copy of this model is served; `None` runs it here.
        fall_back: Whether the model here answers where the server does not. Without it only its
            labels and thresholds are read, and a failure of the server raises `ServingError`.

    Raises:
        WeightsMissingError: If a file of the model is not there.
        WeightsDamagedError: If a file of the model is not what was saved.
        DeviceError: If the device does not exist, or has no room for the model.
        ConfigurationError: If `device` or `abstain_below` is out of range.
        ServingError: If the server cannot be used, and `fall_back` is false.
    """
    if abstain_below is not None and not 0.0 <= abstain_below <= 1.0:
        raise ConfigurationError(
            f"`abstain_below` must be between 0 and 1. Received: abstain_below={abstain_below}. "
            "Set it in config.yml under EmotionClassifier."
        )
    bundle = artifact.open_bundle(directory or SHIPPED_WEIGHTS)
    below = bundle.card["abstain_below"] if abstain_below is None else abstain_below
    remote = _remote(bundle, server) if server else None
    if remote and not fall_back:
        remote.run([""])
        return EmotionModel(bundle, remote, below)
    chosen = runtime.choose_device(device)
    local = Graph(bundle.saved_model, chosen)
    model = EmotionModel(bundle, FallbackGraph(remote, local) if remote else local, below)
    reason = runtime.why_no_gpu() if device == "auto" and chosen == "cpu" else None
    said = f": {reason}" if reason else ""
    logger.info("Emotion model %s runs on %s%s.", model.name, model.device, said)
    return model


def _remote(bundle: artifact.Bundle, server: remote.Server) -> remote.RemoteGraph:
    return remote.RemoteGraph(server, remote.identity(bundle), remote.heads(bundle.card))
