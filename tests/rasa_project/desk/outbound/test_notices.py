from __future__ import annotations

from rasa_project.desk.outbound import notices


def test_notices_speak_the_customers_language() -> None:
    assert [
        notices.joined("en", "Li"),
        notices.joined("zh", "小李"),
        notices.handed_back("zh", "小李", ""),
        notices.handed_back("en", "Li", "Your refund is on its way."),
        notices.resolved("en", "Li", ""),
        notices.resolved("zh", "小李", "已退款"),
    ] == [
        "Li has joined the chat and has read what you wrote.",
        "小李已加入对话，您之前写的内容都已看过。",
        "小李已离开对话。我是自动助手，还有什么可以帮您？",
        "Li has left the chat and notes: Your refund is on its way.\n\n"
        "I'm the automated assistant again: what else can I do for you?",
        "Li has closed this request. Should anything else come up, just write here.",
        "小李已处理完您的问题，并留言：已退款\n\n如果还有其他需要，直接在这里写就可以。",
    ]


def test_an_unknown_language_gets_english() -> None:
    assert notices.joined(None, "Li") == notices.joined("fr", "Li") == notices.joined("en", "Li")


def test_braces_in_a_note_are_text() -> None:
    assert "{agent} {0}" in notices.resolved("en", "Li", "{agent} {0}")
