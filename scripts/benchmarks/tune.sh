# shellcheck shell=bash
# Four trials, two at a time, beside one after another.
sides=(ours serial)
names=([ours]="two at a time" [serial]="one by one")

prepare() { prepare_data; }
before_each() { home=$(home_with home training_sets.fraud); }
ours() { millrace tune --config "$ROOT/conf/fraud/tune.yaml" --home "$home"; }
serial() { millrace tune --config "$ROOT/conf/fraud/tune.yaml" --home "$home" --set tune.parallel=1; }
