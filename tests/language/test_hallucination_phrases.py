import pytest

from schemas.captions import CaptionFinal
from workers.core.quality.hallucinations import LONGEST_PHRASE, judged, known_phrase
from workers.core.quality.invention import Silence
from workers.language.hallucinations import known_phrases

EXAMPLES = {
    "en": "Thank you so much for watching!",
    "de": "Untertitel im Auftrag des ZDF für funk, 2017",
    "fr": "Sous-titrage Société Radio-Canada",
    "es": "¡Suscríbete al canal!",
    "pt": "Legendas pela comunidade Amara.org",
    "it": "Sottotitoli e revisione a cura di QTSS",
    "nl": "Bedankt voor het kijken!",
    "ru": "Продолжение следует...",
    "pl": "Dziękuję za oglądanie!",
    "ja": "ご視聴ありがとうございました",
    "zh": "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目",
    "ko": "시청해주셔서 감사합니다.",
    "sv": "Tack för att ni tittade.",
    "tr": "İZLEDİĞİNİZ İÇİN TEŞEKKÜR EDERİM",
}


def found(text):
    caption = CaptionFinal(
        stream_id="s", caption_id="0-0.c0", revision=0, text=text, stable=0
    )
    phrase = known_phrase(text, known_phrases())
    return judged(caption, phrase, Silence(before_s=10.0))


@pytest.mark.parametrize("language", EXAMPLES)
def test_what_recognisers_write_in_silence_is_known(language):
    verdict = found(EXAMPLES[language])
    assert verdict.doubtful
    assert f"({language})" in verdict.evidence


def test_each_phrase_is_short_enough_to_be_looked_up_and_long_enough_to_mean_one():
    known = known_phrases()
    assert len(known.whole) > 300
    beginnings = [one for same in known.beginnings.values() for one, _ in same]
    for letters in (*known.whole, *beginnings):
        assert 1 <= len(letters) < LONGEST_PHRASE
    assert min(map(len, beginnings)) >= 3


def test_what_people_say_all_day_is_no_credit_in_another_language():
    for text in ("Thank you.", "Danke.", "Merci.", "Gracias.", "Спасибо.", "谢谢"):
        assert not found(text).doubtful
