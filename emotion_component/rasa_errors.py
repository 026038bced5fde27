"""This package's errors as Rasa's, which the `rasa` command prints as one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rasa.shared.exceptions import InvalidConfigException, RasaException

from emotion_component.errors import ConfigurationError, EmotionError


@contextmanager
def as_rasa_errors() -> Iterator[None]:
    """Re-raise a wrong setting as `InvalidConfigException`, the rest as `RasaException`.

    Rasa hides any other exception of a component behind "Error initializing graph component".
    """
    try:
        yield
    except ConfigurationError as error:
        raise InvalidConfigException(str(error)) from error
    except EmotionError as error:
        raise RasaException(str(error)) from error
