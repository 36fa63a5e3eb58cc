# shellcheck shell=bash
# PSI of every input of the model by week, against the rows it was trained on: one pass and the baseline kept
# with the model, beside three queries per column, which compute the baseline too.
sides=(ours queries)
names=([ours]=monitor [queries]='queries per column')

prepare() {
  prepare_model
  cat >"$work/monitor.yaml" <<YAML
job: monitor
monitor:
  model: $model
  inputs: raw.payments
  time-column: at
  granularity: 7d
YAML
}
before_each() { home=$(home_with home raw.payments); }
ours() { millrace monitor --config "$work/monitor.yaml" --home "$home"; }
queries() { peer MonitorPeer "$home/lake/raw/payments"; }
