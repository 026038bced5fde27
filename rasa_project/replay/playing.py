"""Plays a stored conversation to the escalation policy's decision, event by event.

What the customer wrote stays as it was; only the policy's part is decided anew. From the first
decision that differs on it is an estimate: nobody knows what the customer would have written then.
So nothing is weighed that was written after a human's first answer.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Final

from emotion_component import escalation, trajectory
from rasa_project.conversations.conversation import Conversation, StoredEvent
from rasa_project.replay import records, turn_ends
from rasa_project.replay.episode import BY_COLLEAGUE, BY_POLICY, BY_RULE, HELD, Episode, Mark, Turn

_LISTEN: Final = "action_listen"
# What an action calls for: no policy is asked, as after Rasa's own fallback.
_FOLLOW_UP: Final = "followup_action"


@dataclass(frozen=True)
class Player:
    """Weighs stored conversations.

    Attributes:
        settings: Those of the policy to try.
        forms: Names of the bot's forms; those that a conversation shows are added.
        turn_ends: Actions after which the bot listens, as the trained policy knows them: an offer
            follows one of them. `None`: whatever the bot did last ended its turn.
        as_happened: Whether each turn is weighed after what really went before, offers included;
            else after what the same settings would have decided before.
    """

    settings: escalation.Settings
    forms: Collection[str] = ()
    turn_ends: Collection[str] | None = None
    as_happened: bool = False

    def play(self, conversation: Conversation) -> list[Episode]:
        """Go through a conversation.

        Returns:
            Its episodes, oldest first; those in which the customer wrote nothing are left out.
        """
        run = _Run(self, conversation)
        for position, event in enumerate(conversation.events):
            run.take(event, position)
        run.end_turn()
        run.end_episode()
        for episode in run.episodes:
            episode.alone = len(run.episodes) == 1
        return run.episodes


@dataclass
class _Run:
    """The state of one conversation while it is played."""

    player: Player
    conversation: Conversation
    episodes: list[Episode] = field(default_factory=list)
    episode: Episode = field(init=False)
    # What the policy would see: the stored events, less the decisions that are made anew.
    seen: list[StoredEvent] = field(default_factory=list)
    forms: set[str] = field(default_factory=set)
    form: str | None = None
    form_before_turn: str | None = None
    human: bool = False  # has the conversation, as it happened
    answered: bool = False  # that human has said something
    replayed_human: bool = False  # would have the conversation
    open_turn: bool = False  # a message of the customer waits to be weighed
    actions: list[str] = field(default_factory=list)  # the bot's own since that message
    weighed: escalation.Decision | None = None  # the newest decision on it

    def __post_init__(self) -> None:
        self.forms = set(self.player.forms)
        self.episode = Episode(self.conversation.id, 1)

    def take(self, event: StoredEvent, position: int) -> None:
        """Read the next event."""
        kind = event.type_name
        if kind == "user":
            self.end_turn()
            self._begin_turn(event)
        elif kind == "action":
            self._take_action(event)
        elif kind == "slot" and event.key in records.SLOTS:
            self._note_slot(event, position)
        elif kind == "active_loop":
            self.form = event.name
            self.forms |= {event.name} if event.name else set()
        elif kind == "rewind":
            self.form = self.form_before_turn
        elif kind in ("restart", "session_started"):
            self._begin_anew(restarted=kind == "restart")
        elif kind == "bot" and self.human and event.metadata.get("sender") == "agent":
            self.end_turn()
            self.answered = True
        if self.player.as_happened or not records.is_policys(event):
            self.seen.append(event)

    # What happened

    def _begin_turn(self, event: StoredEvent) -> None:
        emotion = event.parse_data.get("emotion") or None
        self.form_before_turn = self.form
        self.episode.turns.append(
            Turn(event.text, event.timestamp, emotion, event.intent_name, self.human)
        )
        self.open_turn, self.actions, self.weighed = True, [], None

    def _take_action(self, event: StoredEvent) -> None:
        """The prediction that chose an action saw what stands before it."""
        policys = records.is_policys(event)
        if event.name == _LISTEN and event.policy == _FOLLOW_UP:
            self._close_turn()
        elif event.name == _LISTEN or (policys and self.player.as_happened):
            self.end_turn()
        elif not policys:
            self._weigh_before_first_action()
            self.actions.append(str(event.name))
        if policys:
            self._note_decision(event)

    def _note_decision(self, event: StoredEvent) -> None:
        decision = records.read_decision(event.metadata.get(records.METADATA))
        verdict = records.verdict_of(decision) if decision else None
        if verdict is None:
            return
        happened = self.episode.happened
        last = happened[-1] if happened else None
        if verdict == escalation.HANDOFF and last and last.verdict == verdict:
            # The slot that goes with it was set just before.
            happened[-1] = replace(last, decision=decision, by=BY_POLICY)
            return
        happened.append(Mark(len(self.episode.turns), event.timestamp, verdict, decision))

    def _note_slot(self, event: StoredEvent, position: int) -> None:
        held = records.read_decision(event.value) if event.key == records.HELD_SLOT else None
        if held:
            mark = Mark(len(self.episode.turns), event.timestamp, HELD, held)
            self.episode.happened.append(mark)
        if event.key != trajectory.HANDOFF_SLOT:
            return
        if event.value in (None, trajectory.BOT_STATE):
            if self.human:
                self._begin_anew(restarted=True)
        elif not self.human:
            self._hand_over(event, position)

    def _hand_over(self, event: StoredEvent, position: int) -> None:
        by = (
            BY_POLICY if records.is_policys_handoff(self.conversation.events, position) else BY_RULE
        )
        by = BY_COLLEAGUE if by == BY_RULE and event.value == "agent" else by
        if by == BY_POLICY and self.player.as_happened:
            self.end_turn()  # while what the policy saw is still as it saw it
        self._weigh_before_first_action()
        mark = Mark(len(self.episode.turns), event.timestamp, escalation.HANDOFF, None, by)
        self.episode.happened.append(mark)
        if by != BY_POLICY and not self.replayed_human:
            # No setting of the policy changes what a rule or a colleague did.
            self.episode.replayed.append(mark)
            self.replayed_human, self.open_turn = True, False
        self.human = True

    def _begin_anew(self, *, restarted: bool) -> None:
        """A session start, a restart or a handback: what came before is not weighed any more."""
        self.end_turn()
        self.end_episode()
        if restarted:
            self.human = self.answered = False
        if not self.human:  # where a human has it, a new session takes it from nobody
            self.replayed_human = False
        self.form = self.form_before_turn = None

    def end_episode(self) -> None:
        """Keep the episode, if the customer wrote anything, and begin the next."""
        if self.episode.turns:
            self.episodes.append(self.episode)
        self.episode = Episode(self.conversation.id, len(self.episodes) + 1)

    # What would be decided

    def _weigh_before_first_action(self) -> None:
        if self.open_turn and not self.actions:
            self._weigh(ended=False)

    def end_turn(self) -> None:
        """Weigh the turn once more with what the bot did, then leave it."""
        if self.open_turn:
            self._weigh(ended=True)
        self._close_turn()

    def _close_turn(self) -> None:
        if self.open_turn and self.weighed and self.weighed["held"]:
            self._mark(HELD, self.weighed)
        self.open_turn = False

    def _weigh(self, *, ended: bool) -> None:
        turn, number = self.episode.turns[-1], len(self.episode.turns)
        taken = self.human if self.player.as_happened else self.replayed_human or self.answered
        if taken:
            if number not in self.episode.strongest:
                self.episode.unjudged.add(number)
            self.open_turn = False
            return
        self.weighed = escalation.weigh(
            self.seen,
            self.player.settings,
            forms=self.forms,
            in_form=self.form is not None,
            now=turn.time,
        )
        before = self.episode.strongest.get(number)
        if before is None or self.weighed["score"] >= before["score"]:
            self.episode.strongest[number] = self.weighed
        self._apply(self.weighed, ended)

    def _apply(self, decision: escalation.Decision, ended: bool) -> None:
        verdict = records.verdict_of(decision)
        if verdict is None or (verdict == escalation.OFFER and not self._may_offer(ended)):
            return
        self.open_turn = False
        self._mark(verdict, decision)
        if verdict == escalation.HANDOFF:
            self.replayed_human = True
        elif verdict == escalation.OFFER and not self.player.as_happened:
            time = self.episode.turns[-1].time
            self.seen.append(records.offer(self.player.settings.offer_action, time, decision))

    def _may_offer(self, ended: bool) -> bool:
        """Tell whether the bot had given its answer, or had none to give; as the policy does."""
        player = self.player
        if not self.actions and self.form is None:
            # One who waits for a human was left without an answer for that reason only.
            not_understood = self.episode.turns[-1].intent in player.settings.fallback_intents
            return not_understood or self.human
        return ended and turn_ends.has_ended(self.actions, self.form, player.turn_ends)

    def _mark(self, verdict: str, decision: escalation.Decision) -> None:
        turns = self.episode.turns
        self.episode.replayed.append(Mark(len(turns), turns[-1].time, verdict, decision))
