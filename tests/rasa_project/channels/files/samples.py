"""Files of the kinds that customers send, and of those that they must not."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Final

from PIL import Image

# Written by libheif and FFmpeg, with place, time and maker.
MEDIA: Final = Path(__file__).parent / "media"


def picture(kind: str = "PNG", colour: str = "teal", size: tuple[int, int] = (64, 48)) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", size, colour).save(held, kind)
    return held.getvalue()


def archive(**parts: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as zipped:
        for name, content in parts.items():
            zipped.writestr(name, content)
    return held.getvalue()


DOCX = archive(**{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"})
ODS = archive(mimetype="application/vnd.oasis.opendocument.spreadsheet")
ZIP = archive(**{"a.txt": "a"})
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"
MP3 = b"ID3\x03\0\0\0\0\0\0" + b"\0" * 50
MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 50
M4A = b"\0\0\0\x1cftypM4A \0\0\0\0M4A mp42isom" + b"\0" * 50
THREE_GP = b"\0\0\0\x18ftyp3gp4\0\0\0\x003gp43gp6" + b"\0" * 50
AMR = b"#!AMR\n" + b"\x3c" * 50
AAC = b"\xff\xf1\x50\x80\x02\x1f\xfc" + b"\0" * 50
WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm"
PHOTO = (MEDIA / "photo.heic").read_bytes()
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!doctype html><script>alert(1)</script>"
PROGRAM = b"MZ\x90\0\3\0\0\0" + b"\0" * 200
ELF = b"\x7fELF\2\1\1" + b"\0" * 60
SCRIPT = b"#!/bin/sh\nrm -rf /\n"
# The harmless string that virus scanners take for a virus, in two halves so that none takes this.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
