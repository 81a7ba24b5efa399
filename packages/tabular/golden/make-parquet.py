"""Parquet files as pyarrow writes them, beside what is in them.

Run by hand: python3 golden/make-parquet.py
"""

import datetime
import decimal
import json
import pathlib

import pyarrow
import pyarrow.parquet

FOLDER = pathlib.Path(__file__).parent
N = 40
some = lambda i, value: None if i % 7 == 3 else value
day = datetime.date(2026, 1, 1)

table = pyarrow.table(
    {
        "int8": pyarrow.array([some(i, i - 20) for i in range(N)], pyarrow.int8()),
        "uint16": pyarrow.array([i * 1000 for i in range(N)], pyarrow.uint16()),
        "int64": pyarrow.array([some(i, 2**50 + i) for i in range(N)], pyarrow.int64()),
        "float32": pyarrow.array([i / 4 for i in range(N)], pyarrow.float32()),
        "float64": pyarrow.array([some(i, i / 8) for i in range(N)], pyarrow.float64()),
        "decimal": pyarrow.array([decimal.Decimal(i) / 4 for i in range(N)], pyarrow.decimal128(9, 2)),
        "flag": pyarrow.array([some(i, i % 3 == 0) for i in range(N)]),
        "date": pyarrow.array([day + datetime.timedelta(days=i) for i in range(N)]),
        "time": pyarrow.array([datetime.datetime(2026, 1, 1, i % 24) for i in range(N)], pyarrow.timestamp("us")),
        "text": pyarrow.array([some(i, f"é{i % 4}") for i in range(N)]),
        "category": pyarrow.array([f"c{i % 3}" for i in range(N)]).dictionary_encode(),
        "list": pyarrow.array([[i, i] for i in range(N)]),
    }
)
for codec in ["none", "snappy", "gzip", "zstd", "brotli"]:
    version = "2.0" if codec in ("zstd", "gzip") else "1.0"
    pyarrow.parquet.write_table(
        table, FOLDER / f"{codec}.parquet", compression=codec, row_group_size=15, data_page_version=version
    )

plain = lambda value: float(value) if isinstance(value, decimal.Decimal) else value
text = lambda value: value if value is None else f"{value:%Y-%m-%dT%H:%M:%S}.000Z"
expected = {name: [plain(v) for v in table[name].to_pylist()] for name in table.column_names if name != "list"}
expected["flag"] = [None if v is None else str(v).lower() for v in expected["flag"]]
for name in ("date", "time"):
    expected[name] = [text(v) for v in expected[name]]
(FOLDER / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
