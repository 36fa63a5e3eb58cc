"""Delta tables made without Spark: as many files, columns and commits as a test wants, in one go."""

import json
import pathlib
import uuid

import deltalake
import numpy
import pyarrow
import pyarrow.parquet

SPARK_TYPES = {"int64": "long", "int32": "integer", "double": "double", "string": "string", "bool": "boolean"}
TIME = pyarrow.timestamp("us", tz="UTC")
MOMENT = 1_767_225_600_000  # 2026-01-01T00:00:00Z


def spark_type(kind):
    return "timestamp" if pyarrow.types.is_timestamp(kind) else SPARK_TYPES[str(kind)]


def header(schema):
    fields = [{"name": f.name, "type": spark_type(f.type), "nullable": True, "metadata": {}} for f in schema]
    return [
        {"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}},
        {
            "metaData": {
                "id": str(uuid.uuid4()),
                "format": {"provider": "parquet", "options": {}},
                "schemaString": json.dumps({"type": "struct", "fields": fields}),
                "partitionColumns": [],
                "configuration": {},
                "createdTime": MOMENT,
            }
        },
    ]


def write(folder, rows, files=1, commits=1):
    """A table of `rows`, cut into `files` files, which come in `commits` commits."""
    folder = pathlib.Path(folder)
    log = folder / "_delta_log"
    log.mkdir(parents=True)
    adds = []
    for number, part in enumerate(numpy.array_split(numpy.arange(len(rows)), files)):
        name = f"part-{number:05d}.parquet"
        cut = rows.slice(part[0], len(part)) if len(part) else rows.slice(0, 0)
        pyarrow.parquet.write_table(cut, folder / name)
        adds.append(
            {
                "add": {
                    "path": name,
                    "partitionValues": {},
                    "size": (folder / name).stat().st_size,
                    "modificationTime": MOMENT,
                    "dataChange": True,
                    "stats": json.dumps({"numRecords": len(cut)}),
                }
            }
        )
    for version in range(commits):
        info = {"commitInfo": {"timestamp": MOMENT + version * 1000, "operation": "WRITE", "operationParameters": {}}}
        mine = [add for number, add in enumerate(adds) if number * commits // files == version]
        actions = [info, *(header(rows.schema) if version == 0 else []), *mine]
        (log / f"{version:020d}.json").write_text("".join(json.dumps(action) + "\n" for action in actions))
    # Delta would write one every 10 commits.
    for version in range(99, commits, 100):
        deltalake.DeltaTable(str(folder), version=version).create_checkpoint()
    if commits > 10:
        deltalake.DeltaTable(str(folder)).create_checkpoint()
    return folder


def payments(rows, numbers, seed=7, days=28, hot=0.0):
    """id, at, customer, channel, `numbers` columns of doubles, and a label that depends on two of them."""
    random = numpy.random.default_rng(seed)
    values = random.normal(size=(rows, numbers)).round(6)
    chance = 1 / (1 + numpy.exp(-(2 * values[:, 0] - values[:, 1])))
    customer = random.integers(0, max(2, rows // 40), rows)
    customer[random.random(rows) < hot] = 0
    at = MOMENT * 1000 + random.integers(0, days * 86_400, rows) * 1_000_000
    columns = {
        "id": pyarrow.array(numpy.arange(rows)),
        "at": pyarrow.array(at, TIME),
        "customer": pyarrow.array(customer),
        "channel": pyarrow.array(random.choice(["shop", "online", "phone"], rows)),
        **{f"x{i}": pyarrow.array(values[:, i]) for i in range(numbers)},
        "y": pyarrow.array((random.random(rows) < chance).astype("int32")),
    }
    return pyarrow.table(columns)


def shuffled(rows, seed=11):
    return rows.take(pyarrow.array(numpy.random.default_rng(seed).permutation(len(rows))))
