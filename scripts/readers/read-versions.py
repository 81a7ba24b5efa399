"""Reads every version of a table of ours with delta-rs and compares what it finds with expected.json."""

import json
import os
import sys
from pathlib import Path

from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

folder = Path(sys.argv[1])
expected = json.loads((folder / "expected.json").read_text())
path = str(folder / expected["table"])
column = expected["distinct"]
newest = DeltaTable(path)
assert newest.version() == expected["version"], (newest.version(), expected["version"])
for version, records in expected["records"].items():
    ids = DeltaTable(path, version=int(version)).to_pyarrow_table(columns=[column]).column(column)
    assert len(ids) == records, (version, len(ids), records)
    distinct = len(ids.unique())
    if "distinctRecords" in expected:
        assert distinct == expected["distinctRecords"], (version, distinct)
if expected["oldestVersion"] > 0:
    try:
        DeltaTable(path, version=expected["oldestVersion"] - 1)
        raise AssertionError("a version below the cleaned log was read")
    except DeltaError:
        pass
rows = newest.to_pyarrow_table()
print(f"delta-rs: {len(expected['records'])} versions, {rows.num_rows} records of {rows.num_columns} columns")
sys.stdout.flush()
# Past the interpreter's own end, in which threads of delta-rs at times abort the process.
os._exit(0)
