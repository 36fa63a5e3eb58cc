# shellcheck shell=bash
# Counts and means over the last 1, 7 and 30 days of a customer, at every event: histories of twelve events, beside Spark
# SQL's range windows and a plain sort of the same rows. `features-zipf`: the same with customers by Zipf's law.
sides=(ours windows sorted)
names=([ours]=features [windows]='Spark SQL windows' [sorted]='plain sort')
features_of() { # features_of TABLE
  source=$1
}
features_of short

prepare() {
  prepare_tables "$source"
  cat >"$work/features.yaml" <<YAML
job: features
features:
  source: raw.$source
  entity: customer_id
  time-column: event_time
  key: transaction_id
  output: features.customer_events
  windows: [1d, 7d, 30d]
  boundary: inclusive
  features:
    - {name: "n_{window}", aggregate: count}
    - {name: "avg_{window}", aggregate: mean, column: amount}
YAML
}
before_each() {
  home=$(home_with home "raw.$source")
  rm -rf "$work/peer"
}
ours() { millrace features --config "$work/features.yaml" --home "$home"; }
windows() { peer FeaturesPeer "$home/lake/raw/$source" "$work/peer"; }
sorted() { peer SortPeer "$home/lake/raw/$source" "$work/peer"; }
