# shellcheck shell=bash
# Counts and means over the last 1, 7 and 30 days of a customer, at every transaction.
ours_name='features' theirs_name='Spark SQL windows'

prepare() {
  prepare_data
  cat >"$work/features.yaml" <<YAML
job: features
features:
  source: clean.transactions
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
  home=$(home_with home clean.transactions)
  rm -rf "$work/peer"
}
ours() { millrace features --config "$work/features.yaml" --home "$home"; }
theirs() { peer FeaturesPeer "$home/lake/clean/transactions" "$work/peer"; }
