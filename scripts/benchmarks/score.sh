# shellcheck shell=bash
# Every payment through a forest of 20 trees, into a Delta table; MLlib writes the same columns, and once more without
# those that say where a prediction comes from.
sides=(ours mllib bare)
names=([ours]='ONNX Runtime' [mllib]='MLlib transform' [bare]='MLlib, predictions alone')

prepare() {
  prepare_model
  cat >"$work/score.yaml" <<YAML
job: score
score:
  model: $model
  input: raw.payments
  output: predictions.payments
  keys: [id]
  time-column: at
  keep: [customer_id, terminal_id]
  write: replace
YAML
}
before_each() {
  home=$(home_with home raw.payments)
  rm -rf "$work/peer"
}
ours() { millrace score --config "$work/score.yaml" --home "$home"; }
mllib() { peer ScorePeer "$home/lake/raw/payments" "$model/spark" "$work/peer"; }
bare() { peer ScorePeer "$home/lake/raw/payments" "$model/spark" "$work/peer" bare; }
