"""Deliveries of messaging services with anything in them, signed and forged."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator, Sequence
from typing import Any, Final

from rasa_project.channels.messaging.providers import tencent
from tests.rasa_project.channels.messaging.fake_service import Delivery, FakeService
from tests.rasa_project.channels.messaging.providers import golden
from tests.rasa_project.channels.messaging.providers.fake_chat_server import FakeChatServer
from tests.rasa_project.channels.messaging.providers.fake_dingtalk import FakeDingTalk
from tests.rasa_project.channels.messaging.providers.fake_feishu import (
    VERIFICATION_TOKEN,
    FakeFeishu,
)
from tests.rasa_project.channels.messaging.providers.fake_line import FakeLine
from tests.rasa_project.channels.messaging.providers.fake_mattermost import FakeMattermost
from tests.rasa_project.channels.messaging.providers.fake_messenger import (
    FakeInstagram,
    FakeMessenger,
)
from tests.rasa_project.channels.messaging.providers.fake_rocketchat import FakeRocketChat
from tests.rasa_project.channels.messaging.providers.fake_slack import FakeSlack
from tests.rasa_project.channels.messaging.providers.fake_teams import FakeTeams
from tests.rasa_project.channels.messaging.providers.fake_telegram import FakeTelegram
from tests.rasa_project.channels.messaging.providers.fake_tencent import FakeTencent
from tests.rasa_project.channels.messaging.providers.fake_twilio import (
    FakeTwilio,
    FakeTwilioWhatsApp,
)
from tests.rasa_project.channels.messaging.providers.fake_wechat import FakeWeChat
from tests.rasa_project.channels.messaging.providers.fake_wecom import FakeWeCom
from tests.rasa_project.channels.messaging.providers.fake_whatsapp import FakeWhatsApp, change

SERVICES: Final[list[type[FakeService]]] = [
    FakeTelegram, FakeWhatsApp, FakeLine, FakeSlack, FakeMessenger, FakeInstagram,
    FakeWeChat, FakeWeCom, FakeFeishu, FakeDingTalk,
    FakeTwilio, FakeTwilioWhatsApp, FakeMattermost, FakeRocketChat,
    FakeTeams,
]  # fmt: skip
# These show a secret, or sign the time or the sender alone, as documented: another body goes with
# it, too.
_BODY_UNSIGNED: Final = (FakeTelegram, FakeDingTalk, FakeTeams)
# Headers and parameters that prove nothing; WeChat's `signature` leaves the content out.
_NO_PROOF: Final = frozenset({"Content-Type", "signature", "encrypt_type"})

ODD: list[Any] = [
    None, True, 0, -1, 10**400, 1e308, float("nan"), float("inf"), "", "x" * 5_000, "\ud800\0",
    "/order", "../..", "’; DROP TABLE", [], {}, [[]], [None], {"": None}, {"id": {}},
]  # fmt: skip


def events(service: FakeService) -> list[Any]:
    """Events of each type, as they are delivered."""
    if isinstance(service, FakeWhatsApp):
        return [change({"messages": [one["message"]]}) for one in golden.cases("whatsapp")]
    if isinstance(service, FakeMessenger):
        return [service.whole(one["event"]) for one in golden.cases("messenger")]
    if isinstance(service, FakeTencent):
        return [tencent.fields(one["xml"].encode()) for one in golden.cases(service.name)]
    if isinstance(service, FakeFeishu):
        found = [one["event"] for one in golden.cases("feishu")]
        return [{**one, "header": {**one["header"], "token": VERIFICATION_TOKEN}} for one in found]
    if isinstance(service, FakeMattermost):
        return [service.proven(one["event"]) for one in golden.cases("mattermost")]
    if isinstance(service, FakeTeams):
        return [service.placed(one["event"]) for one in golden.cases("teams")]
    key = "update" if isinstance(service, FakeTelegram) else "event"
    return [one[key] for one in golden.cases(service.name)]


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each container within a value with each of its keys."""
    keys = value.keys() if isinstance(value, dict) else range(len(value))
    for key in list(keys):
        yield value, key
        if isinstance(value[key], (dict, list)):
            yield from places(value[key])


def mutated(event: Any, chooser: random.Random) -> Any:
    """Return an event with one to three values gone or replaced by something odd."""
    event = copy.deepcopy(event)
    for _ in range(chooser.randrange(1, 4)):
        found = list(places(event))
        if not found:
            break
        container, key = chooser.choice(found)
        if chooser.random() < 0.2:
            del container[key]
        else:
            container[key] = copy.deepcopy(chooser.choice(ODD))
    return event


def cut(delivery: Delivery, chooser: random.Random) -> Delivery:
    """Return a delivery that breaks off."""
    return Delivery(delivery.body[: chooser.randrange(len(delivery.body))], delivery.headers)


def forged(service: FakeService, delivery: Delivery, chooser: random.Random) -> Delivery:
    """Return a delivery that the service did not make: without its proof, or with another's."""
    if isinstance(service, FakeChatServer):
        return chooser.choice(service.forgeries(delivery))
    proofs = [name for name in delivery.headers if name not in _NO_PROOF]
    name = chooser.choice(proofs)
    others = {key: value for key, value in delivery.headers.items() if key != name}
    how = chooser.choice(["missing", "empty", "changed", "body"])
    if how == "body" and not isinstance(service, _BODY_UNSIGNED):
        place = chooser.choice(_signed_places(service, delivery.body))
        byte = bytes([delivery.body[place] ^ 1 << chooser.randrange(7)])
        body = delivery.body[:place] + byte + delivery.body[place + 1 :]
        return Delivery(body, delivery.headers)
    if how == "missing":
        return Delivery(delivery.body, others)
    given = delivery.headers[name]
    shown = "" if how == "empty" else ("1" if given[0] == "0" else "0") + given[1:]
    return Delivery(delivery.body, {**others, name: shown})


def _signed_places(service: FakeService, body: bytes) -> Sequence[int]:
    if isinstance(service, FakeTwilio):
        # Of a sign behind %, its capital and small letter are alike.
        return [at for at in range(len(body)) if b"%" not in body[max(0, at - 2) : at]]
    if not isinstance(service, FakeTencent):
        return range(len(body))
    return range(body.index(b"<Encrypt>") + len(b"<Encrypt>"), body.index(b"</Encrypt>"))
