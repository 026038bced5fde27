"""A peer in a process of its own, spoken to in lines of JSON."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from benchmarks import machine
from emotion_component.errors import EmotionError

ROOT: Final = Path(__file__).parents[2]
ENVIRONMENT: Final = ROOT / ".attune" / "peers"
PYTHON: Final = ENVIRONMENT / "bin" / "python"
# Model and form. Weights are random unless a path is given: time does not depend on them.
NAMES: Final = ("roberta", "roberta_int8", "minilm", "vader")
_LAST_WORDS: Final = 600


class PeerError(EmotionError):
    """A peer cannot be started, or has stopped."""


class Peer:
    """A running peer; use it in a `with`.

    Args:
        name: One of `NAMES`.
        corpus: JSON lines of strings, which a random model's tokenizer is trained on.
        weights: Folder or hub name of a public model; empty for random weights.
        python: Interpreter of the peers' environment.

    Raises:
        PeerError: If there is no such environment, or the peer does not start in it.
    """

    def __init__(self, name: str, corpus: Path, weights: str = "", python: Path = PYTHON) -> None:
        if not python.exists():
            raise PeerError(f"No peers' environment at {python}. Run benchmarks/peers/setup.")
        self.name = name
        self._log = ENVIRONMENT / "logs" / f"{name}.log"
        self._log.parent.mkdir(parents=True, exist_ok=True)
        command = [str(python), "-m", "benchmarks.peers.worker", name, "--corpus", str(corpus)]
        command += ["--weights", weights, "--folder", str(ENVIRONMENT / "models")]
        with self._log.open("w", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **machine.ONE_THREAD},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.versions: dict[str, str] = self._answer()

    def time(self, texts: Sequence[str]) -> list[float]:
        """Give the milliseconds that each text took."""
        return [float(span) for span in self._ask("time", texts)]

    def pieces(self, texts: Sequence[str]) -> list[int]:
        """Give the number of pieces that the peer's tokenizer makes of each text; 0 for rules."""
        return [int(count) for count in self._ask("pieces", texts)]

    def _ask(self, what: str, texts: Sequence[str]) -> Any:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps({"do": what, "texts": list(texts)}) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # the answer that does not come says why
        return self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            words = self._log.read_text(encoding="utf-8", errors="replace").strip()
            raise PeerError(f"{self.name} stopped ({self._log}): {words[-_LAST_WORDS:]}")
        return json.loads(line)

    def __enter__(self) -> Peer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()
