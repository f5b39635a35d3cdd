"""Batches of records as bytes, sound and hostile, and their way to a real Kafka."""

import gzip
import struct

import cramjam
from aiokafka.codec import lz4_encode
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.util import calc_crc32c

HEAD = 61
"""Bytes before the records."""
PACK = {
    1: gzip.compress,
    2: cramjam.snappy.compress_raw,
    3: lz4_encode,  # in blocks that Kafka reads, which cramjam's own are not
    4: cramjam.zstd.compress,
}
"""By Kafka's number of the compression."""
ODD = b"na\xffme"
"""The name of a header that is not UTF-8."""
STAND_IN = "na?me"
"""What is written where `odd` puts it."""


def batch(rows, first=0, time_ms=1000):
    """Write a batch as aiokafka's producer does: key, value and headers a row."""
    builder = DefaultRecordBatchBuilder(
        magic=2,
        compression_type=0,
        is_transactional=0,
        producer_id=-1,
        producer_epoch=-1,
        base_sequence=-1,
        batch_size=2**30,
    )
    for number, (key, value, headers) in enumerate(rows):
        builder.append(number, time_ms + number, key, value, list(headers))
    return sealed(struct.pack(">q", first) + bytes(builder.build())[8:])


def sealed(data, codec=None, records=None):
    """Give a batch other records, its length and its checksum."""
    data = bytearray(data if records is None else data[:HEAD] + records)
    if codec is not None:
        struct.pack_into(">h", data, 21, codec)
    struct.pack_into(">i", data, 8, len(data) - 12)
    struct.pack_into(">I", data, 17, calc_crc32c(bytes(data[21:])))
    return bytes(data)


def packed(data, codec):
    """Pack the records of a batch."""
    return sealed(data, codec, bytes(PACK[codec](data[HEAD:])))


def odd(data):
    """Put the odd name where its stand-in is."""
    return sealed(data.replace(STAND_IN.encode(), ODD))


async def send_batches(connection, topic, partition, *batches):
    """Send batches as they are; raises what Kafka says if it does not take one."""
    producer = connection.producer()
    await producer.start()
    try:
        for data in batches:
            builder = producer.create_batch()
            builder.append(timestamp=None, key=None, value=b"stands in")
            builder.close()
            builder._buffer = bytearray(data)
            sent = await producer.send_batch(builder, topic, partition=partition)
            await sent
    finally:
        await producer.stop()
