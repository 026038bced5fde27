"""`promise-unbacked`: a bot may offer, and state what is done; what will be is not in its hands.

Offers ("I can ...", "shall I ...?"), what stands ("is on file under ...", "takes up to five working
days") and what the bot itself does at once ("I'll look it up") are no promises.
"""

from __future__ import annotations

from typing import Final

from emotion_component.reply_rules.phrases import Phrase, PhraseRule, compiled
from emotion_component.reply_rules.reply import Rule

_RULE: Final = Rule(
    "promise-unbacked",
    "error",
    "promises what no action of the bot does",
    "A promise that is not kept angers more than the trouble itself. Say what is done, what "
    "usually happens, or offer what an action really does.",
)
_EN_OFFER: Final = "offer or state it: “I can file the request. Shall I?”, “It is on file under …”"
_EN_USUAL: Final = (
    "state what is usual: “A refund takes up to five working days.”, “It is due on …”"
)
_EN_PLAIN: Final = "leave the assurance out and say what is done: “It is on file under …”"
_ZH_OFFER: Final = "改成提议或已办的事，比如“可以登记退款申请，要办吗？”“已登记，编号 …”"
_ZH_USUAL: Final = "改说通常情况，比如“退款一般需要五个工作日”“预计……送达”"
_ZH_PLAIN: Final = "去掉保证，说已经办了什么，比如“已登记，编号 …”"

# A word of these before it in the clause: reported or asked, not promised.
_EN_REPORTED: Final = compiled(
    r"\b(?:if|whether|when|how|why|what|where|until|not|n't|n't be)\b|n't\b"
)
_EN_WHO: Final = (
    r"\b(?:I|we|he|she|they|our \w+(?: \w+)?|(?:a|an|the|my|one of (?:my|our)) "
    r"(?:(?:human|support|service|customer|live) )*(?:colleagues?|agents?|team|advisors?"
    r"|specialists?"
    r"|experts?|representatives?|supervisors?|managers?|couriers?|carriers?|company|shop|store)"
    r"|someone|somebody)"
)
_EN_WILL: Final = (
    r"(?:'ll| will| shall|(?:'m| am|'re| are|'s| is) going to) (?:(?:then|now|also|certainly"
    r"|definitely|of course|gladly|happily|always|immediately|soon|promptly|personally|be sure to"
    r"|shortly|do our best to|try to|go ahead and|fully|absolutely|surely) )*"
)
_EN_AGENTS_DEED: Final = (
    r"(?:refund|reimburse|compensate|credit|replace|resend|re-send|reship|expedite|fix|resolve"
    r"|solve|sort (?:this|it|that|everything) out|repair|make (?:it|this|that|things) right"
    r"|make (?:it )?up (?:for|to)|investigate|take care of|return your|pay|process your refund"
    r"|issue (?:a|you|your)|give you (?:a|your)|get you (?:a|your)|have (?:it|this|that) (?:fixed"
    r"|sorted|resolved|solved)|send (?:you )?(?:an?|the|your|out|it|another|one) ?(?:e-?mail|text"
    r"|SMS"
    r"|confirmation|replacement|refund|new|voucher|coupon|gift|letter|return label|one|by)"
    r"|(?:ship|deliver|dispatch) (?:it|your|the|a|you)|e-?mail (?:you|it|the|your)|mail you"
    r"|update you|let you know|inform you|notify you|keep you (?:updated|posted|informed))\b"
)
_EN_CONTACT: Final = (
    r"(?:(?:contact|call|phone|ring|message) you|reach out|get back to|get in touch|be in touch"
    r"|follow up|respond|reply to you|answer you)\b"
)
_NUMBER: Final = (
    r"(?:\d[\d\-– to]*|\{\w+\}|an?|one|two|three|four|five|six|seven|ten|twelve|fourteen|a few"
    r"|a couple of|the next \w+)"
)
_EN_TIME: Final = (
    rf"(?:(?:within|in|in under|in less than|no later than) (?:the next )?{_NUMBER} (?:\w+ )?"
    r"(?:seconds?|minutes?|hours?|days?|weeks?|months?)"
    r"|(?:by|on|before|this|next|no later than) (?:the )?(?:(?:mon|tues|wednes|thurs|fri|satur"
    r"|sun)day"
    r"|end of|tomorrow|noon|tonight|\{\w+\}|week|\d)"
    r"|tomorrow|today|tonight|shortly|soon|immediately|right away|straight away"
    r"|as soon as possible|asap|in no time)\b"
)
_EN_THING: Final = (
    r"(?:order|parcel|package|refund|money|replacement|item|delivery|request|case|ticket|complaint"
    r"|issue|problem|return|payment|amount|credit|voucher|invoice|reply|answer|it|this|that)"
)
_HANDING: Final = frozenset(
    {"agent", "escalate", "escalation", "handoff", "handover", "human", "takeover", "transfer"}
)

_EN_PROMISES: Final = (
    (rf"{_EN_WHO}{_EN_WILL}{_EN_AGENTS_DEED}", _EN_OFFER),
    (
        rf"{_EN_WHO}{_EN_WILL}(?:make (?:absolutely )?sure|ensure|see to it|guarantee"
        r"|see that)\b",
        _EN_PLAIN,
    ),
    (
        r"\byou(?:'ll| will)(?: be)? (?:(?:then|also|soon|shortly|definitely|automatically|be) )*"
        r"(?:receiv(?:e|ing)|get (?:an?|your|the|another) (?:\w+ )?(?:e-?mail|refund|money"
        r"|replacement"
        r"|confirmation|call|text|reply|response|update|new|answer)|hear (?:back )?from|refunded"
        r"|contacted|notified|informed|compensated|credited|reimbursed|e-?mailed|called back)\b",
        _EN_OFFER,
    ),
    (
        rf"\b{_EN_THING} (?:'ll|will) (?:(?:definitely|certainly|surely|then) )*"
        r"(?:be (?:refunded|credited|resolved|fixed|solved|sorted|reimbursed|replaced|paid back)"
        r"|never happen again|not happen again)\b|\bthis won't happen again\b",
        _EN_OFFER,
    ),
    (
        rf"\b{_EN_THING}(?:'ll| will) (?:[\w']+ ){{1,8}}?{_EN_TIME}",
        _EN_USUAL,
    ),
    (
        r"\bwill be (?:sent|shipped|delivered|processed|issued|paid|answered|returned|handled)"
        rf" (?:[\w']+ ){{0,6}}?{_EN_TIME}",
        _EN_USUAL,
    ),
    (
        r"\byou(?:'ll| will) (?:have|get|see) (?:it|your \w+|the \w+|an answer|a reply)"
        rf" (?:[\w']+ ){{0,5}}?{_EN_TIME}",
        _EN_USUAL,
    ),
    (
        rf"\bexpect (?:an?|your|the|it|our) ?(?:\w+ )?(?:\w+ )?{_EN_TIME}",
        _EN_USUAL,
    ),
    (
        r"\b(?:I|we)(?: can| do|'d)?(?: \w+ly)? (?:guarantee|promise)\b(?! period)"
        r"|\b(?:is|are|be) (?:\w+ly )?guaranteed\b|\byou have my word\b|\byou can count on (?:me"
        r"|us)\b",
        _EN_PLAIN,
    ),
)
_EN_MEETINGS: Final = rf"{_EN_WHO}{_EN_WILL}{_EN_CONTACT}"
_EN_TIMED_MEETINGS: Final = (
    rf"{_EN_WHO}{_EN_WILL}(?:be with you|join|reply|answer|respond|take over|contact you|call you"
    rf"|get back to you|be in touch)(?: [\w']+){{0,5}}? {_EN_TIME}"
)

_ZH_SOON: Final = r"(?:马上|立即|立刻|尽快|稍后|随后|即刻|第一时间|很快|今天|明天|优先|加急|火速)"
_ZH_FOR: Final = r"(?:为|给|帮|替|向|与|跟|和)(?:到)?[您你](?:们)?"
_ZH_DEED: Final = (
    r"(?:退款|退钱|退还|退回|补发|赔偿|赔付|补偿|发货|联系|致电|回复|回电|解决|处理(?!进度)|换新"
    r"|换货|寄出?"
    r"|送到|送达|发送|发邮件|跟进|答复|反馈|通知|办好|搞定|安排)"
)
_ZH_ASKED: Final = compiled(r"不|没|无法|是否|能否|可以$|如何|怎么|怎样|请$|请您$|麻烦您?$|已经?$")
_ZH_UNITS: Final = r"(?:秒|分钟|个?小时|天|个?工作日|日|周|个?星期|个?月)"

# Pattern, what to say, and what before it makes it harmless.
_ZH_PROMISES: Final = (
    (
        r"(?:我们?|这边|客服|本店|小\w|绝对|百分之?百|100%|一定)(?:可以|能够?|都|也|会|向[您你]"
        r"|给[您你]|跟[您你])*"
        r"保证(?!金|书|期)|保证(?=给[您你]|为[您你]|帮[您你]|让[您你]|今天|明天|会|一定|按时|准时"
        r"|\d|\{)"
        r"|向[您你]保证",
        _ZH_PLAIN,
        compiled(r"不|无法|没法|难以|请"),
    ),
    (
        r"(?:一定|肯定|绝对|必定|必须)(?:会|给[您你]|帮[您你]|为[您你]|让[您你])"
        r"|一定能?(?:解决|处理好|送达|退回?给|赔|办好)",
        _ZH_PLAIN,
        compiled(r"(?:[您你]们?|谁|大家|不|任何人)(?:都|也|心里)?$"),
    ),
    (
        rf"{_ZH_SOON}(?:就|会|将|再)*{_ZH_FOR}(?:尽快|优先|办理|进行|安排|全额)*{_ZH_DEED}",
        _ZH_OFFER,
        _ZH_ASKED,
    ),
    (
        rf"(?:会|将)(?:在)?{_ZH_SOON}?{_ZH_FOR}(?:尽快|优先|办理|进行|安排|全额)*{_ZH_DEED}",
        _ZH_OFFER,
        _ZH_ASKED,
    ),
    (
        rf"{_ZH_SOON}(?:就|会|将)*(?:退款|退钱|补发|赔偿|发货|解决|处理好|搞定|办好|到账)",
        _ZH_OFFER,
        _ZH_ASKED,
    ),
    (
        r"(?:我们?|这边|客服|专员|同事|本店|公司|快递员?)(?:会|将)(?:尽快|马上|立即|全力|负责"
        r"|全额|免费)*"
        r"(?:退款|退钱|补发|赔偿|赔付|补偿|解决|处理好|搞定|负责到底|发货|寄出)",
        _ZH_OFFER,
        _ZH_ASKED,
    ),
    (
        r"[您你](?:会|将会?|很快就?会?|马上就?会?|稍后会?)(?:在[^，。！？；]{0,14})?(?:很快|马上"
        r"|陆续|尽快)*"
        r"(?:收到(?!货?[后时])|接到|得到(?:退款|赔偿|回复|答复|补偿))",
        _ZH_OFFER,
        compiled(r"如果|是否|什么时候|何时|不"),
    ),
    (
        r"(?:会|将)(?:在|于)[^，。！？；]{0,18}(?:内|之前|前)[^，。！？；]{0,8}"
        r"(?:退|到账|送达|送到|发货|解决|处理|完成|寄出|回复|联系|答复|补发|给[您你])",
        _ZH_USUAL,
        compiled(r"不|是否"),
    ),
    (
        rf"(?:今天|明天|后天|今晚|本周|(?:[\d一二两三四五七十]+"
        rf"|\{{\w+\}})\s*{_ZH_UNITS}(?:之)?内)(?:之?内)?"
        r"(?:就|一定|肯定|必定?|保证|绝对)+(?:会|能|可以|给[您你]|帮[您你]|为[您你])*"
        r"(?:到|收到|送|退|解决|处理|发|回复|联系|办好|答复)",
        _ZH_USUAL,
        compiled(r"不"),
    ),
    (
        r"(?:不会再|绝不再|不再|不会再次)(?:发生|出现|有)(?:这样|这种|类似|此类|同样)?",
        _ZH_PLAIN,
        compiled(r"如果|希望"),
    ),
    (
        r"我们?(?:郑重|在此|向[您你])*承诺|包在我(?:们)?身上|(?:说到做到|负责到底)",
        _ZH_PLAIN,
        compiled(r"不|无法"),
    ),
)
_ZH_MEETINGS: Final = (
    r"(?:会|将)(?!员)(?!话)[^，。！？；]{0,12}(?:联系|致电|回复|通知|答复|回访|反馈给|告知)[您你]"
)
_ZH_TIMED_MEETINGS: Final = (
    rf"(?:会|将)[^，。！？；]{{0,6}}(?:[\d一二两三四五十]+"
    rf"|\{{\w+\}})\s*{_ZH_UNITS}(?:之)?内[^，。！？；]{{0,6}}"
    r"(?:联系|致电|回复|通知|答复|回访)"
)


def _english(pattern: str, instead: str, fine_in: frozenset[str] = frozenset()) -> Phrase:
    return Phrase(compiled(pattern), instead, False, _EN_REPORTED, False, fine_in)


PROMISE_UNBACKED: Final = PhraseRule(
    _RULE,
    (
        *(_english(pattern, instead) for pattern, instead in _EN_PROMISES),
        # A reply that hands over is backed by the handoff, as long as it names no time.
        _english(_EN_MEETINGS, _EN_OFFER, _HANDING),
        _english(_EN_TIMED_MEETINGS, _EN_USUAL),
        *(
            Phrase(compiled(pattern), instead, not_after=harmless, in_questions=False)
            for pattern, instead, harmless in _ZH_PROMISES
        ),
        Phrase(compiled(_ZH_MEETINGS), _ZH_OFFER, False, compiled(r"不|是否"), False, _HANDING),
        Phrase(compiled(_ZH_TIMED_MEETINGS), _ZH_USUAL, False, compiled(r"不|是否"), False),
    ),
)
