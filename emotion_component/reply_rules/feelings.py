"""`claims-feeling` and `claims-human`: a program has no feelings, no body and no past."""

from __future__ import annotations

from typing import Final

from emotion_component.reply_rules.phrases import Phrase, PhraseRule, compiled
from emotion_component.reply_rules.reply import Rule

_EN_EFFECT: Final = "say what the matter means for the customer: “That would worry anyone.”"
_ZH_EFFECT: Final = "说事情本身，比如“这种情况换谁都会着急。”"
_EN_PROGRAM: Final = "say what it is: “I'm a program. For a person, write “human”.”"
_ZH_PROGRAM: Final = "说明身份，比如“我是智能助手，需要真人请写‘人工’。”"

_EN_VERY: Final = (
    r"(?:(?:can|do|also|too|really|truly|fully|completely|totally|certainly|definitely|absolutely"
    r"|so|very|deeply|quite|just|only|both|well|understand and) )*"
)
_EN_FELT: Final = (
    r"(?:pain|frustrations?|anger|disappointment|feelings?|anxiety|distress|grief|irritation"
    r"|annoyance|worr(?:y|ies)|sadness|outrage|stress|upset)\b"
)
_EN_STATE: Final = (
    r"(?:frustrat\w+|upset\w*|annoy\w+|disappoint\w+|stress\w+|worr(?:ied|ying)|ang(?:ry|ering)"
    r"|painful|hard|difficult|hurtful|scary|sad|tough|infuriating|maddening|irritat\w+|awful)\b"
)
_EN_UNLIVED: Final = (
    r"(?:heartbroken|devastated|saddened|thrilled|overjoyed|excited|ashamed|embarrassed|worried"
    r"|frustrated|upset|angry|shocked|horrified|furious|mortified|appalled|sad)\b"
)
_ZH_VERY: Final = (
    r"(?:非常|十分|完全|特别|很|真的|都|也|当然|真|能够|能|可以|深深地?|由衷地?|更|最|其实)*"
)
_ZH_GRASP: Final = r"(?:理解|体会|明白|懂得?|感受)(?:到|得到)?"
_ZH_FELT: Final = (
    r"(?:心情|感受|焦急|愤怒|痛苦|难处|难过|失望|着急|不满|委屈|烦恼|焦虑|担心|担忧|情绪|气愤|伤心"
    r"|苦衷|心痛|恼火|生气)"
)
_ZH_NOT: Final = compiled(r"[不没无别未难][^，]{0,4}$")
_ZH_YOU_BEFORE: Final = compiled(r"[您你]|大家|顾客|用户|不|没|无法")

_FEELING: Final = Rule(
    "claims-feeling",
    "error",
    "claims a feeling or a body that the bot does not have",
    "Customers know that a program feels nothing: a claimed feeling reads as a formula, and makes "
    "what follows less believed.",
)
_HUMAN: Final = Rule(
    "claims-human",
    "error",
    "makes the bot out to be a person",
    "A customer who finds out that the person was a program trusts nothing else it said; in some "
    "places the law asks for the truth as well.",
)

_EN_FEELINGS: Final = (
    rf"\b(?:I|we) {_EN_VERY}(?:understand|know|get|see|imagine|appreciate) "
    r"(?:(?:exactly|just|precisely) )?how (?:you(?:'re| are| must| might)?(?: be)? feel(?:ing|s)?\b"
    rf"|(?:(?:very|so|really|extremely|incredibly) )*{_EN_STATE}"
    rf"|you must\b|(?:it|this|that) feels?\b|(?:very |so )?{_EN_STATE})",
    r"\bI(?: just)? know exactly how (?!to\b|many\b|much\b|long\b|it works\b|you can\b)",
    rf"\b(?:I|we) {_EN_VERY}(?:understand|feel|share|get|know|sense) your (?:\w+ )?{_EN_FELT}",
    r"\bI know (?:exactly |just )?(?:what (?:you're|you are) going through|what (?:it's|it is) like"
    r"|that feeling|the feeling)\b",
    rf"\bI {_EN_VERY}(?:empathi[sz]e|sympathi[sz]e|relate to (?:you|your|how|that|this))\b",
    rf"\bI(?: am|'m)? feel(?:ing)? {_EN_VERY}(?:bad|terrible|awful|sad|sorry|happy|angry|upset|hurt"
    r"|horrible|guilty|ashamed|for you|with you|the same|your)\b",
    rf"\bI(?: am|'m) {_EN_VERY}{_EN_UNLIVED}",
    r"\bI(?: would|'d) (?:also |probably )?(?:be|feel) (?:just as |equally |really |very |so )*"
    r"(?:upset|angry|frustrated|mad|annoyed|disappointed|worried|the same)\b",
    r"\bI(?: have|'ve) been (?:there(?! since)|in your shoes|in the same situation)\b",
    r"\bmy heart (?:goes out|breaks|aches|sinks)\b|\bit breaks my heart\b"
    r"|\b(?:from the bottom of|with all) my heart\b|\bit (?:really )?(?:pains|hurts|saddens) me\b",
    r"\bI (?:really |just |truly |personally |absolutely )*(?:hate|love|enjoy|adore) "
    r"(?:that|it|when|to|this|your|\w+ing)\b",
    rf"\bI(?: am|'m) {_EN_VERY}(?:a bit |a little )?(?:tired|hungry|sleepy|exhausted|thirsty)\b"
    r"|\bwith my own (?:eyes|hands|ears)\b",
)
# Pattern, and what shows before it that nothing is claimed.
_ZH_FEELINGS: Final = (
    (rf"{_ZH_VERY}{_ZH_GRASP}[您你](?:们)?(?:现在|此刻|此时|当下|当时)?的?{_ZH_FELT}", _ZH_NOT),
    (
        rf"[您你](?:现在|此刻)?的?{_ZH_FELT}，?(?:我们?|小\w|客服)?{_ZH_VERY}{_ZH_GRASP}",
        compiled(r"如果|希望"),
    ),
    (r"感同身受|设身处地(?:地)?(?:为|替)[您你]", compiled(r"[不没无]")),
    (r"(?:非常|特别|十分|完全|很|深|真的)能?(?:够)?(?:有)?体会(?!到了?[新产])", _ZH_YOU_BEFORE),
    (
        r"我(?!们)(?:也|都|真的|心里|现在|听了|听到|看了|看到|这边)*"
        r"(?:很|非常|真的|好|特别|十分|感到|觉得|挺)+(?:难过|心疼|心痛|生气|着急|伤心|愤怒|痛心"
        r"|激动|兴奋|焦急|委屈|内疚|自责|羞愧|惭愧|心酸)",
        None,
    ),
    (
        r"(?:为|替)[您你](?:感到|觉得)?(?:非常|很|特别|十分)?(?:难过|心疼|着急|心痛|高兴|开心|焦急"
        r"|不平|骄傲)",
        None,
    ),
    (r"我(?:也)?(?:跟|和|与)[您你](?:一样|同样)(?:着急|难过|生气|失望|焦急|愤怒|伤心)", None),
    (r"(?:换成?(?:了|是)?)?我也(?:一样)?会(?:很|非常|特别)?(?:生气|着急|难过|失望|恼火)", None),
    (r"我(?:也|以前也|之前也)?(?:有过|遇到过|经历过|碰到过)(?:同样|类似|这样|这种|一样)", None),
    (r"我(?:亲眼|亲耳)|我的心(?:都|很|里)|我(?:好|很|有点|都)?(?:累|饿|困)(?:了|死|坏)", None),
    (r"我懂[您你]|心疼[您你]", _ZH_NOT),
)
_EN_HUMANS: Final = (
    r"\bas (?:a|another|one) (?:fellow )?(?:human|human being|person|mother|father|parent|customer"
    r" myself)\b(?=[, ]*(?:I|myself|who)\b|,)",
    r"\b(?:I(?: am|'m)|we(?: are|'re)) (?:(?:a|an|only|just|also|definitely|indeed|really|still"
    r"|very much) )*(?:(?:real|actual|living|genuine|fellow|live) )*(?:human(?: being)?|person|man"
    r"|woman|guy|girl|mom|mum|dad)\b",
    r"\bI(?: am|'m) (?:not|no) (?:a |an |just a )?(?:ro)?bot\b"
    r"|\bI(?: am|'m) (?:not|no) (?:a |an |just a )?(?:machine|program|AI|chatbot)\b",
    r"\bmy (?:wife|husband|kids|children|mom|mum|boyfriend|girlfriend|family)\b",
    r"\bwhen I was (?:a (?:child|kid|student)|young|little|at school)\b",
    r"\byou(?:'re| are) (?:talking|chatting|speaking) (?:to|with) (?:a (?:real|live|actual) )"
    r"(?:human|person)\b",
)
_ZH_HUMANS: Final = (
    r"我(?:也|就|真的|确实)*是(?:一个|一名|一位|个|名|位)?(?:真人|人工客服|活人|真实的人|普通人|人类)",
    r"作为(?:一个|一名|一位|同样是)?(?:人类|真人|过来人|妈妈|宝妈|女生|消费者|普通人|人)(?!工|员|群|气)"
    r"(?=，?(?:我|也))",
    r"我(?:可|真的|并)?不是(?:一个|一台|个)?(?:机器人|程序|机器|AI|人工智能|智能助手)",
    r"我也是(?:一个|一名|个|位)?(?:人(?!工)|消费者|妈妈|宝妈|打工人|过来人)",
    r"我(?:家)?的?(?:老公|老婆|孩子|女儿|儿子|男朋友|女朋友)",
    r"我小时候|我上学(?:的时候|时)",
)
_HANDED_OVER: Final = frozenset({"agent", "handoff", "handover", "human", "takeover"})

CLAIMS_FEELING: Final = PhraseRule(
    _FEELING,
    (
        *(Phrase(compiled(pattern), _EN_EFFECT) for pattern in _EN_FEELINGS),
        *(
            Phrase(compiled(pattern), _ZH_EFFECT, not_after=harmless)
            for pattern, harmless in _ZH_FEELINGS
        ),
    ),
)
CLAIMS_HUMAN: Final = PhraseRule(
    _HUMAN,
    (
        # A colleague whose words are written as a reply says so after a handoff.
        *(Phrase(compiled(text), _EN_PROGRAM, fine_in=_HANDED_OVER) for text in _EN_HUMANS),
        *(Phrase(compiled(text), _ZH_PROGRAM, fine_in=_HANDED_OVER) for text in _ZH_HUMANS),
    ),
)
