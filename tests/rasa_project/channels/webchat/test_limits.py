from __future__ import annotations

import pytest

from rasa_project.channels.webchat import limits
from rasa_project.channels.webchat.limits import Limiter, Rate
from rasa_project.channels.webchat.visitors import client_address


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


async def test_a_burst_is_allowed_and_then_the_rate() -> None:
    clock = Clock()
    limiter = Limiter(Rate(2, 60), clock)
    assert [await limiter.wait("a") for _ in range(3)] == [0, 0, pytest.approx(1)]
    assert await limiter.wait("b") == 0
    clock.now += 0.75
    assert await limiter.wait("a") == pytest.approx(0.25)
    clock.now += 0.25
    assert [await limiter.wait("a"), await limiter.wait("a")] == [0, pytest.approx(1)]
    clock.now += 1_000
    assert [await limiter.wait("a") for _ in range(3)] == [0, 0, pytest.approx(1)]


async def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REMEMBERED", 2)
    limiter = Limiter(Rate(1, 60), Clock())
    assert [await limiter.wait(name) for name in "abca"] == [0, 0, 0, 0]
    assert await limiter.wait("c") > 0


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("", 0, "10.0.0.9"),
        ("1.1.1.1", 0, "10.0.0.9"),  # anybody may claim it
        ("1.1.1.1, 2.2.2.2", 1, "2.2.2.2"),
        ("1.1.1.1, 2.2.2.2", 2, "1.1.1.1"),
        ("1.1.1.1", 2, "10.0.0.9"),
    ],
)
def test_the_address_is_what_a_proxy_of_ours_says(
    forwarded: str, proxies: int, address: str
) -> None:
    environ = {"REMOTE_ADDR": "10.0.0.9", "HTTP_X_FORWARDED_FOR": forwarded}
    assert client_address(environ, proxies) == address
