"""Reads a Hive-style folder of events with pyarrow and compares it, row by row, with events.csv."""

import csv
import datetime
import sys

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

folder, table = sys.argv[1:3]
hive = ds.partitioning(pa.schema([("date", pa.date32())]), flavor="hive")
events = ds.dataset(folder, format="parquet", partitioning=hive)
time = pa.timestamp("ns", tz="UTC")
types = dict(zip(events.schema.names, events.schema.types))
assert types["sequence"] == pa.uint64() and types["time"] == time and types["name"] == pa.string(), types
assert types["truncated"] == pa.bool_() and types["date"] == pa.date32(), types
for file in events.files:
    metadata = pq.ParquetFile(file).metadata
    assert metadata.row_group(0).column(3).compression == "ZSTD"
    assert metadata.metadata[b"hydrabane.schema"] == b"sinkhole-events/1"


def moment(value):
    return datetime.datetime.fromtimestamp(value // 10**9, datetime.timezone.utc)


def text(value, name):
    if value is None:
        return ""
    if types[name] == time:
        return f"{moment(value):%Y-%m-%dT%H:%M:%S}.{value % 10**9:09}Z"
    return str(value).lower() if isinstance(value, bool) else str(value)


def cell(value):
    return value[1:] if value[:1] == "'" else value


# Python's own times have no nanoseconds.
read = events.to_table()
for index, name in enumerate(read.schema.names):
    if types[name] == time:
        read = read.set_column(index, name, read[name].cast(pa.int64()))
rows = sorted(read.to_pylist(), key=lambda row: (row["store"], row["sequence"]))
with open(table, newline="") as lines:
    assert next(lines).startswith("# hydrabane ")
    expected = list(csv.DictReader(lines))
expected.sort(key=lambda row: (row["store"], int(row["sequence"])))
assert len(rows) == len(expected), (len(rows), len(expected))
for one, other in zip(rows, expected):
    assert one.pop("date") == moment(one["time"]).date(), one
    one = {name: text(value, name) for name, value in one.items()}
    other = {name: cell(value) for name, value in other.items()}
    assert one == other, (one, other)
print(len(rows), "rows")
