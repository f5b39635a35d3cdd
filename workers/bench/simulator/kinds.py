"""The kinds of recogniser: what is said, what each sends of it, what we promise."""

from collections.abc import Callable, Mapping
from functools import partial
from random import Random
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from workers.bench.simulator import committing, faults
from workers.bench.simulator.sending import Sent
from workers.bench.simulator.sounds import echoed, hallucinated
from workers.bench.simulator.speech import Talk, talk
from workers.bench.simulator.streaming import Traits, streamed

Simulated = tuple[Talk, list[Sent]]
Making = Callable[[Random, int], Simulated]
"""Of a source of chance and a number of utterances."""


class Kind(Struct, frozen=True, kw_only=True):
    """A kind of recogniser with what may be asked of merging for it."""

    make: Making
    least_f1: float = 1.0
    """Of the words in order, in each stream; 1.0: each word once, in order."""
    faulty: bool = False
    """It does what recognisers seldom do; else its state is typical."""
    about: str = ""
    """What is special about what we promise."""

    def simulate(self, seed: int, utterances: int) -> Simulated:
        """Make up a talk and what is sent of it; the same for the same *seed*."""
        return self.make(Random(seed), utterances)  # noqa: S311  # no secrets


def _streaming(traits: Traits | None = None, **about: Any) -> Making:
    def make(rng: Random, utterances: int) -> Simulated:
        said = talk(rng, utterances=utterances, **about)
        return said, streamed(said, rng, traits or Traits())

    return make


def _committing(
    how: Callable[..., list[Sent]], about: Mapping[str, Any] | None = None, **more: Any
) -> Making:
    def make(rng: Random, utterances: int) -> Simulated:
        said = talk(rng, utterances=utterances, **(about or {}))
        return said, how(said, rng, **more)

    return make


def _with(fault: Callable[..., list[Sent]], making: Making, **more: Any) -> Making:
    def make(rng: Random, utterances: int) -> Simulated:
        said, sent = making(rng, utterances)
        return said, fault(sent, rng, **more)

    return make


def _longer(making: Making) -> Making:
    return lambda rng, utterances: making(rng, 3 * utterances)


def _heard(sound: Callable[..., Talk], traits: Traits, **more: Any) -> Making:
    def make(rng: Random, utterances: int) -> Simulated:
        said = sound(talk(rng, utterances=utterances), rng, **more)
        return said, streamed(said, rng, traits)

    return make


def _two_channels(
    rng: Random, utterances: int, *, traits: Traits, echo: bool = False
) -> Simulated:
    left = talk(rng, utterances=utterances, channel="left", speakers=("Ann",))
    right = talk(rng, utterances=utterances, channel="right", speakers=("Bo",))
    if echo:
        # What Ann says is heard on Bo's channel while he is silent.
        right = tuple(
            said
            for said in echoed(left, rng, channel="right")
            if said.channel == "right"
        )
    sent = [
        _of_channel(one)
        for said in (left, right)
        for one in streamed(said, rng, traits)
    ]
    both = sorted([*left, *right], key=lambda said: said.words[0].start_s)
    return tuple(both), sorted(map(_of_channel, sent), key=lambda one: one.at_s)


def _of_channel(one: Sent) -> Sent:
    name = one.segment.segment_id
    if name is None:
        return one
    named = replace(one.segment, segment_id=f"{one.segment.channel}-{name}")
    return replace(one, segment=named)


UNNAMED = Traits(named=False)
TIMED = Traits(named=False, timed=True)
COUNTED = Traits(named=False, times=False, counted=True)
FINALS = _committing(committing.finals)
TWO: dict[str, Any] = {"speakers": ("Ann", "Bo")}
BREATHLESS: dict[str, Any] = {"pauses": False, "punctuated": False}
HEARD = "what is heard counts as said: it may be flagged, never dropped (rule 10)"
CARRIED = "of a word said twice over an edge, one may be taken for carried over"
EDGE = "a word that ends beyond its window is not in it"


def _kinds(
    makings: Mapping[str, Making],
    *,
    faulty: bool = False,
    least_f1: float = 1.0,
    about: str = "",
) -> dict[str, Kind]:
    return {
        name: Kind(make=make, faulty=faulty, least_f1=least_f1, about=about)
        for name, make in makings.items()
    }


KINDS: dict[str, Kind] = {
    **_kinds(
        {
            "named": _streaming(),
            "named, word times": _streaming(Traits(timed=True)),
            "named, no times": _streaming(Traits(times=False)),
            "unnamed": _streaming(UNNAMED),
            "unnamed, word times": _streaming(TIMED),
            "unnamed, padded": _streaming(Traits(named=False, padded=True)),
            "counted, no times": _streaming(COUNTED),
            "no times, no names": _streaming(Traits(named=False, times=False)),
            "a guess a word, named": _streaming(Traits(each_word=True)),
            "a guess a word, unnamed": _streaming(Traits(each_word=True, named=False)),
            "a guess a word, word times": _streaming(
                Traits(each_word=True, named=False, timed=True)
            ),
            "two speakers, named": _streaming(**TWO),
            "two speakers, unnamed": _streaming(UNNAMED, **TWO),
            "two channels, named": partial(_two_channels, traits=Traits()),
            "two channels, unnamed": partial(_two_channels, traits=UNNAMED),
            "breathless, named": _streaming(Traits(ends=0.0), **BREATHLESS),
            "breathless, finals": _committing(committing.finals, BREATHLESS),
            "finals only": FINALS,
            "finals only, two speakers": _committing(committing.finals, TWO),
            "appended finals": _committing(committing.appended),
            "appended guesses": _committing(committing.appended, guesses=True),
            "appended finals, no times": _committing(committing.appended, times=False),
            "appended guesses, no times": _committing(
                committing.appended, guesses=True, times=False
            ),
            "appended finals, two speakers": _committing(committing.appended, TWO),
            "cumulative": _committing(committing.cumulative),
            "cumulative, named": _committing(committing.cumulative, named=True),
            "cumulative, times": _committing(committing.cumulative, times=True),
            "rolling lines": _committing(committing.rolling),
            "rolling lines, named": _committing(committing.rolling, named=True),
            "rolling lines of 10": _committing(committing.rolling, lines=10),
            "Japanese, named": _streaming(language="ja"),
            "Japanese, unnamed": _streaming(UNNAMED, language="ja"),
            "Thai, named": _streaming(language="th"),
            "Arabic, unnamed": _streaming(UNNAMED, language="ar"),
        }
    ),
    "windows, word times": Kind(
        make=_committing(committing.windows, timed=True), about=EDGE
    ),
    "windows": Kind(
        make=_committing(committing.windows),
        least_f1=0.95,
        about=f"{EDGE}; {CARRIED}",
    ),
    "lines carried over": Kind(
        make=_committing(committing.carried_lines),
        least_f1=0.95,
        about=CARRIED,
    ),
    "windows, loose times": Kind(
        make=_committing(committing.windows, tight=False),
        least_f1=0.95,
        about=f"{EDGE}; when its words were spoken is only known to the window",
    ),
    **_kinds(
        {
            "short finals, named": _streaming(Traits(short=0.4)),
            "short finals, named, word times": _streaming(
                Traits(short=0.4, timed=True)
            ),
            "short finals, unnamed": _streaming(Traits(short=0.4, named=False)),
            "short finals, word times": _streaming(
                Traits(short=0.4, named=False, timed=True)
            ),
            "short finals, padded": _streaming(
                Traits(short=0.4, named=False, padded=True)
            ),
            "moved starts, unnamed": _streaming(Traits(moved=0.5, named=False)),
            "moved starts, word times": _streaming(
                Traits(moved=0.5, named=False, timed=True)
            ),
            "empty finals, named": _streaming(Traits(empty=0.4)),
            "empty finals, unnamed": _streaming(Traits(empty=0.4, named=False)),
            "empty finals, no times": _streaming(
                Traits(empty=0.4, named=False, times=False)
            ),
            "missing finals, named": _streaming(Traits(missing=0.4)),
            "missing finals, unnamed": _streaming(Traits(missing=0.4, named=False)),
            "missing finals, no times, named": _streaming(
                Traits(missing=0.4, times=False)
            ),
            "re-sent, named": _with(faults.resent, _streaming()),
            "re-sent, unnamed": _with(faults.resent, _streaming(UNNAMED)),
            "re-sent, word times": _with(faults.resent, _streaming(TIMED)),
            "re-sent, finals only": _with(faults.resent, FINALS),
            "re-sent, counted, no times": _with(faults.resent, _streaming(COUNTED)),
            "re-sent, cumulative": _with(
                faults.resent,
                _committing(committing.cumulative, named=True, times=True),
            ),
            "re-sent, appended guesses": _with(
                faults.resent, _committing(committing.appended, guesses=True)
            ),
            "out of order, named": _with(faults.shuffled, _streaming()),
            "out of order, unnamed": _with(faults.shuffled, _streaming(UNNAMED)),
            "reconnect, named": _with(faults.reconnected, _streaming()),
            "reconnect, unnamed": _with(faults.reconnected, _streaming(UNNAMED)),
        },
        faulty=True,
    ),
    "out of order, finals only": Kind(
        make=_with(faults.shuffled, FINALS),
        faulty=True,
        least_f1=0.95,
        about="till it has shown disorder, a sentence is joined over what comes late",
    ),
    **_kinds(
        {
            "reconnect, unmarked": _longer(
                _with(faults.reconnected, _streaming(UNNAMED), marked=False)
            ),
            "reconnect, finals only, unmarked": _longer(
                _with(faults.reconnected, FINALS, marked=False)
            ),
        },
        faulty=True,
        least_f1=0.95,
        about="what jumps back by less than 20 seconds may be late speech, and the same"
        " words at the same time of both connections a repeat",
    ),
    **_kinds(
        {
            "echo on another channel": partial(
                _two_channels, traits=Traits(), echo=True
            ),
            "hallucinations in silence": _heard(hallucinated, Traits()),
        },
        faulty=True,
        about=HEARD,
    ),
    **_kinds(
        {
            "many faults, named": _with(
                faults.resent,
                _streaming(Traits(short=0.2, empty=0.1, missing=0.1), **TWO),
            ),
            "many faults, unnamed": _with(
                faults.resent,
                _streaming(
                    Traits(named=False, short=0.2, moved=0.2, empty=0.1, missing=0.1),
                    **TWO,
                ),
            ),
        },
        faulty=True,
        least_f1=0.95,
        about="where an empty final ends inside a guess without word times, or a guess"
        " moved on for want of a final, which word is the last is only estimated",
    ),
}
