from __future__ import annotations

import pytest

from rasa_project.channels.webchat.origins import OriginPolicy

ENVIRON = {"wsgi.url_scheme": "http", "HTTP_HOST": "chat.example:5005"}
LOCAL = {"wsgi.url_scheme": "http", "HTTP_HOST": "127.0.0.1:5005"}
PROXIED = {**ENVIRON, "wsgi.url_scheme": "https", "HTTP_X_FORWARDED_HOST": "shop.example, inner"}


@pytest.mark.parametrize(
    ("origins", "origin", "environ", "allowed"),
    [
        ([], None, ENVIRON, True),
        ([], "http://chat.example:5005", ENVIRON, True),
        ([], "https://chat.example:5005", ENVIRON, False),
        ([], "http://chat.example", ENVIRON, False),
        ([], "null", ENVIRON, False),
        ([], "http://localhost:5005", LOCAL, True),
        ([], "http://localhost:8080", LOCAL, False),
        ([], "http://localhost:x", LOCAL, False),
        ([], "http://localhost:5005", ENVIRON, False),
        ([], "https://shop.example", PROXIED, True),
        (["https://shop.example/"], "https://shop.example", ENVIRON, True),
        (["https://shop.example"], "https://evil-shop.example", ENVIRON, False),
        (["https://shop.example"], "https://shop.example.evil", ENVIRON, False),
        (["*"], "https://anything.example", ENVIRON, True),
    ],
)
def test_a_page_may_connect_if_it_is_listed_or_served_here(
    origins: list[str], origin: str | None, environ: dict[str, str], allowed: bool
) -> None:
    assert OriginPolicy(origins).allows(origin, environ) is allowed
