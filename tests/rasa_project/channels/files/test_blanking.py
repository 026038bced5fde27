"""What films and HEIF pictures tell, blanked where it stands."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from rasa_project.channels.files.formats import judge
from rasa_project.channels.files.stripping import BrokenPicture, strip
from tests.rasa_project.channels.files.samples import MEDIA

TYPES = {
    "photo.heic": "image/heif",
    "film.mov": "video/quicktime",
    "film.mp4": "video/mp4",
    "film.3gp": "video/3gpp",
}
TOLD = (b"Maker", b"taken at home", b"+52.5166", b"2026-05-04", b"loci", b"earth")
WHERE = b"+48.8584+002.2945/"


def box(name: bytes, *content: bytes) -> bytes:
    inside = b"".join(content)
    return struct.pack(">I4s", len(inside) + 8, name) + inside


def full(name: bytes, *content: bytes) -> bytes:
    return box(name, b"\0\0\0\0", *content)


def track(kind: bytes, chunk_at: int, lengths: list[int]) -> bytes:
    counts = struct.pack(">III", 0, len(lengths), 0)[:8]
    stsz = full(b"stsz", counts, *(struct.pack(">I", length) for length in lengths))
    stsc = full(b"stsc", struct.pack(">IIII", 1, 1, len(lengths), 1))
    stco = full(b"stco", struct.pack(">II", 1, chunk_at))
    media = box(
        b"mdia",
        full(b"mdhd", struct.pack(">4I", 3_800_000_000, 3_800_000_000, 1_000, 5_000)),
        full(b"hdlr", b"\0\0\0\0", kind, b"\0" * 12),
        box(b"minf", box(b"stbl", stsz, stsc, stco)),
    )
    return box(b"trak", full(b"tkhd", b"\x7f" * 8, b"\0" * 72), media)


def film(*more: bytes) -> bytes:
    """A film of pictures and of where the camera was at each."""
    head = box(b"ftyp", b"mp42\0\0\0\0mp42isom")
    pictures, places = b"pictures of a street", WHERE * 2
    at = len(head) + 8
    return b"".join(
        [
            head,
            box(b"mdat", pictures, places),
            box(
                b"moov",
                track(b"vide", at, [len(pictures)]),
                track(b"meta", at + len(pictures), [len(WHERE)] * 2),
                *more,
            ),
        ]
    )


def blanked(folder: Path, content: bytes, mime_type: str) -> bytes:
    path = folder / "part"
    path.write_bytes(content)
    assert strip(path, mime_type) == len(content)
    return path.read_bytes()


def pictures_of(content: bytes) -> bytes:
    at = content.index(b"mdat") - 4
    (length,) = struct.unpack_from(">I", content, at)
    return content[at : at + length]


@pytest.mark.parametrize("name", TYPES)
def test_place_time_and_maker_go_and_the_file_is_of_its_kind_still(
    tmp_path: Path, name: str
) -> None:
    content = (MEDIA / name).read_bytes()
    told = [word for word in TOLD if word in content]
    assert told
    kept = blanked(tmp_path, content, TYPES[name])
    assert [word for word in TOLD if word in kept] == []
    assert judge(tmp_path / "part", name).mime_type == TYPES[name]
    assert blanked(tmp_path, kept, TYPES[name]) == kept


@pytest.mark.parametrize("name", ["film.mov", "film.mp4", "film.3gp"])
def test_what_is_seen_in_a_film_stays_byte_by_byte(tmp_path: Path, name: str) -> None:
    content = (MEDIA / name).read_bytes()
    kept = blanked(tmp_path, content, TYPES[name])
    assert pictures_of(kept) == pictures_of(content)
    at = content.index(b"mvhd") + 8
    assert any(content[at : at + 8]) and not any(kept[at : at + 8])
    changed = [n for n, (old, new) in enumerate(zip(content, kept, strict=True)) if old != new]
    # Where the samples are stays as well: nothing before the list of what the film is changes.
    assert changed[0] > content.index(b"moov")


def test_what_is_seen_in_a_heif_picture_stays_byte_by_byte(tmp_path: Path) -> None:
    content = (MEDIA / "photo.heic").read_bytes()
    kept = blanked(tmp_path, content, "image/heif")
    changed = [n for n, (old, new) in enumerate(zip(content, kept, strict=True)) if old != new]
    # What libheif wrote of it stands side by side: four bytes, `Exif`, the list, and the XMP.
    begin = content.index(b"MM\0*") - 10
    end = content.index(b"<x>taken at home</x>") + len(b"<x>taken at home</x>")
    assert content[begin : begin + 10] == b"\0\0\0\6Exif\0\0"
    assert begin <= changed[0] and changed[-1] < end


def test_where_a_camera_was_frame_by_frame_goes_with_its_track(tmp_path: Path) -> None:
    content = film()
    assert content.count(WHERE) == 2
    kept = blanked(tmp_path, content, "video/mp4")
    assert WHERE not in kept
    assert b"pictures of a street" in kept
    assert [kept.count(word) for word in (b"trak", b"vide", b"meta")] == [1, 1, 0]


def test_what_stands_beside_the_film_or_in_its_user_data_goes(tmp_path: Path) -> None:
    telling = box(b"udta", box(b"\xa9xyz", WHERE))
    content = film(telling, box(b"uuid", b"\x11" * 16, WHERE)) + box(b"mpvd", WHERE) + telling
    kept = blanked(tmp_path, content, "video/mp4")
    assert WHERE not in kept
    assert kept.count(b"free") == 1 + 2 + 2  # the track, two within and two beside


@pytest.mark.parametrize(
    "content",
    [
        film(box(b"cmov", b"a list that is compressed")),
        film(box(b"mvex", b"in fragments")),
        film() + struct.pack(">I4s", 4, b"shrt") + b"\0" * 8,
        film().replace(b"stco", b"none"),
    ],
)
def test_a_film_that_may_tell_where_nobody_looks_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BrokenPicture):
        blanked(tmp_path, content, "video/mp4")


@pytest.mark.parametrize("cut", [30, 100, 300, 500])
def test_a_picture_or_film_that_is_cut_off_tells_nothing_or_is_refused(
    tmp_path: Path, cut: int
) -> None:
    for name, mime_type in TYPES.items():
        content = (MEDIA / name).read_bytes()[:-cut]
        try:
            kept = blanked(tmp_path, content, mime_type)
        except BrokenPicture:
            continue
        assert [word for word in TOLD if word in kept] == []


def test_who_lists_the_same_bytes_again_and_again_keeps_nobody_busy(tmp_path: Path) -> None:
    head = box(b"ftyp", b"mp42\0\0\0\0mp42isom")
    content = head + box(b"mdat", b"\1" * 10_000)
    content += box(b"moov", *(track(b"meta", len(head) + 8, [10_000]) for _ in range(100)))
    with pytest.raises(BrokenPicture, match="more than it has"):
        blanked(tmp_path, content, "video/mp4")
