# shellcheck shell=bash
# The profile of a table of a few rows: nearly all of it is the start of the JVM and of Spark.
ours_name='with class archive' theirs_name='without'

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
  [ -f "$CLASS_ARCHIVE" ] || archive=write quietly millrace eda --config "$home/eda.yaml" --home "$home" --dry-run
  quietly millrace ingest --config "$home/ingest.yaml" --home "$home"
}
before_each() { :; }
ours() { archive=use millrace eda --config "$home/eda.yaml" --home "$home" --force; }
theirs() { millrace eda --config "$home/eda.yaml" --home "$home" --force; }
