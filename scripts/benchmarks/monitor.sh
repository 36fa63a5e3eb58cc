# shellcheck shell=bash
# PSI of every number by week, against the rows trained on: one pass and the baseline kept
# with the model, beside three queries per column, which compute the baseline too.
ours_name='monitor' theirs_name='queries per column'

prepare() {
  prepare_data
  model=$(find "$data/spool" -type d -path '*model/spark' | head -n 1)
  [ -n "$model" ] || fail 1 "no trained model was found in $data"
  cat >"$work/monitor.yaml" <<YAML
job: monitor
monitor:
  model: ${model%/spark}
  inputs: training_sets.fraud
  time-column: event_time
  granularity: 7d
YAML
}
before_each() { home=$(home_with home training_sets.fraud); }
ours() { millrace monitor --config "$work/monitor.yaml" --home "$home"; }
theirs() { peer MonitorPeer "$home/lake/training_sets/fraud"; }
