# shellcheck shell=bash
# The plan of a job on a table of two rows: JVM, Spark and Delta start, the table is opened, nothing is computed.
sides=(ours without)
names=([ours]="with class archive" [without]="without")

prepare() {
  home=$work/home
  rm -rf "$home"
  mkdir -p "$home"
  printf 'id,amount\n1,2.5\n2,3.5\n' >"$home/few.csv"
  cat >"$home/ingest.yaml" <<YAML
job: ingest
ingest: {path: $home/few.csv, output: raw.few}
YAML
  cat >"$home/eda.yaml" <<YAML
job: eda
eda: {table: raw.few}
YAML
  quietly millrace ingest --config "$home/ingest.yaml" --home "$home"
  archive=write quietly millrace eda --config "$home/eda.yaml" --home "$home" --force
}
before_each() { :; }
ours() { archive=use millrace eda --config "$home/eda.yaml" --home "$home" --force --dry-run; }
without() { millrace eda --config "$home/eda.yaml" --home "$home" --force --dry-run; }
