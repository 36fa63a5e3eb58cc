# shellcheck shell=bash
# Every row of the training set through a forest of 20 trees, into a Delta table.
ours_name='ONNX Runtime' theirs_name='MLlib transform'

prepare() {
  prepare_data
  model=$(find "$data/spool" -type d -path '*model/spark' | head -n 1)
  [ -n "$model" ] || fail 1 "no trained model was found in $data"
  model=${model%/spark}
}
before_each() {
  home=$(home_with home training_sets.fraud)
  rm -rf "$work/peer"
}
ours() {
  millrace score --config "$ROOT/conf/fraud/score.yaml" --home "$home" --set "score.model=$model" --set score.write=replace
}
theirs() { peer ScorePeer "$home/lake/training_sets/fraud" "$model/spark" "$work/peer"; }
