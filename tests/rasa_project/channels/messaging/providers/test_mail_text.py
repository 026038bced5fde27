"""What somebody wrote in a mail, without what they quote."""

from __future__ import annotations

import pytest

from rasa_project.channels.messaging.providers.mail_text import (
    reply_of,
    text_of_html,
    unflowed,
)

SAYS = "My cup is broken.\n\nI want a new one!"
OUTLOOK = (
    "From: Help <help@shop.example>\nSent: Monday, 5 January 2026 10:00\nTo: Ana\nSubject: Cup"
)


@pytest.mark.parametrize(
    ("below", "mail_program"),
    [
        ("On Mon, 5 Jan 2026 at 10:00, Help <help@shop.example> wrote:\n\n> Hello\n> Ana", "Gmail"),
        (
            "On Mon, 5 Jan 2026 at 10:00, Help and Advice of the Shop\n"
            "<help@shop.example> wrote:\n> Hello",
            "a broken line",
        ),
        ("Am 05.01.26 um 10:00 schrieb Help:\n> Hallo", "Thunderbird, German"),
        ("Le lun. 5 janv. 2026 à 10:00, Help <help@shop.example> a écrit :\n> Bonjour", "French"),
        ("Help <help@shop.example> 于2026年1月5日周一 10:00写道：\n\n> 您好", "Gmail, Chinese"),
        ("> Hello", "without a line above"),
        (f"{OUTLOOK}\n\nHello Ana", "Outlook"),
        (f"________________________________\n{OUTLOOK}\n\nHello Ana", "Outlook, a line above"),
        (f"-----Original Message-----\n{OUTLOOK}\nHello", "Outlook of old"),
        (
            "-----Ursprüngliche Nachricht-----\nVon: Help\nGesendet: Montag\nAn: Ana\nHallo",
            "Outlook, German",
        ),
        (
            "发件人: Help\n发送时间: 2026年1月5日\n收件人: Ana\n主题: 杯子\n\n您好",
            "Outlook, Chinese",
        ),
        ("-- \nAna Lee\nHigh Street 1", "a signature"),
        ("Sent from my iPhone", "a phone"),
        ("发自我的iPhone", "a phone, Chinese"),
        ("-- \nAna\n\nOn Mon, 5 Jan 2026 at 10:00, Help wrote:\n> Hello\n> -- \n> Help", "both"),
    ],
)
def test_what_stands_below_is_left_out(below: str, mail_program: str) -> None:
    assert reply_of(f"{SAYS}\n\n{below}\n".replace("\n", "\r\n")) == SAYS, mail_program


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, the parcel came.\n\nBest regards came with it, and a broken cup!",
        "I have two questions:\n\n- where is it?\n- who pays?",
        "From: the shop\nI expected more.",
        "The price rose:\n-- 20 last week\n-- 30 today",
        "2 > 1, and I paid 2.",
        "See invoice 2024-17 of 10:00:\nit is wrong.",
        "我的订单在哪里？",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert reply_of(text) == text


def test_answers_between_quotations_are_all_read() -> None:
    quoted = "> Which cup?\n\nThe blue one.\n\n> Broken how?\n> Badly?\n\nIn two."
    above = "On Mon, 5 Jan 2026 at 10:00, Help <help@shop.example> wrote:"
    assert reply_of(f"{above}\n{quoted}") == "The blue one.\n\nIn two."


def test_a_mail_that_only_passes_another_on_is_read_whole() -> None:
    text = f"-----Forwarded Message-----\n{OUTLOOK}\n\nYour cup is on its way."
    assert reply_of(text) == text
    assert reply_of("> Your cup\n> is on its way.") == "Your cup\nis on its way."


def test_lines_that_a_program_broke_go_on() -> None:
    flowed = "My cup \nis broken.\n\n> quoted \n> too\n-- \nAna \nLee"
    assert unflowed(flowed) == "My cup is broken.\n\n> quoted \n> too\n-- \nAna Lee"


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("<p>My cup<br>is <b>broken</b>.</p>", "My cup\nis broken."),
        ("<html><head><title>x</title><style>p {}</style></head>One&nbsp;&lt;two", "One <two"),
        ("Yes.<div class='gmail_quote'>On Monday<blockquote>Hello</blockquote></div>", "Yes."),
        ("Yes.<div id=appendonsend></div><hr><div id=divRplyFwdMsg>From: Help</div>", "Yes."),
        ("<!-- <p>no</p> -->Yes<script>no()</script><!--[if mso]>no<![endif]-->!", "Yes!"),
        ("a < b and <3 <unknown>x</unknown></p></div>", "a < b and <3 x"),
        ("<ul><li>one<li>two</ul>three<!-- never closed", "one\ntwo\nthree"),
    ],
)
def test_a_page_becomes_its_words(page: str, says: str) -> None:
    assert reply_of(text_of_html(page)) == says


@pytest.mark.timeout(120)  # minutes and hours for what takes more than proportional time
@pytest.mark.parametrize(
    "chunk",
    ["<", "<a ", "<!--", "<a href='", "</p", "<div>", "<blockquote>", "&", "> a\n", "\n",
     "a:\n> b\n", "From: a\n", "\n> \n", "-" * 40, "_", "-- \n", "On 2020 a@b wrote:\n\n",
     " ", "sent from my "],
)  # fmt: skip
def test_what_is_made_to_take_long_does_not(chunk: str) -> None:
    text = chunk * (400_000 // len(chunk))
    assert isinstance(reply_of(text_of_html(text)) + reply_of(unflowed(text)), str)
