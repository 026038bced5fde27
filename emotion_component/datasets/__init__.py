"""The data that models are trained and scored on: public sets, and files of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Final

# The project's own labelled service messages stand beside the package in a checkout.
SERVICE_MESSAGES: Final = Path(__file__).resolve().parents[2] / "data" / "emotion"
