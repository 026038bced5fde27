from __future__ import annotations

import os
from datetime import date

import pytest

from actions.carrier import Carrier, CarrierUnavailableError, Scan
from tests.actions.carrier_server import CarrierServer
from tests.ports import free_ports

SCAN = {"scanned_on": "2026-11-20", "delivered": False}


async def ask(number: str = "A1042") -> Scan | None:
    carrier = Carrier.from_environment()
    assert carrier is not None
    return await carrier.newest_scan(number)


def test_without_an_address_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ATTUNE_CARRIER_URL", raising=False)
    assert Carrier.from_environment() is None


async def test_a_scan_is_read_and_a_parcel_never_scanned_has_none(
    carrier_server: CarrierServer,
) -> None:
    carrier_server.scans["A1042"] = SCAN
    assert await ask() == Scan(date(2026, 11, 20), delivered=False)
    assert await ask("A/1?x") is None
    assert carrier_server.asked == ["A1042", "A/1?x"]


@pytest.mark.parametrize("trouble", ["fail", "refuse", "cut", "cut_short", "hang"])
async def test_a_trouble_that_passes_is_waited_out(
    carrier_server: CarrierServer, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if trouble == "hang":
        monkeypatch.setattr("actions.carrier.TRY_SECONDS", 0.2)
    carrier_server.scans["A1042"] = SCAN
    carrier_server.behaviours = [getattr(carrier_server, trouble)]
    assert await ask() == Scan(date(2026, 11, 20), delivered=False)
    assert carrier_server.asked == ["A1042", "A1042"]


@pytest.mark.parametrize("trouble", ["fail", "cut", "cut_short"])
async def test_a_trouble_that_stays_ends_after_three_tries(
    carrier_server: CarrierServer, trouble: str
) -> None:
    carrier_server.behaviours = [getattr(carrier_server, trouble)] * 9
    with pytest.raises(CarrierUnavailableError, match=r"\w"):
        await ask()
    assert len(carrier_server.asked) == 3


async def test_a_carrier_that_hangs_is_given_up_in_time(
    carrier_server: CarrierServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("actions.carrier.ANSWER_SECONDS", 0.1)
    carrier_server.behaviours = [carrier_server.hang]
    with pytest.raises(CarrierUnavailableError, match="no answer in time"):
        await ask()


@pytest.mark.parametrize(
    "answer",
    [
        "<html>busy</html>",
        "",
        "null",
        "[]",
        "{}",
        '{"scanned_on": "soon", "delivered": false}',
        '{"scanned_on": 20261120, "delivered": false}',
        '{"scanned_on": "2026-11-20", "delivered": "yes"}',
    ],
)
async def test_an_answer_that_makes_no_sense_is_no_answer(
    carrier_server: CarrierServer, answer: str
) -> None:
    carrier_server.behaviours = [carrier_server.say(answer)]
    with pytest.raises(CarrierUnavailableError):
        await ask()
    assert len(carrier_server.asked) == 1


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}", "no address", "http://"])
async def test_an_address_where_nobody_is_gives_the_same_error(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "ATTUNE_CARRIER_URL", url.format(port=free_ports(1)[0]))
    with pytest.raises(CarrierUnavailableError):
        await ask()
