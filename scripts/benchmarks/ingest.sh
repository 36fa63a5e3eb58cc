# shellcheck shell=bash
# CSV files of payments into Delta, records that do not fit apart.
sides=(ours spark)
names=([ours]=ingest [spark]='Spark CSV')

prepare() {
  prepare_tables landing
  cat >"$work/ingest.yaml" <<YAML
job: ingest
ingest:
  path: $data/landing/*.csv
  output: raw.transactions
  schema:
    transaction_id: long
    event_time: timestamp
    customer_id: long
    terminal_id: long
    amount: double
    channel: string
    country: string
    x1: double
    x2: double
    received_at: timestamp
  not-null: [transaction_id, event_time, customer_id, terminal_id]
  rules:
    - {name: no negative amount, column: amount, where: amount >= 0}
  max-quarantined: 0.05
YAML
}
before_each() { rm -rf "$work/home" "$work/peer"; }
ours() { millrace ingest --config "$work/ingest.yaml" --home "$work/home"; }
spark() { peer IngestPeer "$data/landing" "$work/peer"; }
