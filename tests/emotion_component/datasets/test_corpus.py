"""What trains, what tunes, what is kept apart."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from emotion_component.datasets import corpus, sources
from emotion_component.datasets.corpus import Corpus
from emotion_component.datasets.own_data import OwnData
from emotion_component.errors import BadRowsError, ConfigurationError, TrainingError
from emotion_component.language import Language, detect


def test_no_voice_stands_on_two_sides_of_the_split() -> None:
    full = corpus.assemble(sources.folder(), limit=500)
    train = {e.identity for e in full.train if "service" in e.targets and e.identity}
    dev = {e.identity for e in full.dev["service"]}
    test = {e.identity for e in full.test}
    assert min(len(train), len(dev), len(test)) > 3
    assert not (train & dev or train & test or dev & test)


def test_a_dialogue_and_its_translation_fall_on_the_same_side() -> None:
    full = corpus.assemble(sources.folder())
    dev = {e.identity for e in full.dev["stc3"]}
    assert dev
    assert not dev & {e.identity for e in full.train if "negative" in e.targets}


def test_service_messages_are_repeated_and_nothing_else_is(toy_corpus: Corpus) -> None:
    voices = [e.text for e in toy_corpus.train if e.identity and "service" in e.targets]
    assert len(voices) == corpus.SERVICE_REPEATS * len(set(voices))


def test_no_file_of_a_test_split_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    original = Path.open

    def recording(self: Path, *args: object, **options: object) -> object:
        opened.append(str(self))
        return original(self, *args, **options)  # type: ignore[call-overload]  # passes all on

    monkeypatch.setattr(Path, "open", recording)
    corpus.assemble(sources.folder(), limit=40)
    assert len(opened) > 10
    assert [path for path in opened if "test" in Path(path).name or "smp2020" in path] == []


def test_too_few_rows_to_tune_on_are_refused(tmp_path: Path) -> None:
    for path in sources.folder().glob("*/*.jsonl"):
        (tmp_path / path.parent.name).mkdir(exist_ok=True)
        (tmp_path / path.parent.name / path.name).touch()
    shutil.copy(sources.folder() / "goemotions/dev.jsonl", tmp_path / "goemotions/train.jsonl")
    with pytest.raises(TrainingError, match="Too few rows in goemotions, brighter"):
        corpus.assemble(tmp_path)


@pytest.mark.parametrize(("wanted", "other"), [("en", "zh"), ("zh", "en")])
def test_only_texts_in_the_languages_asked_for_are_kept(wanted: Language, other: Language) -> None:
    kept = corpus.assemble(sources.folder(), limit=200, languages=[wanted])
    examples = [*kept.train, *kept.test, *(e for part in kept.dev.values() for e in part)]
    found = [detect(example.text) for example in examples]
    assert found.count(wanted) > 20 * found.count(other)
    assert bool(kept.dev.get("goemotions")) is (wanted == "en")
    assert kept.dev["brighter"]
    assert kept.dev["stc3"]


def test_a_file_that_names_no_language_is_filtered_by_the_script_of_its_texts(
    tmp_path: Path,
) -> None:
    row = '{"text": "%s", "label": "joy", "intensity": 1, "voice": "v%d"}\n'
    texts = ("fine", "好极了", "\U0001f600")
    lines = [row % (text, voice) for voice in range(30) for text in texts]
    (tmp_path / "mixed.jsonl").write_text("".join(lines), encoding="utf-8")
    kept = corpus.assemble(sources.folder(), tmp_path, limit=90, languages=["zh"])
    ours = [e.text for e in [*kept.train, *kept.test, *kept.dev["service"]] if e.text in texts]
    assert set(ours) == {"好极了", "\U0001f600"}


@pytest.mark.parametrize("languages", [(), ("fr",)])
def test_a_language_without_data_is_refused(languages: tuple[Language, ...]) -> None:
    with pytest.raises(ConfigurationError, match=r"must name some of en, zh\. Received: (none|fr)"):
        corpus.assemble(sources.folder(), limit=1, languages=languages)


@pytest.fixture()
def own_file(tmp_path: Path) -> Path:
    """Forty good rows and twenty-three bad ones."""
    rows = [f'{{"text": "message {n}", "label": "joy"}}' for n in range(40)]
    path = tmp_path / "own.jsonl"
    path.write_text("\n".join(rows + ['{"text": "", "label": "joy"}'] * 23))
    return path


def test_bad_rows_stop_everything_and_the_first_twenty_are_listed(own_file: Path) -> None:
    with pytest.raises(BadRowsError) as raised:
        corpus.assemble(None, sources=[OwnData(own_file)])
    lines = str(raised.value).splitlines()
    assert lines[0].startswith("23 rows cannot be used. Mend them, or leave them out with --skip-")
    assert lines[1] == f"  {own_file}, line 41: the text is blank"
    assert (len(lines), lines[-1]) == (22, "  and 3 more")
    assert [error.line for error in raised.value.rows] == list(range(41, 64))


def test_bad_rows_can_be_skipped_and_are_counted_in_the_card(own_file: Path) -> None:
    kept = corpus.assemble(None, sources=[OwnData(own_file)], skip_bad=True)
    assert len({e.text for e in [*kept.train, *kept.dev["service"], *kept.test]}) == 40
    assert kept.card() == {"data": ["own.jsonl"], "rows_skipped": 23}


def test_only_the_sources_asked_for_are_read() -> None:
    kept = corpus.assemble(sources.folder(), limit=60, sources=["goemotions", "stc3"])
    assert {head for e in kept.train for head in e.targets} == {
        "goemotions",
        "service",
        "negative",
    }
    assert set(kept.dev) == {"goemotions", "stc3", "service"}
    # No service messages: what maps onto service labels tunes them.
    assert {e.text for e in kept.dev["service"]} <= {e.text for e in kept.dev["goemotions"]}
    assert kept.card()["data"] == ["goemotions", "stc3"]


def test_data_that_may_not_be_shipped_are_for_research_only() -> None:
    with pytest.raises(
        ConfigurationError, match=r"trained on `smp2020` must not be shipped.*--res"
    ):
        corpus.assemble(sources.folder(), limit=60, sources=["smp2020"])
    kept = corpus.assemble(sources.folder(), limit=60, sources=["smp2020"], research=True)
    assert (len(kept.train), len(kept.dev["service"])) == (60, 60)
    assert kept.card() == {"data": ["smp2020"], "rows_skipped": 0, "research_only": True}


def test_an_unknown_data_set_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r"No data set `tweets`\. Known: goemotions"):
        corpus.assemble(sources.folder(), sources=["tweets"])


def test_without_the_samples_of_voices_the_standard_sets_train_all_the_same(
    tmp_path: Path,
) -> None:
    for name in ("goemotions", "brighter", "xed", "stc3"):
        (tmp_path / name).symlink_to(sources.folder() / name)
    kept = corpus.assemble(tmp_path, limit=30)
    assert "voices" not in kept.sources
    assert kept.train
