"""Addresses of files."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from rasa_project.channels.files.links import Links
from rasa_project.channels.webchat.keys import GivenKeys

KEYS = GivenKeys(["a secret of the tests alone, long enough"])


def query_of(address: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}


def test_an_address_opens_its_own_file_for_a_while() -> None:
    links = Links(KEYS, "/files", 3_600)
    address = links.make("f1", "my bill?.pdf")
    assert address.startswith("/files/f1/my%20bill%3F.pdf?")
    query = query_of(address)
    assert (links.opens("f1", query), links.opens("f2", query)) == (True, False)
    assert links.opens("f1", query_of(links.make("f1", "a", -7_200))) is None


@pytest.mark.parametrize(
    "change",
    [
        {"e": "99999999999"},
        {"e": "x"},
        {"e": "9" * 40},
        {"k": "other"},
        {"s": "0" * 64},
        {"s": "ä"},
    ],
)
def test_an_address_that_was_changed_opens_nothing(change: dict[str, str]) -> None:
    links = Links(KEYS, "/files", 3_600)
    assert links.opens("f1", {**query_of(links.make("f1", "a")), **change}) is False


def test_a_retired_key_opens_nothing() -> None:
    query = query_of(Links(KEYS, "/files", 3_600).make("f1", "a"))
    other = GivenKeys(["another secret of the tests, long enough"])
    assert Links(other, "/files", 3_600).opens("f1", query) is False
