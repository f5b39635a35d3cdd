"""Events as the worker writes them, for the tests of the demo."""

from schemas.captions import (
    CaptionFinal,
    CaptionRevised,
    CaptionUpdated,
    Cue,
    Flag,
)
from schemas.topics import (
    TopicConfirmed,
    TopicLabelled,
    TopicStarted,
    TopicWithdrawn,
)
from workers.cli.demo.latency import Stopwatch
from workers.cli.demo.scene import Scene, fold
from workers.cli.demo.show import View

STREAM = "island"
LOOP = Flag(name="repetition_loop", evidence="4 x 'and so'")


def updated(number, text, *, stable=0, revision=0, **fields):
    return CaptionUpdated(**_caption(number, text, stable, revision), **fields)


def final(number, text, *, revision=5, **fields):
    return CaptionFinal(**_caption(number, text, len(text), revision), **fields)


def revised(number, text, *, revision=6, final=True, **fields):
    return CaptionRevised(
        **_caption(number, text, len(text), revision),
        final=final,
        reason="final_changed",
        **fields,
    )


def _caption(number, text, stable, revision):
    return {
        "stream_id": STREAM,
        "caption_id": f"0-0.c{number}",
        "revision": revision,
        "text": text,
        "stable": stable,
        "start_s": 10.0 * number,
        "end_s": 10.0 * number + 4,
        "speaker": "ANNA" if number % 2 == 0 else "MAGNUS",
    }


def cue(number, *lines, start_s=0.0, end_s=2.0, profile="web", **fields):
    return Cue(
        stream_id=STREAM,
        cue_id=f"0-0.{profile}.{number}",
        revision=fields.pop("revision", 0),
        caption_ids=("0-0.c0",),
        start_s=start_s,
        end_s=end_s,
        lines=lines,
        profile=profile,
        **fields,
    )


def topic(kind, number, revision=0, **fields):
    kinds = {
        "started": TopicStarted,
        "confirmed": TopicConfirmed,
        "labelled": TopicLabelled,
        "withdrawn": TopicWithdrawn,
    }
    return kinds[kind](
        stream_id=STREAM,
        topic_id=f"0-0.t{number}",
        revision=revision,
        start_s=100.0 * number,
        first_caption_id="0-0.c0",
        score=0.0,
        model="recipe",
        **fields,
    )


def scene_of(*messages, media_s=0.0):
    scene = Scene(profile="web")
    for message in messages:
        scene = fold(scene, message, media_s)
    return scene


def view_of(scene, *, media_s=60.0, end_s=600.0, stopwatch=None):
    return View(
        title="island.jsonl",
        scene=scene,
        media_s=media_s,
        end_s=end_s,
        speed=12.0,
        stopwatch=stopwatch or Stopwatch(lambda: 0.0),
    )
