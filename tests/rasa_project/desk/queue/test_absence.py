from __future__ import annotations

import pytest

from rasa_project.desk.queue.absence import find_contact


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("mail me: mia.k+shop@mail.example.org.", "mia.k+shop@mail.example.org"),
        ("我的邮箱是li@example.cn，谢谢", "li@example.cn"),
        ("ring +49 170 1234567 after six", "+49 170 1234567"),
        ("call 030/1234567", "030/1234567"),
        ("(555) 123-4567", "(555) 123-4567"),
        ("电话13812345678", "13812345678"),
        ("微信号：li_2020x", "微信号：li_2020x"),
        ("WeChat: ana-77", "WeChat: ana-77"),
        ("order 10047298 never came", None),
        ("order #1004729812", None),
        ("it came on 2026-11-22", None),
        ("it came on 01.12.2026", None),
        ("it cost 12.50", None),
        ("I wait since Monday", None),
    ],
)
def test_a_contact_is_found_in_plain_text(text: str, contact: str | None) -> None:
    assert find_contact(text) == contact
