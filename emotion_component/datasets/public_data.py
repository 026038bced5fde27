"""Where the public data sets are published, under what licence, and how they become our rows."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from emotion_component import digest
from emotion_component.datasets import public_formats
from emotion_component.datasets.download import download
from emotion_component.datasets.jsonl import Row
from emotion_component.errors import FetchError

RECORD: Final = "published.json"
# Addresses of versions, where the publishers have them: what is fetched next year is the same.
_GOEMOTIONS: Final = (
    "https://raw.githubusercontent.com/google-research/google-research/{}/goemotions/data/{}"
)
_BRIGHTER: Final = (
    "https://huggingface.co/datasets/brighter-dataset/BRIGHTER-emotion-intensities/resolve/"
    "08a5d61d3fc33036f97c8c76a61ff8d6f02f5157/"
)
_XED: Final = "https://raw.githubusercontent.com/Helsinki-NLP/XED/"
_STC3: Final = "https://raw.githubusercontent.com/sakai-lab/stc3-dataset/master/data/"


class Published(NamedTuple):
    """A file as it is published.

    Attributes:
        name: What it is called in a folder of files fetched by hand.
        url: Where it is; `None` where it has to be fetched by hand.
        sha256: What it hashes to, where its publishers or we know.
    """

    name: str
    url: str | None
    sha256: str | None = None


class Part(NamedTuple):
    """A file of our own form.

    Attributes:
        name: Its name.
        sources: The published files it is made of, one after the other.
        form: Reads one of them.
        rows: How many rows it had when the shipped weights were trained; `None` where published
            files were filtered by hand.
    """

    name: str
    sources: tuple[Published, ...]
    form: Callable[[Path], Iterator[Row]]
    rows: int | None = None


@dataclass(frozen=True)
class PublicSet:
    """A public data set.

    Attributes:
        parts: Its files.
        licence: What its publishers allow.
        authors: Whom to name.
        home: Where people read about it.
        distinct: Files of which no text may stand in the others, as some were published so.
    """

    parts: tuple[Part, ...]
    licence: str
    authors: str
    home: str
    distinct: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[Published, ...]:
        """All published files."""
        return tuple(source for part in self.parts for source in part.sources)

    @property
    def by_hand(self) -> bool:
        """Whether a file of it has no address to fetch it from."""
        return any(source.url is None for source in self.sources)


def _goemotions(name: str, version: str, rows: int) -> Part:
    source = Published(f"{name}.tsv", _GOEMOTIONS.format(version, f"{name}.tsv"))
    return Part(f"{name}.jsonl", (source,), public_formats.goemotions, rows)


def _brighter(language: str, code: str, split: str, rows: int) -> Part:
    url = f"{_BRIGHTER}{code}/{split}-00000-of-00001.parquet"
    source = Published(f"{code}_{split}.parquet", url)
    return Part(f"{language}_{split}.jsonl", (source,), public_formats.brighter, rows)


def _xed(version: str, path: str) -> Published:
    return Published(path.rpartition("/")[2], f"{_XED}{version}/{path}")


_XED_EN: Final = _xed("3cfd061825fddcbefadeb0bb18a5ba2f690701b2", "AnnotatedData/en-annotated.tsv")
_XED_NEUTRAL: Final = _xed("3e711518636f53634f33f5422e92a27216aee084", "AnnotatedData/neu_en.txt")
_XED_ZH: Final = _xed("7b154aa00dd22b7cfed7e8fac435ae81f1291904", "Projections/zh-projections.tsv")
_XED_CN: Final = _xed("7b154aa00dd22b7cfed7e8fac435ae81f1291904", "Projections/cn-projections.tsv")


def _stc3(language: str, code: str, rows: int) -> Part:
    name = f"train_data_{code}.json"
    return Part(f"{language}.jsonl", (Published(name, _STC3 + name),), public_formats.stc3, rows)


def _smp2020(name: str, source: str, rows: int) -> Part:
    return Part(f"{name}.jsonl", (Published(source, None),), public_formats.smp2020, rows)


SETS: Final[Mapping[str, PublicSet]] = {
    "goemotions": PublicSet(
        (
            _goemotions("train", "2adf640a14f11025ae5a9d0ec493b78530d276d3", 43_410),
            _goemotions("dev", "2adf640a14f11025ae5a9d0ec493b78530d276d3", 5_426),
            _goemotions("test", "b91598b43297db06cca27a29fe2d0442dffea029", 5_427),
        ),
        "CC BY 4.0",
        "Demszky et al. 2020",
        "https://github.com/google-research/google-research/tree/master/goemotions",
    ),
    "brighter": PublicSet(
        (
            _brighter("en", "eng", "train", 2_763),
            _brighter("en", "eng", "dev", 115),
            _brighter("en", "eng", "test", 2_765),
            _brighter("zh", "chn", "train", 2_642),
            _brighter("zh", "chn", "dev", 200),
            _brighter("zh", "chn", "test", 2_642),
        ),
        "CC BY 4.0",
        "Muhammad et al. 2025",
        "https://brighter-dataset.github.io",
    ),
    "xed": PublicSet(
        (
            Part("en.jsonl", (_XED_EN,), public_formats.xed, 17_527),
            Part("zh.jsonl", (_XED_ZH, _XED_CN), public_formats.xed, 1_937),
            Part("en_neutral.jsonl", (_XED_NEUTRAL,), public_formats.xed_neutral, 9_674),
        ),
        "CC BY 4.0",
        "Öhman et al. 2020",
        "https://github.com/Helsinki-NLP/XED",
    ),
    "stc3": PublicSet(
        (_stc3("en", "en", 1_672), _stc3("zh", "cn", 3_700)),
        "annotations CC BY 4.0",
        "Zeng, Kato and Sakai 2019",
        "https://sakai-lab.github.io/stc3-dataset/",
    ),
    "smp2020": PublicSet(
        (
            _smp2020("train", "usual_train.txt", 27_347),
            _smp2020("dev", "usual_eval_labeled.txt", 2_000),
            _smp2020("test", "usual_test_labeled.txt", 5_000),
        ),
        "none stated by the organisers: benchmark and research only",
        "SMP2020-EWECT",
        "https://smp2020ewect.github.io",
        distinct=("train.jsonl",),
    ),
}


class Provided(NamedTuple):
    """A file that is there now.

    Attributes:
        path: Where.
        rows: How many it holds.
        expected: How many it held when the shipped weights were trained; `None` if not known.
    """

    path: Path
    rows: int
    expected: int | None


def is_there(data: PublicSet, folder: Path) -> bool:
    """Tell whether all files of a set are in its folder."""
    return all((folder / part.name).is_file() for part in data.parts)


def provide(data: PublicSet, folder: Path, origin: Path | None = None) -> list[Provided]:
    """Fetch a data set and write it in our form.

    Args:
        data: One of `SETS`.
        folder: Its own folder; made where it is missing. Files in it are replaced once all are
            whole. Published files wait in `.published` there until then.
        origin: A folder with the published files, fetched by hand; `None` fetches them.

    Raises:
        FetchError: If a file cannot be fetched, is not in `origin`, or is of another form.
    """
    if origin is None and data.by_hand:
        names = ", ".join(source.name for source in data.sources)
        raise FetchError(
            f"It has to be fetched by hand: get {names} from {data.home} and name their folder "
            "with --from."
        )
    raw = origin or folder / ".published"
    raw.mkdir(parents=True, exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    for source in data.sources:
        _obtain(source, raw, fetch=origin is None)
    tables = {part.name: _read(part, raw) for part in data.parts}
    for name in data.distinct:
        others = {row["text"] for other in tables if other != name for row in tables[other]}
        tables[name] = [row for row in tables[name] if row["text"] not in others]
    _write(data, tables, folder, raw)
    if origin is None:
        shutil.rmtree(raw)
    return [Provided(folder / p.name, len(tables[p.name]), p.rows) for p in data.parts]


def _obtain(source: Published, raw: Path, fetch: bool) -> None:
    path = raw / source.name
    if not path.is_file() and fetch:
        download(str(source.url), path, source.sha256)
    if not path.is_file():
        raise FetchError(f"No {source.name} in {raw}.")
    if source.sha256 and digest.sha256(path) != source.sha256:
        raise FetchError(f"{path} is not the published file: its SHA-256 is {digest.sha256(path)}.")


def _read(part: Part, raw: Path) -> list[Row]:
    rows: list[Row] = []
    for source in part.sources:
        try:
            rows += part.form(raw / source.name)
        except (IndexError, KeyError, TypeError, ValueError) as error:
            raise FetchError(
                f"{raw / source.name} is not in the form that was published: {error!r}."
            ) from error
    return rows


def _write(data: PublicSet, tables: dict[str, list[Row]], folder: Path, raw: Path) -> None:
    """Write all files beside the old ones before any of these is replaced."""
    record = {
        "licence": data.licence,
        "authors": data.authors,
        "home": data.home,
        "files": [
            {"name": s.name, "url": s.url, "sha256": digest.sha256(raw / s.name)}
            for s in data.sources
        ],
    }
    contents: dict[str, Iterable[str]] = {name: map(_line, rows) for name, rows in tables.items()}
    contents[RECORD] = [json.dumps(record, ensure_ascii=False, indent=2) + "\n"]
    for name, lines in contents.items():
        with (folder / f"{name}.new").open("w", encoding="utf-8") as out:
            out.writelines(lines)
    for name in contents:
        (folder / f"{name}.new").replace(folder / name)


def _line(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"
