"""Whether the trained Rasa model holds the emotion weights that are in use now."""

from __future__ import annotations

import hashlib
import os
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from emotion_component import artifact
from emotion_component.classifier import SHIPPED_WEIGHTS
from emotion_component.errors import WeightsError
from rasa_project.guest.findings import Finding, Place
from rasa_project.guest.project import COMPONENT, Entry, Project

# Where EmotionClassifier keeps its copy inside a model archive.
_CARD: Final = f"/weights/{artifact.CARD_FILE}"
_RETRAIN: Final = "Run `rasa train`, then restart the server."


def check(project: Project) -> Iterator[Finding]:
    """Compare the newest model in `models/` with the weights that `rasa train` would take."""
    component = project.find("pipeline", COMPONENT)
    if component is None or "${" in str(component.settings.get("weights")):
        return
    folder = _weights(project, component)
    try:
        fresh = artifact.open_bundle(folder).fingerprint
    except WeightsError as error:
        yield Finding("error", "weights-unusable", f"{error}", _remedy(component), component.at)
        return
    model = _newest(project.folder / "models")
    if model is None:
        return
    at = Place(model.relative_to(project.folder).as_posix())
    try:
        trained = _fingerprint(model)
    except (OSError, EOFError, tarfile.TarError, zlib.error) as error:
        what = f"The newest model cannot be read ({error})."
        yield Finding("warning", "model-unreadable", what, _RETRAIN, at)
        return
    yield from _compared(trained, fresh, at)


def _compared(trained: str | None, fresh: str, at: Place) -> Iterator[Finding]:
    if trained is None:
        yield Finding(
            "warning",
            "model-without-emotion",
            "The newest model was trained before EmotionClassifier came into config.yml.",
            _RETRAIN,
            at,
        )
    elif trained != fresh:
        yield Finding(
            "warning",
            "weights-stale",
            f"The newest model holds other emotion weights ({trained[:8]}) than config.yml names "
            f"now ({fresh[:8]}): it judges as before the change.",
            _RETRAIN,
            at,
        )


def _weights(project: Project, component: Entry) -> Path:
    """The folder that the component would copy; Rasa reads paths from where it is started."""
    named = component.settings.get("weights")
    return project.folder / str(named) if named else SHIPPED_WEIGHTS


def _remedy(component: Entry) -> str:
    if component.settings.get("weights"):
        return "Correct `weights` under EmotionClassifier in config.yml."
    return "Install the package again."


def _newest(folder: Path) -> Path | None:
    """The model that `rasa run` takes: the one written last."""
    return max(folder.glob("*.tar.gz"), key=os.path.getmtime, default=None)


def _fingerprint(model: Path) -> str | None:
    """The hash of the weights in a model archive; `artifact.Bundle` explains why one file's."""
    with tarfile.open(model, mode="r|gz") as archive:
        for member in archive:
            if member.name.endswith(_CARD) and member.isfile():
                file = archive.extractfile(member)
                assert file is not None  # it is a file
                return hashlib.sha256(file.read()).hexdigest()
    return None
