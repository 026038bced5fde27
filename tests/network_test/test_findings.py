from __future__ import annotations

import pytest

from tests.network_test.findings import Findings


@pytest.mark.parametrize(
    ("arrived", "found"),
    [
        ("abc", Findings(3, 0, 0, 0)),
        ("ac", Findings(3, 1, 0, 0)),
        ("", Findings(3, 3, 0, 0)),
        ("abbca", Findings(3, 0, 2, 0)),
        ("acb", Findings(3, 0, 0, 1)),
        ("cab", Findings(3, 0, 0, 2)),
        ("abcx", Findings(3, 0, 1, 0)),
    ],
)
def test_each_fault_is_counted(arrived: str, found: Findings) -> None:
    findings = Findings()
    findings.compare("abc", arrived)
    assert findings == found
