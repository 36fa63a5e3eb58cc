# shellcheck shell=bash
# What the simulation costs over writing: Spark makes as many rows of plain random numbers, and writes a file a day
# (we write the labels, too).
sides=(ours random)
names=([ours]=generate [random]="random columns")

prepare() {
  cat >"$work/generate.yaml" <<YAML
job: generate
generate:
  rows: $rows
  start: 2026-01-01
  days: 116
  files: {path: $work/simulated}
YAML
}
before_each() { rm -rf "$work/simulated" "$work/random" "$work/home"; }
ours() { millrace generate --config "$work/generate.yaml" --home "$work/home"; }
random() { peer GeneratePeer "$rows" "$work/random"; }
