"""Makes the tables beside this file, which the tests of the lake read: `python make.py` (deltalake 1.6, pyarrow).

raw.types: a column of each type. raw.events: five versions, partitioned, with a checkpoint of the last. features.daily: a
feature table as the job `features` writes it. raw.deleted is left alone: Spark 4.1 with Delta 4.4 made it, since deltalake
writes no deletion vectors (CREATE TABLE (id BIGINT, name STRING, at TIMESTAMP_NTZ) with deletion vectors and column
mapping by name; INSERT id from 0 to 99; DELETE WHERE id % 3 <> 0; RENAME COLUMN name TO title). What the tests expect of them is in expected.json, read by deltalake.
"""

import datetime
import decimal
import json
import pathlib
import shutil

import pyarrow
from deltalake import CommitProperties, DeltaTable, write_deltalake

HERE = pathlib.Path(__file__).parent
UTC = datetime.timezone.utc
RUN = "0123456789abcdef0123456789abcde"


def by(number, job, inputs):
    """Commit properties as the jobs set them."""
    text = {"run_id": RUN + str(number), "job": job, "config_sha256": "c", "fingerprint": f"f{number}", "interval": "",
            "millrace_version": "0.1.0", "inputs": inputs}  # fmt: skip
    return CommitProperties(custom_metadata={"userMetadata": json.dumps(text)})


def types(folder):
    point = pyarrow.struct([("x", pyarrow.int32()), ("names", pyarrow.list_(pyarrow.string()))])
    schema = pyarrow.schema(
        [
            ("id", pyarrow.int64()),
            ("flag", pyarrow.bool_()),
            ("tiny", pyarrow.int8()),
            ("small", pyarrow.int16()),
            ("whole", pyarrow.int32()),
            ("single", pyarrow.float32()),
            ("double", pyarrow.float64()),
            ("money", pyarrow.decimal128(12, 2)),
            ("wide", pyarrow.decimal128(38, 10)),
            ("text", pyarrow.string()),
            ("bytes", pyarrow.binary()),
            ("day", pyarrow.date32()),
            ("at", pyarrow.timestamp("us", tz="UTC")),
            ("items", pyarrow.list_(pyarrow.float64())),
            ("point", point),
            ("counts", pyarrow.map_(pyarrow.string(), pyarrow.int64())),
        ]
    )
    at = datetime.datetime(2024, 2, 29, 12, 30, 15, 123456, UTC)
    rows = [
        {"id": 9007199254740993, "flag": True, "tiny": -128, "small": 32767, "whole": -7, "single": 0.1, "double": 1e300,
         "money": decimal.Decimal("1234567890.12"), "wide": decimal.Decimal("0.0000000001"), "text": "Žluťoučký 🐎\n",
         "bytes": bytes(range(256)) * 4, "day": datetime.date(1969, 12, 31), "at": at, "items": [1.5, None, float("inf")],
         "point": {"x": 3, "names": ["a", None]}, "counts": [("b", 2), ("a", None)]},
        {"id": 2, "flag": False, "tiny": 1, "small": 2, "whole": 3, "single": float("nan"), "double": float("-inf"),
         "money": decimal.Decimal("-0.50"), "wide": decimal.Decimal("-12345678901234567890.5"), "text": "x" * 5000,
         "bytes": b"", "day": datetime.date(9999, 12, 31), "at": datetime.datetime(1900, 1, 1, tzinfo=UTC),
         "items": [float(n) for n in range(150)], "point": {"x": None, "names": []}, "counts": []},
        {"id": 3},
    ]  # fmt: skip
    write_deltalake(folder, pyarrow.Table.from_pylist(rows, schema), commit_properties=by(1, "ingest", []))


def events(folder):
    def table(*ids, day):
        return pyarrow.table({"id": pyarrow.array(ids, pyarrow.int64()), "day": [day] * len(ids)})

    write_deltalake(folder, table(1, 2, 3, day="mon"), partition_by=["day"], commit_properties=by(1, "ingest", []))
    write_deltalake(folder, table(4, 5, day="tue"), mode="append", commit_properties=by(2, "ingest", ["raw.types@0"]))
    write_deltalake(folder, table(6, 7, 8, 9, day="we d"), mode="overwrite", commit_properties=by(3, "dedup", ["raw.events@1"]))
    write_deltalake(folder, table(10, day="we d"), mode="append")
    DeltaTable(folder).optimize.compact(commit_properties=by(4, "maintain", []))
    DeltaTable(folder).create_checkpoint()


def features(folder):
    rows = {"customer_id": [1, 2], "day": [datetime.date(2024, 1, 1)] * 2, "amount_sum_7d": [10.5, 0.0], "amount_count_7d": [3, 0]}
    write_deltalake(folder, pyarrow.table(rows), commit_properties=by(5, "features", ["raw.events@4"]))
    log = folder / "_delta_log/00000000000000000000.json"
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    said = {
        "customer_id": {"millrace": {"role": "entity"}},
        "day": {"comment": "the row holds from the end of this day on", "millrace": {"role": "time"}},
        "amount_sum_7d": {"comment": "sum of amount over the 7 days before",
                          "millrace": {"role": "feature", "owner": "risk", "tags": ["money"], "source": "raw.events",
                                       "expression": "sum(amount) over 7d"}},
        "amount_count_7d": {"millrace": {"role": "feature"}},
    }  # fmt: skip
    for line in lines:
        if "metaData" in line:
            schema = json.loads(line["metaData"]["schemaString"])
            for field in schema["fields"]:
                given = dict(said[field["name"]])
                given["millrace"] = json.dumps(given["millrace"])
                field["metadata"] = given
            line["metaData"]["schemaString"] = json.dumps(schema)
    log.write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines))


def main():
    expected = {}
    for name, make in (("raw/types", types), ("raw/events", events), ("features/daily", features)):
        folder = HERE / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        make(folder)
        versions = range(DeltaTable(folder).version() + 1)
        expected[name.replace("/", ".")] = {
            "rows": [DeltaTable(folder, version=v).to_pyarrow_table().num_rows for v in versions],
            "ids": [sorted(DeltaTable(folder, version=v).to_pyarrow_table()[0].to_pylist()) for v in versions],
            "bytes": [sum(DeltaTable(folder, version=v).get_add_actions(flatten=True).column("size_bytes").to_pylist()) for v in versions],
            "table_id": str(DeltaTable(folder).metadata().id),
        }
    (HERE / "expected.json").write_text(json.dumps(expected, indent=2) + "\n")


main()
