import pytest
from msgspec.structs import replace

from schemas.captions import Flag
from schemas.topics import EnrichedCaption, TopicEnded
from tests.core.topics.topic_talks import (
    END,
    LIFE,
    captions,
    plain_model,
    sentences,
)
from workers.core.quality.loops import loop_in
from workers.core.topics import TopicState, step

MODEL = plain_model()
STUCK = "wind turbine " * 12


def told(events):
    state = TopicState(stream_id="talk", life=LIFE)
    messages = []
    for event in [*events, END]:
        state, said = step(state, event, MODEL)
        messages += said
    return messages


def names(messages):
    ended = [message for message in messages if isinstance(message, TopicEnded)]
    return [(topic.label, topic.keyphrases) for topic in ended]


def test_a_recogniser_that_is_stuck_gives_no_topic_its_name():
    texts = sentences([1], 30)
    stuck = captions([*texts[:15], STUCK.strip(), *texts[15:]])
    stuck[15] = replace(stuck[15], flags=(loop_in(stuck[15].text),))
    assert stuck[15].flags[0].name == "repetition_loop"
    assert names(told(stuck)) == names(told(captions(texts)))


@pytest.mark.parametrize("name", ["hallucination_phrase", "echo"])
def test_what_was_made_up_or_heard_twice_is_no_evidence_either(name):
    texts = sentences([1], 30)
    doubled = captions([*texts[:15], texts[3], *texts[15:]])
    flag = Flag(name=name, evidence="as told")
    doubled[15] = replace(doubled[15], flags=(flag,))
    assert names(told(doubled)) == names(told(captions(texts)))
    doubled[15] = replace(doubled[15], flags=(), text="wind turbine " * 12)
    assert names(told(doubled)) != names(told(captions(texts)))


def test_a_masked_word_is_evidence_as_any_other():
    flag = Flag(name="profanity", evidence="1 masked")
    texts = captions(sentences([1], 30))
    flagged = [replace(one, flags=(flag,)) for one in texts]
    assert names(told(flagged)) == names(told(texts))


def test_what_it_said_is_enriched_all_the_same():
    stuck = captions([*sentences([1], 5), STUCK.strip()])
    flag = Flag(name="repetition_loop", evidence="12 x 'wind turbine'")
    stuck[5] = replace(stuck[5], flags=(flag,))
    enriched = [one for one in told(stuck) if isinstance(one, EnrichedCaption)]
    assert enriched[5].text == STUCK.strip()
    assert enriched[5].topic_id == enriched[4].topic_id
