"""What pictures say beside what they show, taken out without drawing them anew."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from rasa_project.channels.files.stripping import BrokenPicture, strip
from tests.rasa_project.channels.files import samples

PLACE = {0x010F: "Maker", 0x8825: {1: "N", 2: (52.0, 31.0, 0.0), 3: "E", 4: (13.0, 24.0, 0.0)}}
SIDE = 0x0112
PROFILE = b"\0" * 128 + b"a profile"


def photo(kind: str, side: int | None = None) -> bytes:
    exif = Image.Exif()
    for tag, value in PLACE.items():
        exif[tag] = value
    if side is not None:
        exif[SIDE] = side
    held = io.BytesIO()
    more: dict[str, object] = {"exif": exif}
    if kind == "PNG":
        more["pnginfo"] = PngInfo()
        more["pnginfo"].add_text("Comment", "taken at home")  # type: ignore[attr-defined]
    if kind == "JPEG":
        more |= {"comment": "taken at home", "icc_profile": PROFILE, "progressive": True}
    if kind == "WEBP":
        more["xmp"] = b"<x>taken at home</x>"
    noise = Image.effect_noise((64, 48), 80).convert("RGB")
    noise.save(held, kind, **more)
    return held.getvalue()


def stripped(folder: Path, content: bytes, mime_type: str) -> bytes:
    path = folder / "part"
    path.write_bytes(content)
    assert strip(path, mime_type) == path.stat().st_size
    return path.read_bytes()


@pytest.mark.parametrize("side", [None, 1, 6])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_place_maker_and_comments_go_and_what_is_seen_stays(
    tmp_path: Path, kind: str, side: int | None
) -> None:
    whole = photo(kind, side)
    assert b"Maker" in whole
    kept = stripped(tmp_path, whole, f"image/{kind.lower()}")
    assert [word for word in (b"Maker", b"taken at home") if word in kept] == []
    before, after = Image.open(io.BytesIO(whole)), Image.open(io.BytesIO(kept))
    assert after.tobytes() == before.tobytes()
    assert dict(after.getexif()) == ({SIDE: 6} if side == 6 else {})
    assert after.info.get("icc_profile") == before.info.get("icc_profile")
    assert stripped(tmp_path, kept, f"image/{kind.lower()}") == kept


def test_what_a_phone_hangs_behind_a_picture_goes(tmp_path: Path) -> None:
    picture = samples.picture("JPEG")
    assert stripped(tmp_path, picture + b"a film with its place", "image/jpeg") == picture


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "JPEG"])
def test_a_picture_that_says_nothing_stays_as_it_is(tmp_path: Path, kind: str) -> None:
    picture = samples.picture(kind)
    assert stripped(tmp_path, picture, f"image/{kind.lower()}") == picture


def test_a_picture_that_is_cut_off_in_its_scan_is_kept_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = photo("JPEG")
    kept = stripped(tmp_path, whole[:-200], "image/jpeg")
    assert b"Maker" not in kept
    assert kept.endswith(whole[-300:-200])


@pytest.mark.parametrize(
    "content", [b"\xff\xd8\xff\xe1\0\1", b"\xff\xd8\xff\xe0\0\x04JFno marker", b"\xff\xd8\xff"]
)
def test_what_is_no_picture_at_all_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BrokenPicture):
        stripped(tmp_path, content, "image/jpeg")
