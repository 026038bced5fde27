"""How a reply treats the customer: blame, orders to be calm, belittling, set phrases."""

from __future__ import annotations

from typing import Final

from emotion_component.reply_rules.phrases import Phrase, PhraseRule, compiled
from emotion_component.reply_rules.reply import Rule

_EN_IF: Final = compiled(r"\b(?:if|in case|when|whether|unless|did|not|never)\b|n't\b")
_ZH_IF: Final = compiled(r"如果|若|要是|万一|是不是|是否|可能|也许|不$|不是|并非|怕|防止|避免")

_BLAMES: Final = Rule(
    "blames-customer",
    "error",
    "puts the blame on the customer",
    "Whoever is told that it is their fault argues about the fault instead of mending the matter.",
)
_EN_BLAME_INSTEAD: Final = (
    "say what can be done from here: “The number that was given isn't in our records.”"
)
_ZH_BLAME_INSTEAD: Final = "只说现在能怎么办，比如“这个订单号系统里没有，能再核对一下吗？”"
_EN_BLAMES: Final = (
    r"\byou (?:should(?:n't)?(?: not)?|ought to|needed to) have (?:(?:just|simply|already"
    r"|first) )?(?:checked"
    r"|read|told|contacted|called|asked|kept|known|ordered|thought|noticed|waited|done|written"
    r"|mentioned|said|informed|provided|followed|chosen|been more|looked|tried|returned|come|let"
    r"|used"
    r"|given|reported|saved|listened|opened|clicked|thrown|paid more)\b|\byou should've \w+",
    r"\byou could have (?:just|simply|easily) \w+",
    r"\b(?:as|like) I(?:'ve| have)? (?:(?:already|just|previously|clearly) )*(?:said|told you"
    r"|mentioned"
    r"|explained|stated|wrote)\b|\bas (?:previously|already) (?:mentioned|stated|explained|said"
    r"|told)\b",
    r"\b(?:I|we)(?:'ve| have)? already (?:told you|explained|said|answered)\b",
    r"\byou (?:clearly |obviously |simply |just )?(?:failed|forgot|neglected) to\b",
    r"\b(?:is|was|'s) (?:entirely |all |clearly |actually )?your (?:own )?(?:fault|mistake)\b",
    r"\bbecause you (?:didn't|did not|failed|forgot|chose to|ignored)\b",
    r"\byou (?:clearly |obviously )?(?:entered|gave us|gave me|gave|typed|provided|ordered|chose"
    r"|picked) "
    r"(?:the|an?) (?:wrong|invalid|incorrect)\b",
    r"\byou(?:'re| are) (?:wrong|mistaken|not listening|confused)\b(?! (?:item|order|about how))"
    r"|\byou (?:clearly|obviously) (?:don't|didn't|did|have)\b|\byou misunderstood\b",
    r"\byou (?:didn't|did not|haven't) (?:read|listen|pay attention|follow)\w*\b",
    r"\bnext time,? (?:please )?(?:check|read|be more careful|pay|make sure|remember)\b"
    r"|\b(?:be|read \w+) more careful(?:ly)?\b|\bread (?:it|them|the \w+(?: \w+)?) properly\b",
)
_ZH_BLAMES: Final = (
    r"[您你](?:本来|当初|早|之前|本|当时|自己)*就?应?该(?:要)?(?:早点|早些|早一点|早一些|早就"
    r"|早说|仔细看清?)"
    r"|[您你]早(?:就)?(?:该|应该)|[您你]早点?(?:说|讲|告诉我们)(?:不)?就",
    r"[您你](?:当初|之前|当时)?(?:怎么|为什么|为何|干嘛)(?:不|没)(?:早|提前|仔细|看清|先|认真"
    r"|及时|说)",
    r"(?:是|都是|因为|由于|属于)[您你](?:(?:自己|本人|自身|个人)的?(?:问题|原因|操作|责任|疏忽"
    r"|失误|过错)"
    r"|的(?:错|责任|失误|疏忽|过错))|[您你]自己(?:操作|没|不看|不|选错|填错|弄错|写错|弄坏|粗心"
    r"|大意)",
    r"我(?:刚才|之前|刚刚|前面|上面|已经|都|就|早就)+(?:说|讲|告诉|解释|提醒)(?:过|了|[您你]|得很)"
    r"|(?:刚才|前面|刚刚)(?:已经|都|就)*(?:说|讲|解释)(?:过|得很清楚)|正如我(?:刚才|之前"
    r"|前面)?所?说",
    r"不是(?:已经|都|早就)*(?:跟[您你]|和[您你])?(?:说|告诉|讲|提醒)过?[您你]?了?吗",
    r"[您你](?:并|根本|压根|完全|明明|显然|就)*没有?(?:看清|仔细看|认真看|仔细阅读|认真阅读|听懂"
    r"|看说明|按照?(?:要求|说明|步骤|规定))",
    r"[您你](?:自己|当时)?(?:填|输|写|弄|搞|选|看|记|点|拍|买)错(?!误)",
    r"下次(?:请|麻烦|记得|要|您|一定要)*(?:仔细|注意|早点|看清|小心|认真)",
    r"(?<!不)(?:谁让|谁叫|都怪|要怪就怪|怪只怪)[您你]|[您你](?:根本|压根|明明|完全)(?:没|不|就)",
    r"[您你](?:误会|搞混|理解错|弄混)(?:了|我)",
)
BLAMES_CUSTOMER: Final = PhraseRule(
    _BLAMES,
    (
        *(Phrase(compiled(text), _EN_BLAME_INSTEAD, not_after=_EN_IF) for text in _EN_BLAMES),
        *(Phrase(compiled(text), _ZH_BLAME_INSTEAD, not_after=_ZH_IF) for text in _ZH_BLAMES),
    ),
)

_COMMANDS: Final = Rule(
    "commands-calm",
    "error",
    "tells the customer how to feel",
    "An order to be calm or patient says that the feeling is the problem, and feeds it.",
)
_EN_CALM_INSTEAD: Final = (
    "take the matter up at once: “That is a fair complaint. What is the order number?”"
)
_ZH_CALM_INSTEAD: Final = "直接着手办事，比如“您的意见很在理，请告诉我订单号。”"
_EN_CALM: Final = (
    r"(?<!things\s)(?<!it\s)(?<!traffic\s)\bcalm (?:yourself )?down\b|\bcalm yourself\b",
    r"\b(?:please|just|try to|and|to|must|should|kindly) (?:stay|keep|remain|be) calm\b"
    r"|^(?:stay|keep|remain) calm\b|(?<=[.!?]\s)(?:stay|keep|remain) calm\b",
    r"(?:^|(?<=[.!?,]\s))(?:please |just )?relax\b(?! \w)|\b(?:please|just) relax\b|\bchill out\b"
    r"|\bsettle down\b(?! in)",
    r"\btake a deep breath\b|\bdon't panic\b|\bno need to panic\b",
    r"\b(?:please|just|try to|need to|have to|must|should|kindly"
    r"|asked? you to) (?:do )?(?:\w+ )?be (?:more )?patient\b"
    r"|(?:^|(?<=[.!?]\s))be patient\b|\bhave (?:some|a little|a bit of) patience\b",
    r"\b(?:there's |there is )?no need to (?:shout|yell|be rude|be angry|get angry|get upset"
    r"|be upset"
    r"|swear|raise your voice|worry so)\b",
    r"\b(?:do not|don't) (?:be|get) (?:so )?(?:angry|upset|mad|rude|worked up|emotional"
    r"|frustrated)\b",
    r"\bstop (?:shouting|yelling|complaining|swearing|panicking)\b"
    r"|\b(?:watch|mind) your (?:language|tone|words)\b|\blower your voice\b",
)
_ZH_CALM: Final = (
    r"(?:请|先|您|你|保持|务必|麻烦)(?:[您你]|先|要|务必|保持|能|稍微)*冷静(?!期)|冷静(?:一下"
    r"|一点|点|些|下来)",
    r"(?:别|不要|勿|不用|莫)(?:这么|那么|太|过于|再)?(?:激动|生气|发火|动怒|发脾气|上火)|稍安勿躁"
    r"|息怒|消消气|消气",
    r"(?:平复|控制|调整)(?:一下|好)?(?:[您你])?的?(?:心情|情绪)|注意(?:一下)?[您你]的(?:言辞|语气"
    r"|态度|用词)",
    r"有话好好说|(?:别|不要)(?:再)?(?:吵|骂人?|喊|嚷|闹|催)(?:了|我们|啦|！|。|，|$)",
    r"(?:请|麻烦)[您你]?(?:们)?(?:再)?(?:稍微)?(?:保持)?耐心|耐心(?:等待|等候|点|一点|一些)"
    r"|少安毋躁",
)
_ZH_CALM_ONLY_UPSET: Final = r"(?:别|不要|不用|莫)(?:着急|急(?!性)|慌)"
_THANKED: Final = compiled(r"\b(?:thank\w*|appreciate)\b|感谢|谢谢|多谢|不必|如果")
COMMANDS_CALM: Final = PhraseRule(
    _COMMANDS,
    (
        *(Phrase(compiled(text), _EN_CALM_INSTEAD, not_after=_THANKED) for text in _EN_CALM),
        *(Phrase(compiled(text), _ZH_CALM_INSTEAD, not_after=_THANKED) for text in _ZH_CALM),
        Phrase(compiled(_ZH_CALM_ONLY_UPSET), _ZH_CALM_INSTEAD, only_upset=True),
    ),
)

_MINIMISES: Final = Rule(
    "minimises",
    "warning",
    "makes the matter smaller than it is to the customer",
    "How large a matter is, the customer says. Making it small says that they are wrong to mind.",
)
_EN_SMALL_INSTEAD: Final = "name it at its size: “Three days late is too long.”"
_ZH_SMALL_INSTEAD: Final = "按实际情况说，比如“晚了三天，确实太久了。”"
_EN_LITTLE: Final = r"(?:small|minor|little|tiny|slight|trivial)"
_EN_MATTER: Final = (
    r"(?:issue|problem|hiccup|glitch|inconvenience|mishap|hitch|mix-up|delay|mistake|matter"
    r"|misunderstanding|thing|setback)\b"
)
_EN_SMALL: Final = (
    rf"\b(?:a|an|this|that|some|just|only|such a) {_EN_LITTLE} {_EN_MATTER}",
    r"\b(?:it|that|this)(?:'s| is| was) (?:only|just) an? (?:formality|misunderstanding|glitch"
    r"|hiccup"
    r"|delay|mistake|detail|couple of (?:minutes|hours|days))\b",
    r"\b(?:only|just) (?:a few|\d+|\{\w+\}|one|two|three|a couple of|a) (?:working )?(?:minutes?"
    r"|hours?|days?|weeks?)"
    r"(?:'s|')? (?:late|overdue|behind|delay)\b|\b(?:it|that|this)(?:'s| is| was) (?:only"
    r"|just) (?:a few|\d+|one"
    r"|two|three) (?:minutes?|hours?|days?|weeks?)\b(?! (?:away|until|before|left|old))",
    r"\b(?:not|isn't|no|hardly|wasn't)(?: such)?(?: a)? big deal\b|\bnothing to (?:worry"
    r"|get upset) about\b"
    r"|\b(?:not|isn't) the end of the world\b|\b(?:these )?things happen\b"
    r"|\b(?:it )?could be worse\b"
    r"|\b(?:not|isn't) that bad\b|\boverreact\w*|\blook on the bright side\b"
    r"|\bnot worth (?:getting|being) upset\b",
)
_EN_SMALL_UPSET: Final = (
    r"\bno problem\b(?! (?:with|in|was|has|on))|\bno worries\b|\bnot a problem\b|\b(?:don't"
    r"|do not) worry\b"
    r"|\bno need to worry\b|\bit's (?:all )?(?:fine|okay|ok)\b"
)
_ZH_SMALL: Final = (
    r"(?:只?是|属于|不过|一个|一点|这点|这种|个|都是)(?:很|非常)?小(?:问题|事(?!项)|毛病|误会"
    r"|插曲|失误|状况|瑕疵)",
    r"没什么大不了|不是什么大(?:事|问题)|没多大(?:点|的)?事|多大点(?:儿)?事"
    r"|(?<!都)不算什么(?!大?问题)|没什么大(?:问题|碍|事)"
    r"|何必(?:这么|那么)?(?:生气|着急|计较)|想开(?:一)?点|小题大做|没必要(?:这么|那么)?(?:生气"
    r"|着急|计较)",
    r"(?:只|才|只是|不过|仅仅?)(?:是)?(?:晚|迟|延误|耽误|延迟"
    r"|超)(?:到)?了?\s*(?:[\d一二两三四五几]+|\{\w+\})\s*"
    r"(?:分钟|个?小时|天|个?工作日|日|周)",
)
_ZH_SMALL_UPSET: Final = (
    r"没事(?:的|儿)?(?=[，。！!,]|$)|没关系|(?:别|不用|不必|无需|不要)(?:太)?(?:担心|担忧|操心)"
    r"|小事一桩|没问题(?=[，。！!,]|$)|小问题"
)
_EN_IF_SMALL: Final = compiled(r"\b(?:if|for|whether|any|even|or|never|not)\b")
_ZH_IF_SMALL: Final = compiled(
    r"如果|任何|常见|遇到|哪怕|不管|无论|即使|再|有什么|不$|不是|绝非|并非"
)
MINIMISES: Final = PhraseRule(
    _MINIMISES,
    (
        *(Phrase(compiled(text), _EN_SMALL_INSTEAD, not_after=_EN_IF_SMALL) for text in _EN_SMALL),
        *(Phrase(compiled(text), _ZH_SMALL_INSTEAD, not_after=_ZH_IF_SMALL) for text in _ZH_SMALL),
        Phrase(compiled(_EN_SMALL_UPSET), _EN_SMALL_INSTEAD, True, _EN_IF_SMALL),
        Phrase(compiled(_ZH_SMALL_UPSET), _ZH_SMALL_INSTEAD, True, _ZH_IF_SMALL),
    ),
)

_FILLER: Final = Rule(
    "corporate-filler",
    "warning",
    "is a set phrase that says nothing",
    "Customers have read it a hundred times and know that nothing follows from it.",
)
_EN_FILLER_INSTEAD: Final = (
    "say what happened and what comes next: “The parcel is three days late.”"
)
_ZH_FILLER_INSTEAD: Final = "说清发生了什么、接下来做什么，比如“包裹晚了三天。”"
_EN_FILLERS: Final = (
    r"\b(?:is|are) (?:very |extremely |really |so |always )?(?:important|valuable|vital) to us\b"
    r"|\b(?:is|remains) our (?:top|highest|number one|first|main) priority\b",
    r"\b(?:sorry|apolog\w+|regret\w*)\b[^.!?]{0,40}\binconvenience|\bany inconvenience\b",
    r"\bwe (?:really |truly |greatly |highly )?value (?:your|you)\b|\bvalued (?:customer|client"
    r"|guest|member)s?\b"
    r"|\bdear (?:customer|user|client|sir|valued)\b",
    r"\bwe (?:always )?(?:strive|pride ourselves|endeavou?r|are committed|aim) (?:to|on|in)\b",
    r"\bat your earliest convenience\b|\b(?:please|kindly) be (?:advised|informed)\b"
    r"|\bkindly note\b"
    r"|\b(?:do not|don't|never) hesitate to\b|\bas per our\b|\bunforeseen circumstances\b"
    r"|\brest assured\b",
    r"\bhigh(?:er)?(?: than (?:usual|normal|expected|average))? (?:call |message "
    r"|contact )?volumes?\b",
    r"\bthank you for (?:your )?(?:continued|understanding and|patience and|cooperation and)\b"
    r"|\bfor your (?:continued )?(?:loyalty|patronage)\b",
)
_ZH_FILLERS: Final = (
    r"(?:给|对|为)[您你](?:所)?(?:带来|造成|产生)(?:了|的)?(?:诸多|很多|任何|一些|极大|的)*不便"
    r"|不便之处",
    r"敬请(?:谅解|见谅|理解|放心|原谅|期待)|(?:还请|望|恳请)[您你]?(?:多多|予以)?(?:谅解|见谅"
    r"|海涵)|深表歉意|致以(?:最)?(?:诚挚|真诚)",
    r"(?:尊敬|亲爱)的(?:客户|用户|顾客|会员|买家|朋友)",
    r"感谢[您你](?:一直以来)?(?:对[^，。！？；]{1,12})?的?(?:大力|长期)?(?:支持(?:与|和|、)"
    r"|信任(?:与|和|、)|理解(?:与|和|、)|配合(?:与|和|、)|厚爱|关注与)",
    r"[您你]的(?:满意|反馈|意见|建议|来电|支持|信任)(?:就)?(?:是"
    r"|对)我们(?:[^，。！？；]{0,10})(?:动力|追求|重要|宗旨|目标|宝贵)",
    r"竭诚为[您你]|竭诚服务|(?:高度|非常)重视[您你]|顾客(?:至上|就是上帝)|以客户为中心|不可抗力"
    r"|话务繁忙|坐席(?:全)?忙|全力以赴",
)
CORPORATE_FILLER: Final = PhraseRule(
    _FILLER,
    (
        *(Phrase(compiled(text), _EN_FILLER_INSTEAD) for text in _EN_FILLERS),
        *(Phrase(compiled(text), _ZH_FILLER_INSTEAD) for text in _ZH_FILLERS),
    ),
)
