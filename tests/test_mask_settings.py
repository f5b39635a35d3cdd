import pytest

from workers.app import caption_rules, mask
from workers.core.quality.masking import hide
from workers.settings import Settings, SettingsError, load_settings


def test_nothing_is_masked_by_default_and_inventions_are_known():
    rules = caption_rules(Settings()).quality
    assert rules.mask is None
    assert rules.phrases.whole


def test_words_come_from_the_list_and_from_the_file(monkeypatch, tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("# ours\n\nblast*\n  drat \n", encoding="utf-8")
    monkeypatch.setenv("CAPTION_MASK_WORDS", "damn, bloody")
    monkeypatch.setenv("CAPTION_MASK_WORDS_FILE", str(path))
    found = mask(load_settings())
    assert hide("damn bloody drat blasted boat", found) == (
        "d*** b***** d*** b****** boat",
        4,
    )


def test_what_cannot_be_masked_is_told_with_its_setting(tmp_path):
    with pytest.raises(SettingsError, match="mask_words: not single words: 'a b'"):
        mask(Settings(mask_words=("a b", "fine")))
    path = tmp_path / "latin.txt"
    path.write_bytes(b"\xff")
    with pytest.raises(SettingsError, match="mask_words_file: cannot be read"):
        mask(Settings(mask_words_file=path))
