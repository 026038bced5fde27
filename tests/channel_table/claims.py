"""Which test claims which feature of which channel, and whether it passed."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from typing import Final, NamedTuple

import pytest

MARK: Final = "channel_feature"
PLACE: Final = "tests/rasa_project/channels/messaging"
OPTIONS: Final = ("-q", "--no-header", "--timeout=1200")
_PARAMETERS: Final = ("service", "connected")


class Claim(NamedTuple):
    """A channel has a feature."""

    channel: str
    feature: str


class Claims:
    """Listens to a run of pytest.

    Attributes:
        made: Each claim that some test makes.
        broken: Those of which a test did not pass.
        problems: What was wrong with collecting the tests.
    """

    def __init__(self) -> None:
        self.made: set[Claim] = set()
        self.broken: set[Claim] = set()
        self.problems: list[str] = []
        self._passed: set[str] = set()
        self._of: dict[str, set[Claim]] = {}

    @property
    def shown(self) -> set[Claim]:
        """The claims of which all tests passed."""
        return self.made - self.broken

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the tests that claim something."""
        items[:] = [item for item in items if item.get_closest_marker(MARK)]
        for item in items:
            self._of[item.nodeid] = _claims_of(item)
            self.made |= self._of[item.nodeid]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note what could not be collected."""
        if report.failed:
            self.problems.append(str(report.longrepr))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note which tests passed."""
        if report.when == "call" and report.passed:
            self._passed.add(report.nodeid)
        elif report.failed:  # setting up and taking down count as well
            self._passed.discard(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        """Note which did not."""
        for name, claims in self._of.items():
            if name not in self._passed:
                self.broken |= claims


def collect() -> Claims:
    """Return what the tests claim, without running them.

    Raises:
        RuntimeError: A file of tests cannot be read.
    """
    return _run(["--collect-only", "-q"], quiet=True)


def prove() -> Claims:
    """Run the tests that claim something."""
    return _run(OPTIONS, quiet=False)


def _run(options: Sequence[str], quiet: bool) -> Claims:
    claims = Claims()
    words = [*options, "-p", "no:cacheprovider", PLACE]
    with contextlib.redirect_stdout(io.StringIO()) if quiet else contextlib.nullcontext():
        pytest.main(words, plugins=[claims])
    if claims.problems:
        raise RuntimeError("\n".join(claims.problems))
    return claims


def _claims_of(item: pytest.Item) -> set[Claim]:
    """Return a test's claims: for the service that it is given, or the channel its mark names."""
    given = getattr(item, "callspec", None)
    found = [given.params[name] for name in _PARAMETERS if given and name in given.params]
    claims: set[Claim] = set()
    for mark in item.iter_markers(MARK):
        channel = mark.kwargs.get("channel") or getattr(found[0], "name", found[0])
        claims |= {Claim(channel, feature) for feature in mark.args}
    return claims
