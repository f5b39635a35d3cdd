"""The job on Bytewax: `stateful_flat_map`, its snapshots in SQLite."""

import os

import orjson
from bytewax import operators
from bytewax.connectors.kafka import KafkaSinkMessage
from bytewax.connectors.kafka import operators as kafka
from bytewax.dataflow import Dataflow
from job import step

ENV = os.environ


def merge(state, segment):
    after, caption = step(state, segment)
    return after, [caption] if caption else []


flow = Dataflow("captions")
source = kafka.input("in", flow, brokers=[ENV["BROKER"]], topics=[ENV["IN"]])
operators.raises("errors", source.errs)
decoded = operators.map(
    "decode", source.oks, lambda one: (one.key.decode(), orjson.loads(one.value))
)
captions = operators.stateful_flat_map("merge", decoded, merge)
encoded = operators.map(
    "encode",
    captions,
    lambda pair: KafkaSinkMessage(pair[0].encode(), orjson.dumps(pair[1])),
)
kafka.output("out", encoded, brokers=[ENV["BROKER"]], topic=ENV["OUT"])
