"""Takes customers' answers out of what they say: one rating a survey, and a comment."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import select, update

from rasa_project.desk.store.models import Message, Survey, Ticket, TicketFigures
from rasa_project.desk.survey import asking, words
from rasa_project.desk.tickets import states
from rasa_project.desk.tickets.changes import Changes

CHANGE_SECONDS: Final = 24 * 3600.0
MAX_COMMENT_CHARACTERS: Final = 4_000


def take(session: Any, message: Message, said: str) -> Changes:
    """Take what a customer said, if it answers the survey of this conversation.

    Args:
        session: A session of `Store.write`.
        message: The customer's message, stored just now; each event is stored once.
        said: What came, a button's payload included.
    """
    query = select(Survey).where(Survey.conversation_id == message.conversation_id)
    survey = session.scalar(query.order_by(Survey.asked_at.desc()).limit(1))
    if survey is None:
        return Changes()
    step = survey.step if _said_last(session, survey, message) else None
    rating = words.pressed_rating(said)
    if rating is None and step == asking.ASKED:
        rating = words.rating_words().get(words.plain(said))
    if rating is not None:
        return _rate(session, survey, rating, message.timestamp)
    asked = step == asking.RATED and words.plain(said) in words.comment_words()
    if survey.rating is not None and (words.pressed_comment(said) or asked):
        return _answer(session, survey, asking.COMMENTING, "ask_comment")
    if step == asking.COMMENTING and not said.startswith("/"):
        survey.comment = said[:MAX_COMMENT_CHARACTERS]
        return _answer(session, survey, asking.DONE, "closing")
    return Changes()


def _rate(session: Any, survey: Survey, rating: int, now: float) -> Changes:
    if survey.rating == rating:
        return Changes()  # pressed twice
    first = survey.rated_at is None
    if not first and now > survey.rated_at + CHANGE_SECONDS:
        return _answer(session, survey, asking.DONE, "too_late")
    survey.rating, survey.rated_at = rating, now if first else survey.rated_at
    figures = TicketFigures.__table__
    session.execute(
        update(figures).where(figures.c.ticket_id == survey.ticket_id).values(rating=rating)
    )
    title = words.title(survey.language, rating)
    return _answer(session, survey, asking.RATED, "thanks" if first else "changed", title=title)


def _answer(session: Any, survey: Survey, step: str, name: str, **values: str) -> Changes:
    """Say thanks, unless an agent has the word by now."""
    open_ticket = select(Ticket.id).where(
        Ticket.conversation_id == survey.conversation_id, Ticket.state.in_(states.OPEN)
    )
    if session.scalar(open_ticket) is not None:
        survey.step = asking.DONE
        session.flush()
        return Changes(tickets={survey.ticket_id}, casework={survey.ticket_id})
    text = words.text(survey.language, name, **values)
    if step != asking.RATED or survey.comment is not None:
        return asking.say(session, survey, step, text)
    if survey.ticket.conversation.channel in words.TEXT_ONLY:
        text = f"{text} {words.text(survey.language, 'comment_by_word')}"
        return asking.say(session, survey, step, text)
    return asking.say(session, survey, step, text, [words.comment_button(survey.language)])


def _said_last(session: Any, survey: Survey, message: Message) -> bool:
    """Say whether what the desk said of the survey was the last thing said to the customer.

    In the order of Rasa's events: what Rasa does not have yet, the customer cannot have read.
    """
    query = select(Message.message_id).where(
        Message.conversation_id == survey.conversation_id, Message.sender != "customer",
        Message.source.is_not(None), Message.id != message.id,
        Message.timestamp <= message.timestamp,
    )  # fmt: skip
    order = query.order_by(Message.timestamp.desc(), Message.id.desc()).limit(1)
    return bool(session.scalar(order) == survey.message_id)
