"""A scripted conversation: to a human and back, again and again, every step seen by both sides."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.kill_test.agent import Agent
from tests.kill_test.customer import Customer

# What brings a human, and what the bot answers, both in the demo shop's languages.
WANTS_A_HUMAN = {"en": "I want to talk to a human", "zh": "我要找真人客服"}
ASKS_THE_BOT = {"en": "when are you open", "zh": "你们几点上班"}
CUSTOMER_SAYS = {"en": "this is my message number {}", "zh": "这是我的第{}条消息"}
AGENT_SAYS = {"en": "answer number {} <b>&amp;</b>", "zh": "第{}条回复 <b>&amp;</b>"}
_TURNS = 3


@dataclass
class Record:
    """What was said in one conversation and has to be found everywhere.

    Attributes:
        said: Message ids of customer and agents, in the order in which each was seen by the other.
        texts: The words of each id.
        steps: What happened to the tickets, in order.
        bot_heard: Messages of the bot's own that came while a human had the conversation.
    """

    said: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    customers: set[str] = field(default_factory=set)
    steps: list[str] = field(default_factory=list)
    bot_heard: list[str] = field(default_factory=list)


class Talk:
    """One customer's rounds.

    Args:
        customer: Who complains.
        agents: Who wants to take the conversation; all try at once, one gets it.
        chance: Makes the small decisions.
        acted: Called as the customer speaks.
    """

    def __init__(
        self,
        customer: Customer,
        agents: list[Agent],
        chance: random.Random,
        acted: Callable[[], None],
    ) -> None:
        self.record = Record()
        self._customer = customer
        self._agents = agents
        self._chance = chance
        self._acted = acted
        self._number = 0

    async def run(self, enough: asyncio.Event) -> None:
        """Go round until it is enough, and end with the bot."""
        while not enough.is_set():
            await self._round()

    async def _round(self) -> None:
        await self._says(WANTS_A_HUMAN)
        self.record.steps.append("bot > queued")
        ticket = await self._agents[0].finds(self._customer.conversation)
        statuses = await asyncio.gather(*(agent.takes(ticket) for agent in self._agents))
        assert sorted(statuses) == [200, *[409] * (len(self._agents) - 1)], statuses
        agent = self._agents[statuses.index(200)]
        self.record.steps.append("queued > agent")
        silent_from = set(self._customer.heard)
        for _ in range(_TURNS):
            await self._agent_speaks(agent, ticket)
            for _ in range(self._chance.randint(1, 2)):
                text = await self._says(CUSTOMER_SAYS)
            await agent.reads(ticket, text)
        self._note_the_bot(silent_from)
        await self._part(agent, ticket)

    async def _agent_speaks(self, agent: Agent, ticket: int) -> None:
        for _ in range(self._chance.randint(1, 3)):
            message_id, text = self._words(AGENT_SAYS)
            self._keep(message_id, text)
            await agent.says(ticket, message_id, text)
        await self._customer.hears(lambda message: message["id"] == message_id, repr(text))

    async def _part(self, agent: Agent, ticket: int) -> None:
        how = self._chance.choice(["hand-back", "resolve"])
        note = self._words(AGENT_SAYS)[1]
        await agent.ends(ticket, how, note)
        self.record.steps.append(f"agent > {'bot' if how == 'hand-back' else 'resolved'}")
        await self._customer.hears(lambda message: note in message["text"], f"the end {note!r}")
        before = set(self._customer.heard)
        await self._says(ASKS_THE_BOT)
        await self._customer.hears(lambda message: message["id"] not in before, "the bot again")

    async def _says(self, words: dict[str, str]) -> str:
        _, text = self._words(words)
        self._acted()
        message_id = await self._customer.say(text)
        self._keep(message_id, text)
        self.record.customers.add(message_id)
        return text

    def _words(self, words: dict[str, str]) -> tuple[str, str]:
        self._number += 1
        text = words[self._customer.language]
        # Every text is one of a kind, and means the same.
        text = text.format(self._number) if "{}" in text else f"{text} ({self._number})"
        return str(uuid.uuid4()), text

    def _keep(self, message_id: str, text: str) -> None:
        self.record.said.append(message_id)
        self.record.texts[message_id] = text

    def _note_the_bot(self, silent_from: set[str]) -> None:
        """Rasa names its own messages by their time; those of the desk have ids of the desk."""
        self.record.bot_heard += [
            message["text"]
            for message_id, message in self._customer.heard.items()
            if message_id not in silent_from and message_id.startswith("bot-")
        ]
