"""Pure modules of the pages, run in Chromium as the server sends them: search, smoothing, contours, what a change says."""

import json
import math
import os
import re

import pytest
from conftest import ROOT, free_port, home_in, script
from playwright.sync_api import sync_playwright

WEB = ROOT / "registry-server/src/main/resources/web"
KNOWN = "{ metrics: new Set(['auc', 'a b']), params: new Map([['depth', 1]]), tags: new Map([['team', 1]]) }"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    for home in home_in(tmp_path_factory.mktemp("modules")):
        port = free_port()
        script("registry", "start", "--home", home, "--port", port)
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(
                executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
            )
            page = chromium.new_page()
            page.goto(f"http://127.0.0.1:{port}/")
            yield page
            chromium.close()


def run(page, module, call, given=None):
    return page.evaluate(f"async (given) => {{ const m = await import('/static/js/lib/{module}.js'); return {call}; }}", given)


def test_what_the_table_of_runs_needs_is_fetched_at_once():
    needed = set()

    def follow(module):
        if module not in needed:
            needed.add(module)
            for other in re.findall(r"from '(\.[^']+)'", module.read_text()):
                follow((module.parent / other).resolve())

    follow(WEB / "js/main.js")
    follow(WEB / "js/pages/experiment.js")
    told = re.findall(r'rel="modulepreload" href="/static/([^"]+)"', (WEB / "index.html").read_text())

    assert set(told) == {str(module.relative_to(WEB)) for module in needed} - {"js/main.js"}, "mend the list in index.html"


@pytest.mark.parametrize(
    ("text", "filter"),
    [
        ("", ""),
        ("gbt", "attributes.run_name ILIKE '%gbt%'"),
        ("night gbt", "attributes.run_name ILIKE '%night%' AND attributes.run_name ILIKE '%gbt%'"),
        ("it's", "attributes.run_name ILIKE \"%it's%\""),
        ("what is this", "attributes.run_name ILIKE '%what%' AND attributes.run_name ILIKE '%is%' AND attributes.run_name ILIKE '%this%'"),
        ("auc>0.9", "metrics.auc > 0.9"),
        ("auc = 0.9", "metrics.auc = 0.9"),
        ("f1 >= 0.9", "metrics.f1 >= 0.9"),
        ("depth = 5", "params.depth = '5'"),
        ("depth == 5", "params.depth = '5'"),
        ("rate != 'a b'", "params.rate != 'a b'"),
        ("team = risk", "tags.team = 'risk'"),
        ("`a b` > 3", "`a b` > 3"),
        ("job = train", "tags.`millrace.job` = 'train'"),
        ("status = failed", "attributes.status = 'FAILED'"),
        ("started > 2026-11-01", "attributes.start_time > 1793491200000"),
        ("started > '2026-11-01 12:00'", "attributes.start_time > 1793534400000"),
        ("gbt auc > 0.9 AND depth = 5", "attributes.run_name ILIKE '%gbt%' AND metrics.auc > 0.9 AND params.depth = '5'"),
        ("metrics.auc > 0.9", "metrics.auc > 0.9"),
        ("metrics.auc > 0.9 gbt", "attributes.run_name ILIKE '%gbt%' AND metrics.auc > 0.9"),
        ("tags.`millrace.job` = 'train'", "tags.`millrace.job` = 'train'"),
        ("params.algorithm LIKE 'g%' and x", "params.algorithm LIKE 'g%' AND attributes.run_name ILIKE '%x%'"),
        ("params.note = 'salt AND pepper'", "params.note = 'salt AND pepper'"),
        ("params.x IS NULL", "params.x IS NULL"),
        ("run_id IN ('a', 'b')", "attributes.run_id IN ('a', 'b')"),
        ("name LIKE 'n%'", "attributes.run_name LIKE 'n%'"),
        ("gbt auc >", "attributes.run_name ILIKE '%gbt%'"),
        ("metrics.auc >", ""),
        ("metrics.au", ""),
        ("params.algorithm LIKE", ""),
        ("params.x IS NOT", ""),
        ("run.5", "attributes.run_name ILIKE '%run.5%'"),
        ("what is", "attributes.run_name ILIKE '%what%' AND attributes.run_name ILIKE '%is%'"),
    ],
)
def test_words_become_a_filter(page, text, filter):
    assert run(page, "search", f"m.readSearch(given, {KNOWN})", text) == {"filter": filter}


@pytest.mark.parametrize(("text", "problem"), [("a OR b", "no OR"), ("depth = 'x", "not closed"), ('"a', "not closed")])
def test_what_means_nothing_is_told_before_the_server_is_asked(page, text, problem):
    assert problem in run(page, "search", f"m.readSearch(given, {KNOWN})", text)["problem"]


def test_smoothing_is_tensorboards(page):
    values = [5.0, 3.0, 4.0, 1.0, float("nan"), 2.0, 2.5]
    weight = 0.6
    wanted, last, count = [], 0.0, 0
    for value in values:  # tensorboard, line_chart smoothing: last = last * w + (1 - w) * v, divided by 1 - w ** n
        if math.isnan(value):
            wanted.append(None)
            continue
        last, count = last * weight + (1 - weight) * value, count + 1
        wanted.append(last / (1 - weight**count))

    curve = [[index, None if math.isnan(value) else value] for index, value in enumerate(values)]
    got = run(page, "curve", "m.smoothed(given.map(([x, y]) => [x, y ?? NaN]), 0.6).map(([, y]) => (Number.isNaN(y) ? null : y))", curve)

    assert [got[0], got[1]] == pytest.approx([5.0, (0.6 * 0.4 * 5 + 0.4 * 3) / (1 - 0.36)])
    assert [v for v in got if v is not None] == pytest.approx([v for v in wanted if v is not None])
    assert got[4] is None
    assert run(page, "curve", "m.smoothed([[0, 1], [1, 5]], 0)") == [[0, 1], [1, 5]]


def test_points_stand_by_step_by_time_or_since_the_start(page):
    points = [{"step": 2, "timestamp": 3000, "value": 0.5}, {"timestamp": 1000, "value": "0.7"}, {"step": 1, "timestamp": 4000, "value": 0.6}]

    assert run(page, "curve", "m.placed(given, 'step')", points) == [[0, 0.7], [1, 0.6], [2, 0.5]]
    assert run(page, "curve", "m.placed(given, 'time')", points) == [[1000, 0.7], [3000, 0.5], [4000, 0.6]]
    assert run(page, "curve", "m.placed(given, 'relative', 500)", points) == [[0.5, 0.7], [2.5, 0.5], [3.5, 0.6]]
    stepless = [{"timestamp": 20, "value": 2}, {"timestamp": 10, "value": 1}]
    assert run(page, "curve", "m.placed(given, 'step')", stepless) == [[1, 1], [2, 2]]
    assert run(page, "curve", "m.positive([[0, 1], [1, 0], [2, -1], [3, 2]])") == {"shown": [[0, 1], [3, 2]], "hidden": 2}


def test_the_surface_passes_through_the_points_and_keeps_their_range(page):
    points = [[0, 0, 1.0], [10, 0, 2.0], [0, 400, 3.0], [10, 400, 8.0], [5, 200, 4.0], [5, 200, 6.0]]
    found = run(page, "contour", "m.surface(given, 5)", points)

    assert found["xs"] == [0, 2.5, 5, 7.5, 10] and found["ys"] == [0, 100, 200, 300, 400]
    corners = [found["zs"][0][0], found["zs"][0][4], found["zs"][4][0], found["zs"][4][4], found["zs"][2][2]]
    assert corners == [1, 2, 3, 8, 5]
    heights = [z for row in found["zs"] for z in row]
    assert min(heights) >= 1 and max(heights) <= 8

    def shepard(x, y):
        weights = [1 / (((px - x) / 10) ** 2 + ((py - y) / 400) ** 2) for px, py, _ in points]
        return sum(w * z for w, (*_, z) in zip(weights, points, strict=True)) / sum(weights)

    assert found["zs"][1][3] == pytest.approx(shepard(7.5, 100))


def test_lines_of_equal_height_lie_at_that_height(page):
    plane = {"xs": [0, 1, 2], "ys": [0, 1, 2], "zs": [[x + 2 * y for x in range(3)] for y in range(3)]}
    segments = run(page, "contour", "m.isoline(given, 2.5)", plane)

    assert segments
    for ends in segments:
        for x, y in ends:
            assert x + 2 * y == pytest.approx(2.5)
    assert sum(math.dist(*ends) for ends in segments) == pytest.approx(math.dist((2, 0.25), (0, 1.25)))
    assert run(page, "contour", "m.levels(given, 2)", plane) == [2, 4]


def test_a_saddle_is_two_lines_that_do_not_cross(page):
    saddle = {"xs": [0, 1], "ys": [0, 1], "zs": [[1, 0], [0, 1]]}

    apart = run(page, "contour", "m.isoline(given, 0.6)", saddle)
    together = run(page, "contour", "m.isoline(given, 0.4)", saddle)

    assert len(apart) == len(together) == 2
    assert all(math.dist(*ends) == pytest.approx(math.sqrt(2) * 0.4) for ends in apart + together)


def test_a_version_has_the_moves_of_aliases_to_and_from_it(page):
    def entry(at, action, status=200, **detail):
        return {"at": at, "action": action, "status": status, "detail": json.dumps(detail)}

    alias = "POST registered-models/alias"
    entries = [
        entry(6, alias, alias="champion", version="3"),
        entry(5, alias, status=403, alias="champion", version="3"),
        entry(4, "POST model-versions/transition-stage", version="2", stage="Production"),
        entry(3, alias, alias="champion", version="2"),
        entry(2, "POST model-versions/create", source="runs:/b/model"),
        entry(1, "POST model-versions/create", source="runs:/a/model"),
    ]
    touching = run(page, "changes", "m.changesOf(given, { version: '2', source: 'runs:/b/model' })", entries)

    assert [one["at"] for one in touching] == [6, 4, 3, 2]
    assert run(page, "changes", "given.map(m.changeText)", touching) == [
        "@champion → version 3", "version 2 → stage Production", "@champion → version 2", "registered as a version"]  # fmt: skip


GROWN = """
const asked = [];
const logged = Array.from({ length: given.logged }, (_, at) => ({ step: given.stepless ? 0 : at, timestamp: at, value: at }));
const read = async (from) => {
  asked.push(from ?? 'all');
  const within = logged.filter(({ step }) => from === undefined || step >= from);
  return within.length <= m.MOST_POINTS ? within : within.slice(0, m.MOST_POINTS - 1).concat(within.at(-1));
};
const points = await m.grown(logged.slice(0, given.known), read);
return { asked, first: points[0].value, last: points.at(-1).value, count: points.length };
"""


@pytest.mark.parametrize(
    ("given", "asked", "count"),
    [
        ({"known": 0, "logged": 10}, ["all"], 10),
        ({"known": 1, "logged": 10}, ["all"], 10),  # it stands at step 0, where there may be more
        ({"known": 8, "logged": 10}, [7], 10),
        ({"known": 10, "logged": 10}, [9], 10),
        ({"known": 8, "logged": 10, "stepless": True}, ["all"], 10),
        ({"known": 100, "logged": 2599}, [99, "all"], 2500),
        ({"known": 5000, "logged": 5001}, ["all"], 2500),
        ({"known": 4999, "logged": 5001}, [4998], 5001),
    ],
)
def test_a_curve_grows_by_what_is_new(page, given, asked, count):
    got = page.evaluate("async (given) => { const m = await import('/static/js/lib/curve.js'); " + GROWN + " }", given)

    assert got == {"asked": asked, "first": 0, "last": given["logged"] - 1, "count": count}
