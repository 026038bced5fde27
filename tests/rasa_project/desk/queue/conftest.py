"""A desk's file, and a queue that stands still until a test lets time pass."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rasa_project.desk.queue import config
from rasa_project.desk.queue.config import DeskConfig

FILE = """
time_zone: Europe/Berlin
opening_hours:
  monday: ["09:00-12:00", "13:00-17:30"]
  friday: "09:00-24:00"
holidays:
  2026-12-25: Christmas
teams:
  billing:
    name: {en: Billing, zh: 账务}
    when:
      - intent: [refund, invoice]
      - slot: {topic: billing}
  vip:
    when:
      - {slot: {customer_number: "*"}, language: zh}
default_team: billing
conversations_per_agent: 2
targets:
  urgent: {first: 1m, next: 30s}
  normal: {first: 10m, next: 5m}
"""

ReadFile = Callable[[str], DeskConfig]


@pytest.fixture
def read_file(tmp_path: Path) -> ReadFile:
    """Write a desk's file and read it."""

    def read(content: str) -> DeskConfig:
        path = tmp_path / "desk.yml"
        path.write_text(content, encoding="utf-8")
        return config.from_environment({config.VARIABLE: str(path)})

    return read


@pytest.fixture
def desk_config(read_file: ReadFile) -> DeskConfig:
    """The file above."""
    return read_file(FILE)
