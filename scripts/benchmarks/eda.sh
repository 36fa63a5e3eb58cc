# shellcheck shell=bash
# A profile of every column of the raw transactions.
ours_name='eda' theirs_name='summary + approx_count_distinct'

prepare() { prepare_data; }
before_each() { home=$(home_with home raw.transactions); }
ours() { millrace eda --config "$ROOT/conf/fraud/eda.yaml" --home "$home"; }
theirs() { peer EdaPeer "$home/lake/raw/transactions"; }
