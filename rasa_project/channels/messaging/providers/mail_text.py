"""What somebody wrote in a mail, without what they quote and the signature below.

Everything here takes time in proportion to the text: anybody may send a mail, and expressions that
look for the ends of quotations over several lines can be kept busy for minutes by one.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Final

_TAG_CHARACTERS: Final = 2_000
# A tag holds no further `<`, so that one without an end costs no more than its own length.
_TOKEN: Final = re.compile(r"<[^<>]*>|[^<]+|<")
_TAG: Final = re.compile(r"<(?P<ends>/?)(?P<name>[A-Za-z][A-Za-z0-9]{0,20})")
_LOOKED_AT: Final = 100_000  # characters; the layer keeps a fifth of that
_ATTRIBUTION_LINES: Final = 3
_ATTRIBUTION_CHARACTERS: Final = 300
_SIGNATURE_LINES: Final = 15

_QUOTED: Final = re.compile(r"[ \t]*>")
_QUOTE_SIGN: Final = re.compile(r"^[ \t]*> ?")
_RULE: Final = re.compile(r"[ \t]*(?:_{10,}|-{2,}[ \t]*[^-\s][^-]{2,60}-{2,})[ \t]*")
# The line above a quotation names a date or an address, and ends with a colon in every language.
_DATE: Final = re.compile(r"\b\d{4}\b|\b\d{1,2}[:.]\d{2}\b|\d月")
_WHO: Final = re.compile(r"[@<]")
_COLONS: Final = (":", "：")
# What Outlook and others put above the mail that is answered: "From: Ana", "发件人：Ana".
_HEADER: Final = re.compile(r"[ \t]*\**[ \t]*(?P<name>[^\s:：*](?:[^:：*\n]{0,22}))\**[ \t]*[:：]")
_FROM: Final = frozenset(
    ["from", "von", "de", "da", "van", "från", "fra", "od", "от", "发件人", "寄件者", "寄件人",
     "差出人", "보낸 사람"]
)  # fmt: skip
_MORE: Final = frozenset(
    ["sent", "date", "to", "subject", "cc", "gesendet", "datum", "an", "betreff", "envoyé", "à",
     "objet", "enviado", "fecha", "para", "asunto", "inviato", "data", "a", "oggetto", "verzonden",
     "aan", "onderwerp", "skickat", "till", "ämne", "sendt", "til", "emne", "wysłano", "do",
     "temat", "assunto", "отправлено", "кому", "тема", "发送时间", "发送日期", "日期", "收件人",
     "主题", "主旨", "抄送", "寄件日期", "收件者", "送信日時", "宛先", "件名", "보낸 날짜",
     "받는 사람", "제목"]
)  # fmt: skip
_DEVICE: Final = re.compile(
    r"(?:sent from (?:my|outlook|yahoo|mail)|get outlook for|von mein\w+ .{1,40}gesendet|"
    r"gesendet von|envoyé de(?:puis)? mon|enviado desde mi|inviato da|发自我的|来自我的|從我的)",
    re.IGNORECASE,
)  # fmt: skip


def reply_of(text: str) -> str:
    """Return what was written now.

    A mail that holds nothing else, such as one that was passed on, is returned whole: better to
    read too much than to lose what a customer says.
    """
    text = text[:_LOOKED_AT].replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    lines = [line.rstrip(" \t\u200b\ufeff") for line in text.split("\n")]
    written = _without_signature(_without_quotes(lines))
    return _joined(written) or _joined([_QUOTE_SIGN.sub("", line) for line in lines])


def unflowed(text: str) -> str:
    """Join the lines that a mail program broke (RFC 3676): those that end with a space go on."""
    lines: list[str] = []
    flows = False
    for line in text.replace("\r\n", "\n").split("\n"):
        quoted = line.startswith(">")
        if flows and not quoted and line != "-- ":
            lines[-1] += line
        else:
            lines.append(line)
        flows = line.endswith(" ") and line != "-- " and not quoted
    return "\n".join(lines)


def text_of_html(html: str) -> str:
    """Return the words of a page, a line a paragraph; what is quoted begins with `> `."""
    page = _Page()
    for token in _TOKEN.finditer(_without_comments(html[:_LOOKED_AT])):
        if token[0].startswith("<") and token[0].endswith(">"):
            page.tag(token[0])
        else:
            page.words(token[0])
    return page.text()


def _without_comments(html: str) -> str:
    kept: list[str] = []
    end = 0
    while (begin := html.find("<!--", end)) >= 0:
        kept.append(html[end:begin])
        end = html.find("-->", begin)
        if end < 0:
            return "".join(kept)
        end += 3
    return "".join([*kept, html[end:]])


def _joined(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _without_quotes(lines: list[str]) -> list[str]:
    kept: list[str] = []
    quoting = False
    for at, line in enumerate(lines):
        if _QUOTED.match(line):
            if not quoting:
                _drop_attribution(kept)
            quoting = True
        elif _begins_old_mail(lines, at):
            break
        elif line or not quoting:
            if quoting and kept:
                kept.append("")  # between the answers to two quotations
            kept.append(line)
            quoting = False
    return kept


def _drop_attribution(kept: list[str]) -> None:
    """Take away the lines right above a quotation that say who wrote it, and when."""
    while kept and not kept[-1]:
        kept.pop()
    if not kept or not kept[-1].endswith(_COLONS):
        return
    above = 0
    for count, line in enumerate(reversed(kept[-_ATTRIBUTION_LINES:]), 1):
        if not line or len(line) > _ATTRIBUTION_CHARACTERS:
            break
        if _DATE.search(line) or _WHO.search(line):
            above = count
        if _DATE.search(line):
            break
    del kept[len(kept) - above :]


def _begins_old_mail(lines: list[str], at: int) -> bool:
    """Say whether the mail that is answered begins here, as Outlook copies it below the answer."""
    if _RULE.fullmatch(lines[at]):
        below = [line for line in lines[at + 1 : at + 6] if line]
        return bool(below) and _header(below[0]) in _FROM
    if _header(lines[at]) not in _FROM:
        return False
    names = [_header(line) for line in lines[at + 1 : at + 6] if line]
    return sum(name in _MORE for name in names) >= 2


def _header(line: str) -> str:
    match = _HEADER.match(line[:80])
    return match["name"].strip().lower() if match else ""


def _without_signature(lines: list[str]) -> list[str]:
    """Cut a signature that is marked as one, by `--` or by what devices add; words alone are kept.

    "Thanks," may begin a signature, and the next sentence of a complaint as well.
    """
    while lines and not lines[-1]:
        lines.pop()
    for at in range(max(0, len(lines) - _SIGNATURE_LINES - 1), len(lines)):
        if lines[at] == "--":
            del lines[at:]
            break
    while lines and (not lines[-1] or (_DEVICE.match(lines[-1].lstrip()) and len(lines) > 1)):
        lines.pop()
    return lines


class _Page:
    """Collects the words of a mail's page."""

    _HIDDEN: Final = frozenset({"script", "style", "head", "title", "template"})
    _LINES: Final = frozenset(
        {"p", "div", "br", "li", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "pre", "hr",
         "blockquote", "section", "article"}
    )  # fmt: skip
    _EMPTY: Final = frozenset({"br", "hr", "img", "meta", "link", "input", "wbr"})
    # Where mail programs put what is answered: Gmail, Outlook on the web, Yahoo, Thunderbird.
    _OLD: Final = re.compile(
        r"(?:class|id)=[\"']?[^\"'>]{0,200}(?:gmail_quote|yahoo_quoted|moz-cite-prefix|"
        r"protonmail_quote|divRplyFwdMsg|appendonsend)"
    )

    def __init__(self) -> None:
        self._lines: list[list[str]] = [[]]
        self._hidden = 0
        self._quoted = 0
        self._open: list[tuple[str, bool]] = []  # tag, and whether it began a quotation

    def tag(self, text: str) -> None:
        """Take a tag, from `<` to `>`."""
        match = _TAG.match(text)
        if match is None:
            return
        name = match["name"].lower()
        if name in self._LINES:
            self._lines.append([])
        if match["ends"]:
            self._end(name)
        elif name not in self._EMPTY and not text.endswith("/>"):
            quotes = name == "blockquote" or bool(self._OLD.search(text[:_TAG_CHARACTERS]))
            self._quoted += quotes
            self._hidden += name in self._HIDDEN
            self._open.append((name, quotes))

    def _end(self, tag: str) -> None:
        """End a tag, with what was never closed within."""
        if all(tag != name for name, _ in self._open[-20:]):
            return
        while self._open:
            name, quotes = self._open.pop()
            self._quoted -= quotes
            self._hidden -= name in self._HIDDEN
            if name == tag:
                break

    def words(self, text: str) -> None:
        """Take what stands between tags."""
        words = re.sub(r"[ \t\r\n\f]+", " ", unescape(text))
        if self._hidden or not words:
            return
        line = self._lines[-1]
        if not line or line[-1].endswith(" "):
            words = words.lstrip(" ")
        if words and not line and self._quoted:
            line.append("> ")
        if words:
            line.append(words)

    def text(self) -> str:
        """Return the lines."""
        lines = ("".join(line) for line in self._lines)
        return "\n".join(line.replace("\xa0", " ").rstrip() for line in lines)
