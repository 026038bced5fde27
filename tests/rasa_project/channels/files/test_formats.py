"""What a file is, by its content."""

from __future__ import annotations

from pathlib import Path

import pytest

from rasa_project.channels.files.formats import UnknownFormat, cleaned, judge
from tests.rasa_project.channels.files import samples

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def put(folder: Path, content: bytes) -> Path:
    path = folder / "part"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "name", "found"),
    [
        (samples.picture(), "mug.png", ("image/png", "mug.png")),
        (samples.picture("JPEG"), "IMG_1.JPG", ("image/jpeg", "IMG_1.JPG")),
        (samples.picture("GIF"), "a.gif", ("image/gif", "a.gif")),
        (samples.picture("WEBP"), "a.jpg", ("image/webp", "a.jpg.webp")),
        (samples.picture(), "evil.html", ("image/png", "evil.html.png")),
        (samples.HEIC, "a.HEIC", ("image/heif", "a.HEIC")),
        (samples.PHOTO, "photo.heic", ("image/heif", "photo.heic")),
        (samples.PDF, "bill", ("application/pdf", "bill.pdf")),
        (samples.DOCX, "a.docx", (WORD, "a.docx")),
        (samples.ODS, "a.ods", ("application/vnd.oasis.opendocument.spreadsheet", "a.ods")),
        (samples.MP3, "a.mp3", ("audio/mpeg", "a.mp3")),
        (samples.MP4, "a.mp4", ("video/mp4", "a.mp4")),
        (samples.M4A, "voice", ("audio/mp4", "voice.m4a")),
        (samples.AMR, "voice", ("audio/amr", "voice.amr")),
        (samples.AAC, "voice.aac", ("audio/aac", "voice.aac")),
        (samples.THREE_GP, "film", ("video/3gpp", "film.3gp")),
        (samples.WEBM, "voice.webm", ("video/webm", "voice.webm")),
        (b"order,price\nA1042,12\n", "a.csv", ("text/csv", "a.csv")),
        ("订单号 A1042".encode(), "a.txt", ("text/plain", "a.txt")),
        ("订单号 A1042，还没有收到".encode("gb18030"), "a.txt", ("text/plain", "a.txt")),
        ("Grüße".encode("utf-16"), "a.txt", ("text/plain", "a.txt")),
    ],
    ids=lambda value: "content" if isinstance(value, bytes) else None,
)  # fmt: skip
def test_content_says_what_a_file_is_and_the_name_is_made_to_fit(
    tmp_path: Path, content: bytes, name: str, found: tuple[str, str]
) -> None:
    told = judge(put(tmp_path, content), name)
    assert (told.mime_type, told.name) == found


@pytest.mark.parametrize("name", ["a.png", "a.pdf", "a.txt", "a"])
@pytest.mark.parametrize(
    "content",
    [samples.picture("AVIF"), samples.SVG, samples.HTML, samples.PROGRAM, samples.ELF, samples.ZIP,
     b"\0" * 64, b"PK\x03\x04 no archive at all"],
    ids=["avif", "svg", "page", "program", "elf", "zip", "zeros", "broken zip"],
)  # fmt: skip
def test_programs_pages_drawings_and_archives_are_taken_under_no_name(
    tmp_path: Path, content: bytes, name: str
) -> None:
    with pytest.raises(UnknownFormat):
        judge(put(tmp_path, content), name)


def test_a_format_that_the_operator_left_out_is_not_taken(tmp_path: Path) -> None:
    path = put(tmp_path, samples.PDF)
    with pytest.raises(UnknownFormat):
        judge(path, "a.pdf", ["image/png"])


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\mine\\mug.png", "mug.png"),
        ("mug\u202egnp.exe\n", "muggnp.exe"),
        ("\ud800.png", "?.png"),
        ("", "file"),
        ("...", "file"),
        ("长" * 300 + ".png", "长" * 196 + ".png"),
    ],
)
def test_a_name_is_a_name_and_no_path(name: str, clean: str) -> None:
    assert cleaned(name) == clean
