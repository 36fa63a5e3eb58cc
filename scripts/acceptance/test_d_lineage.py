"""From one prediction to the raw data and back, with the registry off."""

from conftest import millrace, script


def refs(nodes):
    found = {node["ref"] for node in nodes}
    for node in nodes:
        found |= refs(node.get("made_from", [])) | refs(node.get("used_by", []))
    return found


def test_a_prediction_row_leads_to_its_origin_and_back(quickstart):
    script("registry", "stop", "--home", quickstart.home)
    try:
        (row,) = millrace(
            "sql",
            "SELECT transaction_id, model_version, run_id FROM predictions.fraud ORDER BY transaction_id LIMIT 1",
            "--home",
            quickstart.home,
        )
        down = millrace(
            "lineage", f"predictions.fraud:transaction_id={row['transaction_id']}", "--home", quickstart.home
        )
        origins = refs(down["made_from"])
        raw = next(ref for ref in origins if ref.startswith("raw.transactions@"))
        up = millrace("lineage", raw, "--home", quickstart.home)
    finally:
        script("registry", "start", "--home", quickstart.home, "--port", quickstart.port)

    assert f"model:fraud/{row['model_version']}" in origins
    assert f"run:{row['run_id']}" in origins
    assert any(ref.startswith("training_sets.fraud@") for ref in origins)
    users = refs(up["used_by"])
    assert f"model:fraud/{row['model_version']}" in users
    assert any(ref.startswith("predictions.fraud@") for ref in users)
