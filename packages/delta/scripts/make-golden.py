"""Writes the golden tables of golden/delta-rs: what another engine writes and this package must read.

    pip install deltalake==1.6.6 pyarrow==26.0.1
    python3 packages/delta/scripts/make-golden.py packages/delta/golden/delta-rs [name ...]

Each table lies in a folder beside `expected.json`, which holds what the engine itself says of it. The tables that are
kept were made once; they are never made anew, since a later version of the engine may write them differently.
"""

import datetime as dt
import json
import sys
from pathlib import Path

import pyarrow as pa
from deltalake import DeltaTable, WriterProperties, write_deltalake
from deltalake.transaction import CommitProperties, Transaction

UTC = dt.timezone.utc
SCHEMA = pa.schema(
    [
        pa.field("id", pa.int64(), nullable=False),
        pa.field("at", pa.timestamp("us", tz="UTC")),
        pa.field("name", pa.string()),
        pa.field("day", pa.date32()),
        pa.field("tags", pa.map_(pa.string(), pa.string())),
        pa.field("events", pa.list_(pa.struct([("name", pa.string()), ("n", pa.int32())]))),
    ]
)


def rows(first: int, count: int, day: dt.date | None) -> pa.Table:
    ids = range(first, first + count)
    return pa.Table.from_pylist(
        [
            {
                "id": i,
                "at": dt.datetime(2025, 1, 31, 12, 0, 0, i, tzinfo=UTC),
                "name": f"näme {i}",
                "day": day,
                "tags": [("k", f"v{i}")],
                "events": [{"name": "e", "n": i}],
            }
            for i in ids
        ],
        schema=SCHEMA,
    )


def events(path: str, checkpoint: bool) -> None:
    """Appends, a null partition, a delete, a merge of files, and an application's transaction."""
    days = [dt.date(2025, 1, 30), dt.date(2025, 1, 31), None]
    for number, day in enumerate(days * 2):
        marks = CommitProperties(app_transactions=[Transaction("ingest/1", number + 1)])
        write_deltalake(
            path,
            rows(number * 10, 10, day),
            mode="append",
            partition_by=["day"],
            commit_properties=marks,
            configuration={"delta.logRetentionDuration": "interval 7 days"},
        )
    table = DeltaTable(path)
    table.delete("id < 5")
    table.optimize.compact()
    if checkpoint:
        table.create_checkpoint()
    write_deltalake(path, rows(100, 3, days[0]), mode="append")


def strange_partitions(path: str) -> None:
    """Partition values that have to be escaped in folders, and twice in the log."""
    values = ["plain", "with space", "a/b", "50%", "ünï", "a:b", "x=y", "#?", "", None]
    table = pa.table({"id": pa.array(range(len(values)), pa.int64()), "p": pa.array(values)})
    write_deltalake(path, table, partition_by=["p"])


def zstd_without_partitions(path: str) -> None:
    write_deltalake(path, rows(0, 5, None), writer_properties=WriterProperties(compression="ZSTD"))
    table = DeltaTable(path)
    table.create_checkpoint()
    write_deltalake(path, rows(5, 5, None), mode="overwrite")


def cleaned(path: str) -> None:
    """Merged, then a checkpoint, of which everything below is cleaned up, log and files; then written on."""
    for number in range(6):
        write_deltalake(path, rows(number * 10, 10, dt.date(2025, 1, 30 + number % 2)), mode="append",
                        partition_by=["day"], configuration={"delta.logRetentionDuration": "interval 0 seconds"})
    table = DeltaTable(path)
    table.optimize.compact()
    table.create_checkpoint()
    table.cleanup_metadata()
    table.vacuum(retention_hours=0, dry_run=False, enforce_retention_duration=False)
    write_deltalake(path, rows(60, 5, dt.date(2025, 1, 30)), mode="append")
    DeltaTable(path).optimize.compact()
    write_deltalake(path, rows(65, 5, dt.date(2025, 1, 31)), mode="append")


def oldest(path: str) -> int:
    """The first version of which the log is left: that of a checkpoint, or 0."""
    checkpoints = Path(path, "_delta_log").glob("*.checkpoint.parquet")
    logged = Path(path, "_delta_log", f"{0:020}.json").exists()
    return 0 if logged else min(int(name.name[:20]) for name in checkpoints)


def expected(path: str) -> dict:
    table = DeltaTable(path)
    versions = {}
    for version in range(oldest(path), table.version() + 1):
        at = DeltaTable(path, version=version)
        actions = pa.table(at.get_add_actions(flatten=False)).to_pylist()
        versions[str(version)] = {
            "records": at.to_pyarrow_table().num_rows,
            "files": sorted(
                (
                    {
                        "path": action["path"],
                        "size": action["size_bytes"],
                        "records": action["num_records"],
                        "partition": {
                            k: None if v is None else str(v)
                            for k, v in (action.get("partition") or action.get("partition_values") or {}).items()
                        },
                    }
                    for action in actions
                ),
                key=lambda each: each["path"],
            ),
        }
    transactions = {}
    mark = table.transaction_version("ingest/1")
    if mark is not None:
        transactions["ingest/1"] = mark
    return {
        "version": table.version(),
        "oldestVersion": oldest(path),
        "partitionColumns": table.metadata().partition_columns,
        "columns": [field.name for field in table.schema().fields],
        "transactions": transactions,
        "versions": versions,
    }


def main(folder: Path, names: list[str]) -> None:
    makers = {
        "events": lambda path: events(path, checkpoint=False),
        "events-checkpoint": lambda path: events(path, checkpoint=True),
        "strange-partitions": strange_partitions,
        "zstd-overwrite": zstd_without_partitions,
        "cleaned": cleaned,
    }
    for name, make in makers.items():
        if names and name not in names:
            continue
        path = folder / name / "table"
        path.mkdir(parents=True)
        make(str(path))
        text = json.dumps(expected(str(path)), indent=2, ensure_ascii=False)
        (folder / name / "expected.json").write_text(f"{text}\n")


main(Path(sys.argv[1]), sys.argv[2:])
