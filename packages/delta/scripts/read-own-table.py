"""Reads the table of write-own-table.ts with delta-rs and compares: counts at every kept version, values, marks."""

import json
import sys
from pathlib import Path

from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

folder = Path(sys.argv[1])
path = str(folder / "table")
expected = json.loads((folder / "expected.json").read_text())
table = DeltaTable(path)
assert table.version() == expected["version"], (table.version(), expected["version"])
checked = 0
for version, records in expected["records"].items():
    rows = DeltaTable(path, version=int(version)).to_pyarrow_table()
    assert rows.num_rows == records, (version, rows.num_rows, records)
    ids = rows.column("id").to_pylist()
    assert len(set(ids)) == len(ids)
    assert all(name == f"näme {i}" for i, name in zip(ids, rows.column("name").to_pylist()))
    checked += 1
assert "more" in [field.name for field in table.schema().fields]
assert table.transaction_version("ingest/1") == 8
try:
    DeltaTable(path, version=expected["oldestVersion"] - 1)
    raise AssertionError("a version below the cleaned log was read")
except DeltaError:
    pass
# Another engine goes on where we stopped.
table.create_checkpoint()
deleted = table.delete("id < 20")
print(f"{checked} versions, {expected['records'][str(expected['version'])]} records; deleted {deleted['num_deleted_rows']}")
