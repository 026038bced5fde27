"""The answers that a new desk begins with; supervisors change them to fit their house.

They claim no feelings and promise nothing that an agent cannot see done: `emotion_component`'s
reply rules find nothing in them, which a test holds.
"""

from __future__ import annotations

from typing import Any, Final

_UPSET: Final = ["anger", "frustration", "disappointment"]
_UNEASY: Final = ["worry", "sadness", "confusion"]


def _answer(
    shortcut: str, en: str, zh: str, emotions: list[str] | None = None,
    intents: list[str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "shortcut": shortcut,
        "texts": {"en": en, "zh": zh},
        "emotions": emotions or [],
        "intents": intents or [],
    }


STARTER: Final = (
    _answer(
        "hello",
        "Hello {customer}, this is {agent}. I have read what you wrote to the assistant, so you "
        "don't have to repeat it.",
        "{customer}您好，我是{agent}。您和助手的对话我已经看过，不用再说一遍。",
    ),
    _answer(
        "sorry-late",
        "I'm sorry that order {order_number} is late. I have it open in front of me and am looking "
        "at where it is now.",
        "订单{order_number}没有按时送到，对不起。我已经打开这张订单，正在查看它现在到了哪里。",
        [*_UPSET, "worry"], ["late_delivery", "order_status"],
    ),
    _answer(
        "sorry-trouble",
        "I'm sorry for the trouble this has caused you. Let me look at what can be done about it "
        "right away.",
        "给您添麻烦了，对不起。我现在就看看可以怎么处理。",
        _UPSET,
    ),
    _answer(
        "wrong-or-broken",
        "I'm sorry that this came to you the way it did. Would you rather have a replacement or "
        "your money back?",
        "东西到您手里是这样，对不起。您希望换一件，还是退款？",
        [*_UPSET, "sadness"], ["wrong_item", "broken_item", "return_item"],
    ),
    _answer(
        "refund-how",
        "A refund for order {order_number} goes back to the way you paid and usually takes up to "
        "five working days after it is filed. Shall I file it?",
        "订单{order_number}的退款会按原支付方式退回，登记后一般需要五个工作日以内。要现在登记吗？",
        None, ["refund"],
    ),
    _answer(
        "cancel-confirm",
        "I can cancel order {order_number} as long as it has not left the warehouse. Shall I?",
        "订单{order_number}只要还没出库，就可以取消。要取消吗？",
        None, ["cancel_order"],
    ),
    _answer(
        "where-is-it",
        "Order {order_number} was handed to the carrier. The tracking page shows its last stop: "
        "{tracking_link}",
        "订单{order_number}已经交给物流，最新位置可以在这里查看：{tracking_link}",
        None, ["order_status", "late_delivery"],
    ),
    _answer(
        "ask-order-number",
        "Could you give me your order number? It begins with a letter and stands in the e-mail "
        "that confirmed your order.",
        "可以告诉我您的订单号吗？订单号以字母开头，在确认订单的邮件里可以找到。",
    ),
    _answer(
        "ask-photo",
        "Could you send me a photo of it? Then I can see what happened and choose the right way "
        "to settle it.",
        "可以发一张照片吗？这样我能看清情况，选对处理方式。",
        None, ["wrong_item", "broken_item"],
    ),
    _answer(
        "step-by-step",
        "Let's take it step by step. First: {first_step} Tell me what you see then.",
        "我们一步一步来。第一步：{first_step} 做完告诉我您看到了什么。",
        ["confusion"],
    ),
    _answer(
        "what-is-known",
        "This is what I can see at the moment: {what_is_known}. I am checking the rest now.",
        "目前我能看到的是：{what_is_known}。其余的我正在核对。",
        _UNEASY,
    ),
    _answer(
        "one-moment",
        "One moment, please: I am looking this up.",
        "请稍等，我正在查。",
    ),
    _answer(
        "colleague-knows-more",
        "A colleague of mine knows more about this. I can pass the conversation on with everything "
        "you wrote. Is that all right with you?",
        "这个问题我有一位同事更清楚。我可以把对话连同您写的内容一起转过去，您看可以吗？",
    ),
    _answer(
        "still-there",
        "Are you still there? You can also come back later: what you wrote stays here.",
        "您还在吗？也可以稍后再来，您写的内容都会留在这里。",
    ),
    _answer(
        "thanks-for-patience",
        "Thank you for waiting, {customer}. Here is what I have found: {finding}",
        "{customer}，谢谢您等候。我查到的情况是：{finding}",
        [*_UPSET, "worry"],
    ),
    _answer(
        "glad-anything-else",
        "You're welcome! Is there anything else I can do for you?",
        "不客气！还有什么可以帮您？",
        ["gratitude", "joy"], ["thanks"],
    ),
    _answer(
        "settled",
        "That is settled now: {what_was_done}. Is there anything else?",
        "已经办好了：{what_was_done}。还有别的需要吗？",
    ),
    _answer(
        "no-and-why",
        "That is not possible here, and I'd rather say so plainly: {reason}. What I can offer "
        "instead: {offer}",
        "这一点在我们这里办不到，直接跟您说明：{reason}。可以改为：{offer}",
    ),
)  # fmt: skip
