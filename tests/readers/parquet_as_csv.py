"""Reads names.parquet with pyarrow and compares it, row by row, with names.csv in the folder that is named."""

import csv
import datetime
import sys

import pyarrow as pa
import pyarrow.parquet as pq

folder = sys.argv[1]
file = pq.ParquetFile(folder + "/names.parquet")
metadata = {key.decode(): value.decode() for key, value in file.schema_arrow.metadata.items()}
assert set(metadata) == {"hydrabane.version", "hydrabane.catalogue", "hydrabane.arguments"}, metadata
assert metadata["hydrabane.arguments"].startswith("generate conficker sisron"), metadata
time = pa.timestamp("ms", tz="UTC")
expected = dict(family=pa.string(), variant=pa.string(), preset=pa.string(), name=pa.string(), registrable_domain=pa.string(),
                public_suffix=pa.string(), valid_from=time, valid_to=time, index=pa.int64())
assert dict(zip(file.schema_arrow.names, file.schema_arrow.types)) == expected, file.schema_arrow
column = file.metadata.row_group(0).column(3)
assert column.compression == "ZSTD", column.compression
text = lambda value: "" if value is None else value.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime.datetime) else str(value)
plain = lambda cell: cell[1:] if cell[:1] == "'" else cell
with open(folder + "/names.csv", newline="") as names:
    head = next(names)
    assert head.startswith("# hydrabane "), head
    rows = [{key: plain(value) for key, value in row.items()} for row in csv.DictReader(names)]
read = [{key: text(value) for key, value in row.items()} for row in file.read().to_pylist()]
assert len(read) > 10_000, len(read)
for one, other in zip(rows, read):
    assert one == other, (one, other)
assert len(rows) == len(read), (len(rows), len(read))
print(len(read), "rows")
