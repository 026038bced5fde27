"""What a file is, by its content: the formats that are taken, and which of them browsers may show.

A name decides nothing but between kinds of plain text. What no signature knows, and what is a
program, a web page or an SVG picture, is none of these.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import puremagic

from rasa_project.attachments import MAX_NAME_CHARACTERS, kind_of
from rasa_project.channels.files.tracks import sound_alone

_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_OPEN: Final = "application/vnd.oasis.opendocument."
# The first extension is given to a file whose name has none of them.
FORMATS: Final[dict[str, tuple[str, ...]]] = {
    "image/jpeg": (".jpg", ".jpeg", ".jfif", ".jpe"),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "image/heif": (".heic", ".heif"),
    "application/pdf": (".pdf",),
    "text/plain": (".txt", ".log", ".md"),
    "text/csv": (".csv",),
    f"{_OFFICE}wordprocessingml.document": (".docx",),
    f"{_OFFICE}spreadsheetml.sheet": (".xlsx",),
    f"{_OFFICE}presentationml.presentation": (".pptx",),
    f"{_OPEN}text": (".odt",),
    f"{_OPEN}spreadsheet": (".ods",),
    f"{_OPEN}presentation": (".odp",),
    "audio/aac": (".aac",),
    "audio/amr": (".amr",),
    "audio/mpeg": (".mp3",),
    "audio/mp4": (".m4a",),
    "audio/ogg": (".ogg", ".oga", ".opus"),
    "audio/wav": (".wav",),
    "video/3gpp": (".3gp", ".3g2", ".3ga"),
    "video/mp4": (".mp4", ".m4v"),
    "audio/webm": (".weba",),
    "video/webm": (".webm",),
    "video/quicktime": (".mov",),
}
# Nothing in these can run, whatever they hold; everything else is saved, never shown.
SHOWN: Final = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
_BY_EXTENSION: Final = {one: kind for kind, ends in FORMATS.items() for one in ends}
_PARTS: Final = {
    "word/document.xml": f"{_OFFICE}wordprocessingml.document",
    "xl/workbook.xml": f"{_OFFICE}spreadsheetml.sheet",
    "ppt/presentation.xml": f"{_OFFICE}presentationml.presentation",
}
# Of "ISO base media" files (ISO/IEC 14496-12, "File Type Box"): a recorder's voice is no film, and
# neither is a photo.
_BRANDS: Final = {
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    **dict.fromkeys((b"3gp4", b"3gp5", b"3gp6", b"3gp7", b"3ge6", b"3g2a"), "video/3gpp"),
    # Photos of phones: ISO/IEC 23008-12, 10.2.
    **dict.fromkeys((b"mif1", b"msf1", b"heic", b"heix", b"heim", b"heis"), "image/heif"),
    **dict.fromkeys((b"hevc", b"hevx", b"hevm", b"hevs"), "image/heif"),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),  # not taken, and no film either
}
_NOT_BY_SIGNATURE: Final = ("text/", _OFFICE, _OPEN)
_MIMETYPE_BYTES: Final = 100
_TEXT_BYTES: Final = 64 * 1024
# Signatures of two letters, which any text may begin with, are given less.
_SURE: Final = 0.35
_UNNAMED: Final = "file"
# Names that sound without pictures keep, because browsers give them.
_ALSO: Final = {"audio/webm": (".webm",), "audio/mp4": (".mp4",)}


class UnknownFormat(Exception):
    """The content is of no format that is taken."""


@dataclass(frozen=True)
class Format:
    """What a file is.

    Attributes:
        mime_type: One of `FORMATS`.
        name: As it was called, with an extension that fits.
    """

    mime_type: str
    name: str

    @property
    def kind(self) -> str:
        """What it is to people; see `attachments.kind_of`."""
        return kind_of(self.mime_type)


def judge(path: Path, name: str, taken: Iterable[str] = FORMATS) -> Format:
    """Say what a file is.

    Args:
        path: The file.
        name: What its owner calls it; never a part of a path of ours.
        taken: MIME types.

    Raises:
        UnknownFormat: It is none of them.
    """
    name, kinds = cleaned(name), set(taken)
    mime_type = _mime_type(path, name)
    # Who takes films takes those without pictures, as films.
    sound = None if mime_type is None else sound_alone(path, mime_type)
    mime_type = sound if sound in kinds else mime_type
    if mime_type is None or mime_type not in kinds:
        raise UnknownFormat(name)
    return Format(mime_type, _named(name, mime_type))


def cleaned(name: str) -> str:
    """Return a file's name without folders, control signs and what hides its end."""
    name = name.encode("utf-8", "replace").decode().replace("\\", "/").rpartition("/")[2]
    # Unprintable are also the marks that turn the direction of what follows: "exe.fdp".
    name = "".join(sign for sign in name if sign.isprintable()).strip(" .")
    stem, dot, end = name.rpartition(".")
    if len(name) > MAX_NAME_CHARACTERS:
        room = MAX_NAME_CHARACTERS - len(end) - 1
        name = f"{stem[:room]}{dot}{end}" if dot and room > 0 else name[:MAX_NAME_CHARACTERS]
    return name or _UNNAMED


def accepted(taken: Iterable[str]) -> list[str]:
    """List the extensions of formats, as a page's file chooser wants them."""
    return [end for mime_type in taken for end in FORMATS[mime_type]]


def _mime_type(path: Path, name: str) -> str | None:
    if zipfile.is_zipfile(path):
        return _document(path)
    if (brand := _brand(path)) in _BRANDS:
        return _BRANDS[brand]
    found = _signatures(path)
    known = [_BY_EXTENSION.get(one.extension, "") for one in found]
    # Of texts a signature knows too little, and of documents only that they are archives.
    mime_type = next((one for one in known if one and not one.startswith(_NOT_BY_SIGNATURE)), None)
    if mime_type is not None:
        return mime_type
    by_name = _BY_EXTENSION.get(Path(name).suffix.lower(), "")
    if by_name.startswith("text/") and not _is_surely_else(found) and _is_text(path):
        return by_name
    return None


def _brand(path: Path) -> bytes:
    with path.open("rb") as file:
        head = file.read(12)
    return head[8:] if head[4:8] == b"ftyp" else b""


def _signatures(path: Path) -> list[Any]:
    try:
        return sorted(puremagic.magic_file(str(path)), key=lambda one: -float(one.confidence))
    except (puremagic.PureError, ValueError):
        return []


def _is_surely_else(found: list[Any]) -> bool:
    return any(
        float(one.confidence) > _SURE
        and not _BY_EXTENSION.get(one.extension, "").startswith("text/")
        for one in found
    )


def _document(path: Path) -> str | None:
    """Look for the part that makes an archive an office document; others are not taken."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "mimetype" in names:
                with archive.open("mimetype") as part:
                    told = part.read(_MIMETYPE_BYTES).decode("ascii", "replace").strip()
                return told if told in FORMATS else None
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError):
        return None
    return next((kind for part, kind in _PARTS.items() if part in names), None)


def _is_text(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(_TEXT_BYTES)
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    try:
        text = head.decode(encoding)
    except UnicodeDecodeError as error:
        # The end may cut a character; Chinese programs still write their own encoding.
        if error.start >= len(head) - 4:
            text = head[: error.start].decode(encoding)
        else:
            text = head.decode("gb18030", "replace")
            if "\ufffd" in text[:-1]:
                return False
    return not any(sign < " " and sign not in "\t\n\r\f" for sign in text)


def _named(name: str, mime_type: str) -> str:
    ends = FORMATS[mime_type]
    if name.lower().endswith(ends + _ALSO.get(mime_type, ())):
        return name
    return f"{name[: MAX_NAME_CHARACTERS - len(ends[0])]}{ends[0]}"
