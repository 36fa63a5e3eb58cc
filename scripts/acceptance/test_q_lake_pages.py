"""The pages of the lake: what they show is what deltalake reads and what the command line says."""

import json
import math
import os
import re
import sys
import urllib.error
import urllib.parse
import urllib.request

import deltalake
import pytest
from conftest import ROOT, millrace, tables
from playwright.sync_api import expect, sync_playwright

sys.path.insert(0, str(ROOT / "registry-server/src/test/browser"))
from walk import FLAGS, WAIT, Walk, walk_lake  # noqa: E402

MOST_BRANCHES = 20  # what the command line prints of one thing's neighbours


def get(quickstart, path, **query):
    text = urllib.parse.urlencode({key: value for key, value in query.items() if value is not None})
    with urllib.request.urlopen(f"{quickstart.url}/api/v1/{path}?{text}", timeout=120) as answer:
        return json.load(answer)


def plain(value):
    """A value of deltalake as the server writes it; texts of time and decimals by their meaning."""
    if isinstance(value, float) and not math.isfinite(value):
        return {"inf": "Infinity", "-inf": "-Infinity"}.get(str(value), "NaN")
    if hasattr(value, "isoformat"):
        text = value.isoformat().replace("+00:00", "Z")
        text = re.sub(r"(\.\d*?)0+(?=Z|$)", r"\1", text)  # as java.time: fractions in groups of three digits
        fraction = re.search(r"\.(\d*)", text)
        if fraction:
            digits = fraction[1].ljust(-(-len(fraction[1]) // 3) * 3, "0")
            text = text.replace(fraction[0], f".{digits}" if digits else "")
        return text
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53:
        return str(value)
    return value


def edges(nodes, direction, above):
    """Pairs (thing, neighbour) of the command line's tree; what it leaves out makes the comparison worthless."""
    found = set()
    for node in nodes:
        assert not node["ref"].startswith("…"), "the command line left something out"
        found.add((above, node["ref"]))
        found |= edges(node.get(direction, []), direction, node["ref"])
    return found


def test_tables_are_those_that_deltalake_reads(quickstart):
    listed = {entry["table"]: entry for entry in get(quickstart, "tables")["tables"]}
    printed = {entry["table"]: entry for entry in millrace("tables", "--home", quickstart.home)["tables"]}
    folders = tables(quickstart.home)

    assert set(listed) == set(folders) == set(printed)
    for name, entry in listed.items():
        table = deltalake.DeltaTable(str(folders[name]))
        actions = table.get_add_actions(flatten=True)
        assert entry["version"] == table.version(), name
        assert entry["rows"] == table.count(), name
        assert entry["bytes"] == sum(actions.column("size_bytes").to_pylist()), name
        assert entry["files"] == actions.num_rows, name
        for field in ("version", "versions", "rows", "files", "bytes", "job", "run_id"):
            assert entry.get(field) == printed[name].get(field), (name, field)


def test_rows_at_every_version_are_deltalakes(quickstart):
    compared = 0
    for name, folder in tables(quickstart.home).items():
        newest = deltalake.DeltaTable(str(folder)).version()
        for version in range(newest + 1):
            frame = deltalake.DeltaTable(str(folder), version=version).to_pyarrow_table()
            answer = get(quickstart, f"tables/{name}/rows", version=version, limit=500)
            columns = [column["name"] for column in answer["columns"]]
            assert columns == frame.column_names, name
            simple = [
                c for c in columns
                if c not in answer.get("cut", []) and not re.search("struct|list|map|binary", str(frame.schema.field(c).type))
            ]  # fmt: skip
            assert len(answer.get("rows", [])) == min(500, frame.num_rows), name
            known = {tuple(plain(value) for value in row.values()) for row in frame.select(simple).to_pylist()}
            places = [columns.index(column) for column in simple]
            for row in answer.get("rows", []):
                shown = tuple(row[place] for place in places)
                assert shown in known, (name, version, shown)
                compared += 1
    assert compared > 1000


def test_history_names_the_runs_of_the_commits(quickstart):
    for name, folder in tables(quickstart.home).items():
        commits = get(quickstart, f"tables/{name}/history", max_results=500)["commits"]
        written = deltalake.DeltaTable(str(folder)).history()
        assert [commit["version"] for commit in commits] == [entry["version"] for entry in written]
        for commit, entry in zip(commits, written, strict=True):
            assert commit["operation"] == entry["operation"]
            assert commit["at"] == entry["timestamp"]
            said = json.loads(entry["userMetadata"])
            assert commit["maker"]["run_id"] == said["run_id"]
            assert commit["maker"].get("inputs", []) == said["inputs"]


@pytest.mark.parametrize("start", ["raw.transactions", "predictions.fraud", "training_sets.fraud@0", "model:fraud/1", "run"])
def test_lineage_is_the_command_lines(quickstart, start):
    if start == "run":
        start = "run:" + next(e["run_id"] for e in get(quickstart, "tables")["tables"] if e["table"] == "predictions.fraud")
    printed = millrace("lineage", start, "--home", quickstart.home)
    drawn = get(quickstart, "lineage", ref=start, depth=100, max_nodes=1000)

    assert "cut" not in drawn
    assert drawn["ref"] == printed["ref"]
    of_lake = {(edge["from"], edge["to"]) for edge in drawn["edges"] if edge["source"] == "lake"}
    above = {(other, ref) for ref, other in edges(printed["made_from"], "made_from", printed["ref"])}
    below = edges(printed["used_by"], "used_by", printed["ref"])
    assert of_lake == above | below
    assert len(of_lake) >= 3
    runs = [node for node in drawn["nodes"] if node["kind"] == "run"]
    assert all("run" in node for node in runs), "every run of the story has its page"


def test_features_are_what_the_schemas_say(quickstart):
    said = {}
    for name, folder in tables(quickstart.home).items():
        for field in json.loads(deltalake.DeltaTable(str(folder)).schema().to_json())["fields"]:
            facts = json.loads(field["metadata"].get("millrace", "{}"))
            if facts.get("role") == "feature":
                said[name, field["name"]] = (field["metadata"].get("comment", ""), facts)
    listed = {(feature["table"], feature["name"]): feature for feature in get(quickstart, "features")["features"]}

    assert set(listed) == set(said)
    assert len(listed) >= 10
    for key, (comment, facts) in said.items():
        assert listed[key]["description"] == comment
        for fact in ("owner", "tags", "source"):
            assert listed[key].get(fact) == facts.get(fact)
    windowed = [feature for feature in listed.values() if feature.get("window")]
    assert {feature["window"] for feature in windowed} >= {"7d", "30d"}
    assert all(any(use["model"] == "fraud" for use in feature["used_by"]) for feature in windowed)
    assert any(feature.get("drift") for feature in windowed)


def test_what_is_wrong_is_said(quickstart):
    for path, status, words in [
        ("tables/raw.nothing", 404, "no table `raw.nothing`"),
        ("tables/raw.transactions?version=999", 404, "has no version 999"),
        ("tables/..%2f..%2fetc", 400, "no name of a table"),
        ("lineage?ref=nonsense", 400, "nothing whose lineage is known"),
    ]:
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{quickstart.url}/api/v1/{path}", timeout=60)
        assert refused.value.code == status
        assert words in json.load(refused.value)["detail"]


def test_the_pages_show_it(quickstart, tmp_path):
    from axe_playwright_python.sync_playwright import Axe

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=FLAGS)
        wrong = []
        for label, width, scheme in (("wide-light", 1280, "light"), ("narrow-dark", 390, "dark")):
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
            context.set_default_timeout(WAIT * 2)
            walk = Walk(context.new_page(), quickstart.url, tmp_path, label, Axe())
            walk_lake(walk)
            wrong += walk.wrong
        use(walk, quickstart)
        browser.close()

    assert not wrong + walk.wrong, "\n".join(wrong + walk.wrong)


def use(walk, quickstart):
    """From a table to the run that wrote it, on to its lineage, and to a feature by typing."""
    page = walk.page
    walk.open("#/tables/predictions.fraud")
    newest = get(quickstart, "tables/predictions.fraud")["state"]["version"]
    expect(page.locator("#history tbody tr")).to_have_count(newest + 1, timeout=WAIT)
    page.locator("#history tbody tr").first.locator("a", has_text=re.compile("^[0-9a-f]{8}$")).click()
    expect(page.locator("main h1")).to_contain_text("score", timeout=WAIT)
    page.get_by_role("link", name="what it read and made").click()
    expect(page.locator("#lineage-list")).to_contain_text(f"predictions.fraud@{newest}", timeout=WAIT)
    expect(page.locator("#lineage-list")).to_contain_text("raw.transactions@0", timeout=WAIT)
    listed = page.locator("#lineage-list tbody tr")
    names = set(listed.locator("th").all_inner_texts())
    called = {text for text in listed.locator("td").nth(4).locator("a").all_inner_texts() if "@" not in text}
    walk.check(called <= names, f"runs go by two names: {called - names}")
    walk.open("#/tables")
    page.locator("#table-search").press_sequentially("predic")
    expect(page.locator("#tables tbody tr")).to_have_count(1, timeout=WAIT)
    walk.check("name=predic" in page.url, "what is typed is not in the address")
    walk.open("#/features")
    page.locator("#feature-search").press_sequentially("cust_n_7d")
    expect(page.locator("#features tbody tr")).to_have_count(1, timeout=WAIT)
    walk.check("search=cust_n_7d" in page.url, "what is typed is not in the address")
    page.reload()
    expect(page.locator("#features tbody tr")).to_have_count(1, timeout=WAIT)
    page.locator("#features a", has_text="features.customer_daily").click()
    expect(page.locator("main h1")).to_have_text("features.customer_daily", timeout=WAIT)
