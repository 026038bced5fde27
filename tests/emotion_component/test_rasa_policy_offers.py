"""A real bot offers a human: its stories, its rules and its form go on as their author wrote them.

The bot has no emotion model and finds intents by keywords, so it trains in seconds; emotions come
with the messages, as a channel may hand over what it has parsed already.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import rasa.core.test
import rasa.model_training
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.events import BotUttered, ConversationResumed, SlotSet
from rasa.utils.endpoints import EndpointConfig

from tests.emotion_component.conversation import emotion
from tests.emotion_component.guest import Chat

pytestmark = pytest.mark.slow

CONFIG = """
recipe: default.v1
assistant_id: offers
language: en
importers:
- name: emotion_component.rasa_importer.EmotionImporter
pipeline:
- name: KeywordIntentClassifier
policies:
- name: MemoizationPolicy
- name: RulePolicy
- name: emotion_component.rasa_policy.EscalationPolicy
  cooldown_turns: 2
  declined_turns: 3
  courtesy_intents: [greet]
  weights: {human_request: 0.6}  # ask before handing over
"""

DOMAIN = """
version: "3.1"
intents: [greet, complain, order_status, affirm, deny, talk_to_human]
slots:
  city:
    type: text
    mappings:
    - type: from_text
      conditions: [{active_loop: order_form, requested_slot: city}]
forms:
  order_form:
    required_slots: [city]
actions: [action_lookup]
responses:
  utter_greet: [{text: "Hello."}]
  utter_sorry: [{text: "That is on record."}]
  utter_again: [{text: "That is on record, too."}]
  utter_contact: [{text: "We are on the first floor."}]
  utter_left: [{text: "Nothing is changed."}]
  utter_done: [{text: "Done."}]
  utter_ask_city: [{text: "Which city?"}]
  utter_on_its_way: [{text: "It is on its way."}]
"""

NLU = """
version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello
- intent: complain
  examples: |
    - late
    - broken
- intent: order_status
  examples: |
    - where
- intent: affirm
  examples: |
    - certainly
- intent: deny
  examples: |
    - never
- intent: talk_to_human
  examples: |
    - human
"""

STORIES = """
version: "3.1"
stories:
- story: two complaints
  steps:
  - intent: complain
  - action: utter_sorry
  - intent: complain
  - action: utter_again
rules:
- rule: hello
  steps: [{intent: greet}, {action: utter_greet}]
- rule: a human
  steps: [{intent: talk_to_human}, {action: utter_contact}]
- rule: no
  steps: [{intent: deny}, {action: utter_left}]
- rule: yes
  steps: [{intent: affirm}, {action: action_lookup}, {action: utter_done}]
- rule: start the form
  steps: [{intent: order_status}, {action: order_form}, {active_loop: order_form}]
- rule: submit the form
  condition: [{active_loop: order_form}]
  steps:
  - action: order_form
  - active_loop: null
  - slot_was_set: [{requested_slot: null}]
  - action: utter_on_its_way
"""

YES, NO = "yes, a colleague", "no, carry on here"
OFFERS = {
    "Would you rather have a colleague look at this? If so, I pass you on.",
    "A colleague can take over from here. Shall I pass you on?",
}
OFFERS_ZH = {
    "这件事要不要让人工客服来看？需要的话我转过去。",
    "可以转给人工客服来处理，要转过去吗？",
}
GOING_ON = {"All right, we carry on here.", "Fine, then you and I go on."}
FURY = emotion("anger", 0.95)
CALM = emotion("neutral", 0.0)


def write_bot(folder: Path, config: str = CONFIG) -> Path:
    folder.mkdir()
    texts = {"config": config, "domain": DOMAIN, "nlu": NLU, "stories": STORIES}
    for name, text in texts.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    return folder


def trained(folder: Path, config: str = CONFIG) -> Path:
    bot = write_bot(folder, config)
    result = rasa.model_training.train(
        domain=str(bot / "domain.yml"),
        config=str(bot / "config.yml"),
        training_files=[str(bot / "nlu.yml"), str(bot / "stories.yml")],
        output=str(bot / "models"),
    )
    assert result.code == 0
    return Path(result.model)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained(tmp_path_factory.mktemp("offers") / "bot")


@pytest.fixture(scope="module")
def bot(model: Path) -> Agent:
    nlg = EndpointConfig(type="emotion_component.rasa_replies.EmpathicReplies", acknowledge=[])
    # Nothing listens there: each custom action of this bot fails.
    return Agent.load(model, generator=nlg, action_endpoint=EndpointConfig("http://127.0.0.1:9"))


class Customer(Chat):
    """A conversation whose messages carry their intent and emotion."""

    async def means(
        self, intent: str | None, felt: dict[str, Any] = CALM, text: str = "…"
    ) -> list[str | None]:
        entities = [{"entity": "language", "value": felt["language"], "start": 0, "end": 1}]
        parsed = {"text": text, "intent": {"name": intent}, "entities": entities, "emotion": felt}
        channel = CollectingOutputChannel()
        message = UserMessage(text, channel, self.id, parse_data=parsed)
        await self.agent.handle_message(message)
        return [sent.get("text") for sent in channel.messages]

    async def done(self) -> list[str]:
        """The actions of the newest turn."""
        events = list((await self.tracker()).events)
        newest = max(i for i, event in enumerate(events) if event.type_name == "user")
        return [e.action_name for e in events[newest:] if e.type_name == "action"]

    async def decisions(self) -> list[tuple[str, dict[str, Any]]]:
        """What stands in the tracker beside its actions."""
        return [
            (event.action_name, event.metadata["escalation"])
            for event in (await self.tracker()).events
            if event.type_name == "action" and "escalation" in event.metadata
        ]


@pytest.fixture()
def customer(bot: Agent) -> Customer:
    return Customer(bot)


async def test_the_offer_follows_the_bots_own_answer_with_its_reasons_in_the_tracker(
    customer: Customer,
) -> None:
    answer, offer = await customer.means("complain", FURY)

    assert answer == "That is on record."
    assert offer in OFFERS
    assert await customer.done() == ["utter_sorry", "utter_offer_human", "action_listen"]
    assert await customer.decisions() == [
        (
            "utter_offer_human",
            {
                "verdict": "offer",
                "escalate": False,
                "score": 0.7,
                "levels": {"offer": 0.5, "handoff": 0.8},
                "reasons": [
                    {
                        "signal": "intensity",
                        "value": 0.95,
                        "weight": 0.7,
                        "says": "strong anger (95%)",
                    }
                ],
                "held": [],
                "answer": None,
            },
        )
    ]
    assert await customer.slots("handoff_state") == ["bot"]


async def test_the_offer_has_a_yes_and_a_no_to_press_in_the_customers_language(
    customer: Customer,
) -> None:
    await customer.means("complain", {**FURY, "language": "zh"})

    said = [e for e in (await customer.tracker()).events if isinstance(e, BotUttered)][-1]
    assert said.text in OFFERS_ZH
    assert said.data["buttons"] == [
        {"title": "好，转人工", "payload": "好，转人工"},
        {"title": "不用，继续", "payload": "不用，继续"},
    ]


@pytest.mark.parametrize("answer", [YES, "Yes!", "好的", "OK.", "certainly"])
async def test_a_yes_by_button_word_or_intent_hands_over(customer: Customer, answer: str) -> None:
    await customer.means("complain", FURY)

    await customer.say(answer)

    assert await customer.done() == ["utter_handoff", "action_listen"]
    assert await customer.slots("handoff_state", "escalation_reason") == [
        "queued",
        "accepted the offer of a human",
    ]


@pytest.mark.parametrize("answer", [NO, "No, thanks.", "不用了", "never"])
async def test_after_a_no_the_bot_goes_on_and_does_not_ask_again_at_once(
    customer: Customer, answer: str
) -> None:
    await customer.means("complain", FURY)

    (reply,) = await customer.say(answer)
    next_reply = await customer.means("complain", FURY)

    assert reply in GOING_ON
    # The story goes on where it was: this is the second complaint for it.
    assert next_reply == ["That is on record, too."]
    assert [action for action, _ in await customer.decisions()] == [
        "utter_offer_human",
        "utter_offer_declined",
    ]
    (kept,) = await customer.slots("escalation_held")
    assert (kept["verdict"], [hold["by"] for hold in kept["held"]]) == (
        "nothing",
        ["cooldown", "declined"],
    )


async def test_another_offer_comes_only_once_the_no_is_long_ago(customer: Customer) -> None:
    await customer.means("complain", FURY)
    await customer.say(NO)

    offered = []
    for _ in range(4):
        await customer.means("greet", FURY)
        offered.append("utter_offer_human" in await customer.done())
        await customer.means("greet", CALM)

    assert offered == [False, False, True, False]


async def test_something_else_than_a_yes_or_no_is_answered_as_ever(customer: Customer) -> None:
    await customer.means("complain", FURY)

    assert await customer.means("greet") == ["Hello."]
    assert await customer.means("deny") == ["Nothing is changed."]


async def test_a_yes_or_no_to_nothing_is_the_bots(customer: Customer) -> None:
    assert await customer.means("deny") == ["Nothing is changed."]
    assert await customer.means("affirm") == ["Done."]


async def test_replies_that_belong_together_stay_together_also_without_an_action_server(
    customer: Customer,
) -> None:
    done, offer = await customer.means("affirm", FURY)

    assert (done, offer in OFFERS) == ("Done.", True)
    assert await customer.done() == [
        *("action_lookup", "utter_done", "utter_offer_human", "action_listen"),
    ]


async def test_an_offer_inside_a_form_leaves_the_form_as_it_was(customer: Customer) -> None:
    asked, offer = await customer.means("order_status", FURY)
    assert (asked, offer in OFFERS) == ("Which city?", True)

    going_on, asked_again = await customer.say(NO)

    assert (going_on in GOING_ON, asked_again) == (True, "Which city?")
    assert await customer.slots("city", "requested_slot") == [None, "city"]
    assert await customer.say("Leeds") == ["It is on its way."]
    assert await customer.slots("city") == ["Leeds"]


async def test_an_offer_follows_what_is_said_after_the_form(customer: Customer) -> None:
    await customer.means("order_status")

    done, offer = await customer.means("order_status", FURY, "Leeds")

    assert (done, offer in OFFERS) == ("It is on its way.", True)


async def test_an_answer_to_the_form_is_one_although_an_offer_stands(customer: Customer) -> None:
    await customer.means("order_status", FURY)

    assert await customer.say("Leeds") == ["It is on its way."]


async def test_a_yes_inside_a_form_hands_over_and_is_no_town(customer: Customer) -> None:
    await customer.means("order_status", FURY)

    await customer.say(YES)

    tracker = await customer.tracker()
    assert await customer.slots("handoff_state", "city", "requested_slot") == ["queued", None, None]
    assert tracker.active_loop_name is None


async def test_the_customer_may_change_the_language_between_offer_and_answer(
    customer: Customer,
) -> None:
    await customer.means("complain", FURY)

    (notice,) = await customer.means(None, {**CALM, "language": "zh"}, "好，转人工")

    assert await customer.slots("handoff_state") == ["queued"]
    assert "客服" in (notice or "")


async def test_after_the_handback_nothing_of_before_counts(customer: Customer) -> None:
    for _ in range(3):
        await customer.means("complain", FURY)
    assert await customer.slots("handoff_state") == ["queued"]
    await customer.add(
        SlotSet("handoff_state", "agent"), SlotSet("handoff_state", "bot"), ConversationResumed()
    )

    assert await customer.means("greet") == ["Hello."]
    hello, offer = await customer.means("greet", FURY)
    assert (hello, offer in OFFERS) == ("Hello.", True)


TEST_STORIES = """
version: "3.1"
stories:
- story: an offer, and a no
  steps:
  - intent: talk_to_human
  - action: utter_contact
  - action: utter_offer_human
  - intent: deny
  - action: utter_offer_declined
  - intent: greet
  - action: utter_greet
- story: an offer, and a yes
  steps:
  - intent: talk_to_human
  - action: utter_contact
  - action: utter_offer_human
  - intent: affirm
  - action: utter_handoff
- story: no offer
  steps:
  - intent: complain
  - action: utter_sorry
  - intent: complain
  - action: utter_again
"""


async def test_rasa_test_predicts_an_offer_once_a_turn(model: Path, tmp_path: Path) -> None:
    stories = tmp_path / "test_stories.yml"
    stories.write_text(TEST_STORIES, encoding="utf-8")

    report = await rasa.core.test.test(
        str(stories), Agent.load(model), out_directory=str(tmp_path), e2e=False
    )

    assert (report["precision"], report["accuracy"]) == (1.0, 1.0)
