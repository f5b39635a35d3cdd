"""The job on Faust as its documentation shows it: an agent, Records, a Table."""

import os

import faust
from job import step

ENV = os.environ
app = faust.App(
    ENV["GROUP"],
    broker=f"kafka://{ENV['BROKER']}",
    store="memory://",
    datadir=ENV["FOLDER"],
    topic_partitions=4,
    web_bind="127.0.0.1",
    web_port=int(ENV["WEB_PORT"]),
)


class Segment(faust.Record):
    stream_id: str
    segment_id: str
    revision: int
    start_s: float
    end_s: float
    text: str
    is_final: bool
    words: list | None = None


class Caption(faust.Record, include_metadata=False):
    stream_id: str
    caption_id: str
    text: str
    start_s: float
    end_s: float


target = app.topic(ENV["OUT"], value_type=Caption, value_serializer="json")
states = app.Table("captions", partitions=4)


@app.agent(app.topic(ENV["IN"], key_type=str, value_type=Segment))
async def merge(segments):
    async for segment in segments:
        name = segment.stream_id
        states[name], caption = step(states.get(name), segment.asdict())
        if caption:
            await target.send(key=name, value=Caption(**caption))
