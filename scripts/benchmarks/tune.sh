# shellcheck shell=bash
# Four trials, two at a time, beside one after another.
ours_name='two at a time' theirs_name='one by one'

prepare() { prepare_data; }
before_each() { home=$(home_with home training_sets.fraud); }
ours() { millrace tune --config "$ROOT/conf/fraud/tune.yaml" --home "$home"; }
theirs() { millrace tune --config "$ROOT/conf/fraud/tune.yaml" --home "$home" --set tune.parallel=1; }
