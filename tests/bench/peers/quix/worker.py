"""The job on Quix Streams: a stateful function, exactly once, committed often."""

import os

from job import step
from quixstreams import Application

ENV = os.environ
app = Application(
    broker_address=ENV["BROKER"],
    consumer_group=ENV["GROUP"],
    auto_offset_reset="earliest",
    state_dir=f"{ENV['FOLDER']}/state",
    processing_guarantee="exactly-once",
    commit_interval=float(ENV["COMMIT_S"]),
)
source = app.topic(ENV["IN"], value_deserializer="json")
target = app.topic(ENV["OUT"], value_serializer="json")


def merge(segment, state):
    after, caption = step(state.get("state"), segment)
    state.set("state", after)
    return [caption] if caption else []


app.dataframe(source).apply(merge, stateful=True, expand=True).to_topic(target)

if __name__ == "__main__":
    app.run()
