"""Readers that are not Spark find the same rows in every table."""

import json

import deltalake
import duckdb
import pytest
from conftest import ROOT, millrace, tables
from duckdb_extensions import import_extension


@pytest.fixture(scope="module")
def duck():
    import_extension("delta")
    connection = duckdb.connect()
    connection.execute("LOAD delta")
    return connection


@pytest.fixture(scope="module")
def counts_by_spark(quickstart):
    names = sorted(tables(quickstart.home))
    query = " UNION ALL ".join(f"SELECT '{n}' AS name, count(*) AS rows FROM {n}" for n in names)
    return {row["name"]: row["rows"] for row in millrace("sql", query, "--home", quickstart.home)}


def test_deltalake_and_duckdb_count_the_rows_spark_counts(quickstart, duck, counts_by_spark):
    assert len(counts_by_spark) >= 10
    for name, folder in tables(quickstart.home).items():
        by_deltalake = deltalake.DeltaTable(str(folder)).to_pyarrow_table().num_rows
        (by_duckdb,) = duck.execute(f"SELECT count(*) FROM delta_scan('{folder}')").fetchone()
        assert (by_deltalake, by_duckdb) == (counts_by_spark[name],) * 2, name


def test_values_agree_too(quickstart, duck):
    folder = tables(quickstart.home)["predictions.fraud"]
    query = "SELECT count(*) n, sum(probability) p, min(transaction_id) a, max(transaction_id) b"

    (spark,) = millrace("sql", f"{query} FROM predictions.fraud", "--home", quickstart.home)
    n, p, a, b = duck.execute(f"{query} FROM delta_scan('{folder}')").fetchone()
    frame = deltalake.DeltaTable(str(folder)).to_pandas()

    assert (n, a, b) == (spark["n"], spark["a"], spark["b"])
    assert p == pytest.approx(spark["p"], rel=1e-9)
    assert frame.probability.sum() == pytest.approx(spark["p"], rel=1e-9)


def test_every_table_can_be_read_by_readers_of_version_1(quickstart):
    for name, folder in tables(quickstart.home).items():
        protocols = [
            json.loads(line)["protocol"]
            for log in sorted((folder / "_delta_log").glob("*.json"))
            for line in log.read_text().splitlines()
            if line.startswith('{"protocol"')
        ]
        assert protocols and all(p["minReaderVersion"] == 1 for p in protocols), name


def test_the_fixed_tables_are_those_of_the_contract(quickstart):
    """conf/contract/tables/NAME.json is the Delta schema that programs may rely on."""
    published = sorted((ROOT / "conf/contract/tables").glob("*.json"))

    assert len(published) == 4
    for file in published:
        table = deltalake.DeltaTable(str(tables(quickstart.home)[file.stem]))
        assert json.loads(table.schema().to_json()) == json.loads(file.read_text()), file.name
