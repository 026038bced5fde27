"""A model server in front of the local model: a customer waits for one time-out an outage.

The breaker is this package's own, for the ones at hand test a server with a real request once in
a while, which then waits: here the server is tested beside the messages, on a thread of its own,
and messages go to the local model until it answers rightly.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import weakref
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from emotion_component.errors import ServedModelError, ServingError
from emotion_component.serving.graph import Graph
from emotion_component.serving.remote import RemoteGraph

if TYPE_CHECKING:
    from numpy.typing import NDArray

logger = logging.getLogger(__name__)

# Seconds until a lost server is tested again: soon, for most outages are a restart; then each
# wait twice as long as the one before, up to the last figure.
FIRST_RETRY: Final = 1.0
LAST_RETRY: Final = 30.0


class FallbackGraph:
    """Stands in for `graph.Graph`: a server's answers, or the local model's where it has none.

    One failure is enough to leave the server, as the local model answers just the same.

    Args:
        remote: The server. It is asked once, now; a failure is an outage, not an error.
        local: The same model in this process.
    """

    def __init__(self, remote: RemoteGraph, local: Graph) -> None:
        self._remote = remote
        self._local = local
        self._lock = threading.Lock()
        self._up = True
        self.run([""])

    @property
    def device(self) -> str:
        """Where the local model runs: `cpu` or `gpu:N`."""
        return self._local.device

    @property
    def served(self) -> bool:
        """Whether the server answers at present."""
        return self._up

    def run(self, texts: Sequence[str]) -> dict[str, NDArray[Any]]:
        """Give every head's probabilities, float arrays `[len(texts), outputs]`."""
        if self._up and texts:
            try:
                return self._remote.run(texts)
            except ServingError as error:
                self._leave(error)
        return self._local.run(texts)

    def close(self) -> None:
        """Close the connection; from now on the local model answers."""
        self._up = False
        self._remote.close()

    def _leave(self, error: ServingError) -> None:
        with self._lock:
            if not self._up:  # another thread has seen it too
                return
            self._up = False
        self._warn(error)
        # Not the error itself: its traceback would hold this object.
        named = isinstance(error, ServedModelError)
        self._remote.run_later(_watch(weakref.ref(self), self._remote.probe, named))

    def _warn(self, error: ServingError) -> None:
        logger.warning("%s. The local emotion model answers until that is over.", str(error))

    def _return(self) -> None:
        self._up = True
        logger.info("The model server at %s is back.", self._remote.server.predict_url)


async def _watch(graph: weakref.ref[FallbackGraph], probe: Any, named: bool) -> None:
    """Test a lost server until it is back, or nobody holds the model any more.

    Args:
        graph: Whom to tell.
        probe: Asks the server once.
        named: Whether it has been said that the server holds another model.
    """
    wait = FIRST_RETRY
    while True:
        await asyncio.sleep(wait)
        wait = min(2 * wait, LAST_RETRY)
        owner = graph()
        if owner is None:
            return
        try:
            await probe()
        except ServingError as error:
            # A server that comes back with another model needs a person, who must read of it.
            if isinstance(error, ServedModelError) and not named:
                owner._warn(error)
                named = True
        else:
            owner._return()
            return
        del owner
