# shellcheck shell=bash
# No comparison: five jobs, one after the other, on a standalone cluster with 1 GiB of heap for the driver and for each of
# two executors. Each line is printed when the job has ended well; the first that does not ends the run.
sides=()

in_little() { # in_little JOB
  local begun took
  begun=$(date +%s%N)
  quietly "$ROOT/scripts/millrace" "$1" --config "$work/$1.yaml" --home "$home" --force --master "$url" --driver-memory 1g \
    --conf spark.executor.memory=1g --conf spark.executor.cores=1
  took=$(awk -v a="$begun" -v b="$(date +%s%N)" 'BEGIN { printf "%.1f", (b - a) / 1e9 }')
  printf '  %-9s %s s\n' "$1" "$took"
}

prepare() {
  prepare_tables payments
  home=$(home_with memory raw.payments)
  printf 'job: eda\neda: {table: raw.payments, slices: [channel]}\n' >"$work/eda.yaml"
  cat >"$work/train.yaml" <<YAML
job: train
train:
  table: raw.payments
  label: label
  positive-class: 1
  features: {auto: true, exclude: [id, customer_id, terminal_id, at, received_at]}
  algorithm: logistic-regression
  params: {max-iter: 10}
  split: {by: hash, columns: id}
YAML
  export MILLRACE_CLUSTER_DIR=$work/cluster MILLRACE_CLUSTER_PORT=17277
  url=$("$ROOT/scripts/cluster" start --workers 2 --memory 1g)
  trap '"$ROOT/scripts/cluster" stop >/dev/null' EXIT
  printf 'memory, %s rows, driver 1 GiB, 2 executors of 1 GiB and 1 core\n' "$rows"
  in_little eda
  in_little train
  model=$(find "$home/spool" -type d -path '*model/spark' | head -n 1)
  model=${model%/spark}
  printf 'job: evaluate\nevaluate: {model: %s, table: raw.payments, slices: [channel]}\n' "$model" >"$work/evaluate.yaml"
  printf 'job: score\nscore: {model: %s, input: raw.payments, output: predictions.payments, keys: [id], time-column: at}\n' \
    "$model" >"$work/score.yaml"
  cat >"$work/monitor.yaml" <<YAML
job: monitor
monitor:
  model: $model
  inputs: raw.payments
  predictions: predictions.payments
  time-column: at
  granularity: 7d
  labels: {table: raw.payments, keys: id, column: label}
YAML
  in_little evaluate
  in_little score
  in_little monitor
  exit 0
}
