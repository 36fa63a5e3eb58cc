# shellcheck shell=bash
# CSV files of transactions into Delta, records that do not fit apart.
ours_name='ingest' theirs_name='Spark CSV'

prepare() { prepare_data; }
before_each() { rm -rf "$work/home" "$work/peer"; }
ours() {
  millrace ingest --config "$ROOT/conf/fraud/ingest-transactions.yaml" --home "$work/home" --set "landing=$data/landing"
}
theirs() { peer IngestPeer "$data/landing/transactions" "$work/peer"; }
