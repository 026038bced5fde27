"""What is Teams' own."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from rasa.core.agent import Agent

from rasa_project.channels.messaging.provider import Finding
from rasa_project.channels.messaging.providers import teams_keys
from rasa_project.channels.messaging.providers.teams import TeamsInput
from rasa_project.channels.messaging.providers.teams_activities import read_activity
from tests.rasa_project.channels.messaging.fake_service import Delivery
from tests.rasa_project.channels.messaging.providers import golden
from tests.rasa_project.channels.messaging.providers.fake_teams import (
    APP,
    ISSUER,
    FakeTeams,
    key,
    with_token,
)
from tests.rasa_project.channels.messaging.serving import bot, channel_of, checks, serve
from tests.rasa_project.channels.messaging.stored import dead, settled

CUSTOMER = "a:1xyz"
CONVERSATION = f"teams:{CUSTOMER}"
ON_ITS_WAY = "Your order is on its way."


@pytest.mark.parametrize("case", golden.cases("teams"), ids=lambda case: str(case["name"]))
def test_an_activity_is_read(case: dict[str, Any]) -> None:
    reading = read_activity(case["event"], case.get("groups", False), "/greet")
    golden.require(reading, case)


def forgeries(teams: FakeTeams, event: Any) -> dict[str, Delivery]:
    claims = {"serviceurl": teams.service_url, "iss": ISSUER, "aud": APP,
              "exp": int(time.time()) + 3600}  # fmt: skip
    public = key("key-1").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    # By hand: libraries do not let a public key be a password.
    head = {"alg": "HS256", "typ": "JWT", "kid": "key-1"}
    halves = [base64.urlsafe_b64encode(json.dumps(one).encode()) for one in (head, claims)]
    confused = b".".join(one.rstrip(b"=") for one in halves).decode()
    mac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    signature = base64.urlsafe_b64encode(mac.sign(confused.encode(), public)).rstrip(b"=").decode()
    unsigned = jwt.encode(claims, "", "none", headers={"kid": "key-1"})
    stolen = jwt.encode(claims, key("another"), "RS256", headers={"kid": "key-1"})
    body = teams.delivery(event).body
    return {
        "another issuer": teams.signed(event, iss="https://sts.windows.net/x/"),
        "another bot": teams.signed(event, aud="another"),
        "too old": teams.signed(event, exp=int(time.time()) - 400),
        "not yet good": teams.signed(event, nbf=int(time.time()) + 400),
        "for ever": teams.signed(event, exp=None),
        "another address": teams.signed(event, serviceurl="https://evil.example/"),
        "no address": teams.signed(event, serviceurl=None),
        "no signature": Delivery(body, with_token(unsigned)),
        "another key of the same name": Delivery(body, with_token(stolen)),
        "a public key as a password": Delivery(body, with_token(f"{confused}.{signature}")),
        "no token": Delivery(body, with_token("")),
        "nonsense": Delivery(body, with_token("a.b.c")),
        "a channel that the key is not for": teams.signed({**event, "channelId": "slack"}),
    }


async def test_only_the_connectors_own_tokens_are_taken(teams: FakeTeams, agent: Agent) -> None:
    event = teams.written(CUSTOMER, "order")
    async with serve(agent, [teams]) as server:
        statuses = {
            what: (await teams.post(forged.body, forged.headers))[0]
            for what, forged in forgeries(teams, event).items()
        }
        assert statuses == dict.fromkeys(statuses, 401)
        late = teams.signed(event, exp=int(time.time()) - 200)  # clocks differ
        assert (await teams.post(late.body, late.headers))[0] == 200
        assert await server.heard(CONVERSATION, 1) == ["order"]


async def test_new_keys_are_fetched_when_they_are_used(
    teams: FakeTeams, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = teams.written(CUSTOMER, "order")
    async with serve(agent, [teams]):
        for _ in range(3):
            await teams.deliver(teams.signed(event))
        assert teams.keys_asked == 1
        for name in ("key-2", "key-3"):  # made up, until it is published
            made_up = teams.signed(event, name)
            assert (await teams.post(made_up.body, made_up.headers))[0] == 401
        assert teams.keys_asked == 1
        teams.keys = ["key-2"]
        monkeypatch.setattr(teams_keys, "REST_SECONDS", 0.0)
        fresh = teams.signed(event)
        assert (await teams.post(fresh.body, fresh.headers))[0] == 200
        retired = teams.signed(event, "key-1")
        assert (await teams.post(retired.body, retired.headers))[0] == 401


async def test_without_keys_a_delivery_is_put_off_and_not_lost(
    teams: FakeTeams, agent: Agent
) -> None:
    teams.keys_down = True
    delivery = teams.delivery(teams.written(CUSTOMER, "order"))
    async with serve(agent, [teams]) as server:
        status, words = await teams.post(delivery.body, delivery.headers)
        assert (status, "deliver it again" in words) == (503, True)
        teams.keys_down = False
        await teams.deliver(delivery)
        assert await server.heard(CONVERSATION, 1) == ["order"]


async def test_the_conversation_is_remembered_over_a_restart(
    teams: FakeTeams, agent: Agent
) -> None:
    async with serve(agent, [teams]):
        await teams.says(CUSTOMER, "order")
        await teams.read(CUSTOMER, 1)
    async with serve(agent, [teams]) as server:
        await server.push(CONVERSATION, bot("Li here.", "m-1"))
        assert await teams.read(CUSTOMER, 2) == [ON_ITS_WAY, "Li here."]
    assert teams.tokens_asked == 2


async def test_a_token_that_ended_is_fetched_anew(teams: FakeTeams, agent: Agent) -> None:
    async with serve(agent, [teams]) as server:
        await teams.says(CUSTOMER, "order")
        await teams.read(CUSTOMER, 1)
        teams.access_token = ""
        await server.push(CONVERSATION, bot("Li here.", "m-1"))
        assert await teams.read(CUSTOMER, 2) == [ON_ITS_WAY, "Li here."]
        assert teams.tokens_asked == 2
        (event,) = await server.events(CONVERSATION, "user")
    metadata = event["metadata"]
    found = {key: metadata[key] for key in ("language", "time_zone", "name", "user")}
    assert found == {
        "language": "en", "time_zone": "Europe/London", "name": "Ana Lee", "user": "ana-id",
    }  # fmt: skip
    assert teams.courtesies[0]["type"] == "typing"


async def test_in_a_channel_who_mentions_the_bot_is_answered_in_the_thread(
    teams: FakeTeams, agent: Agent
) -> None:
    teams.groups, thread = True, "19:abc@thread.tacv2;messageid=16"
    mention = {"type": "mention", "mentioned": {"id": f"28:{APP}"}, "text": "<at>Shop</at>"}
    said = {"text": "<at>Shop</at> order", "entities": [mention]}
    async with serve(agent, [teams]) as server:
        await teams.happens(teams.activity(thread, "channel", **said))
        await teams.happens(teams.activity(thread, "channel", text="order"))
        assert await teams.read(thread, 1) == [ON_ITS_WAY]
        conversation = "teams:19:abc@thread.tacv2;messageid=16~7Cana-id"
        assert await server.heard(conversation, 1) == ["order"]
        await server.push(conversation, bot("Li here.", "m-1"))
        assert await teams.read(thread, 2) == [ON_ITS_WAY, "Li here."]


@pytest.mark.parametrize(
    ("refusal", "letters"),
    [
        ((403, "ConversationBlockedByUser"), 1),
        ((404, "ConversationNotFound"), 1),
        ((413, "MessageSizeTooBig"), 1),
        ((403, "Forbidden"), 0),
        ((412, "PreconditionFailed"), 0),
    ],
)
async def test_what_is_refused_for_good_is_given_up_and_the_rest_waits(
    teams: FakeTeams,
    agent: Agent,
    refusal: tuple[int, str],
    letters: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rasa_project.channels.messaging.providers.teams.PAUSE_SECONDS", 0.05)
    teams.refuses = refusal
    async with serve(agent, [teams]) as server:
        await teams.says(CUSTOMER, "order")
        await server.heard(CONVERSATION, 1)
        if not letters:
            teams.refuses = None
        await settled()
    assert len(dead()) == letters
    assert len(teams.sent) == 1 - letters


async def test_pictures_are_shown_and_custom_activities_go_out_as_they_are(
    teams: FakeTeams, agent: Agent
) -> None:
    card = {"contentType": "application/vnd.microsoft.card.adaptive", "content": {"body": []},
            "contentUrl": "-"}  # fmt: skip
    async with serve(agent, [teams]) as server:
        await teams.says(CUSTOMER, "picture")
        await teams.read(CUSTOMER, 2)
        custom = {"custom": {"teams": {"attachments": [card]}}}
        await server.push(CONVERSATION, bot("", "m-1", data=custom))
        await teams.read(CUSTOMER, 3)
    shown = [content.get("attachments") for _, content in teams.sent]
    picture = {"contentType": "image/png", "contentUrl": "https://shop.example/mug.png"}
    assert shown == [None, [picture], [card]]


async def test_check_says_whether_the_credentials_work(teams: FakeTeams) -> None:
    bad = TeamsInput({**teams.settings(), "app_password": "x"})
    fine, wrong = await checks(channel_of(teams), bad)
    assert fine[0] == Finding(True, "App ID and password are right.")
    words = "Microsoft gives no token, 401: AADSTS7000215: Invalid client secret provided."
    assert wrong == [Finding(False, words)]
