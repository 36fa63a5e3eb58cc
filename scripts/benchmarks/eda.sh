# shellcheck shell=bash
# A profile of every column of the payments, beside Spark's queries for the same statistics, Deequ's profile (with KLL
# sketches; its own class path and Spark, see deequ/pom.xml) and a scan that reads the columns and keeps nothing.
sides=(ours spark deequ scan)
names=([ours]=eda [spark]='Spark queries' [deequ]=Deequ [scan]='bare scan')

prepare() {
  prepare_tables payments
  printf 'job: eda\neda: {table: raw.payments}\n' >"$work/eda.yaml"
  deequ=$ROOT/jobs/target/bench/deequ
  mkdir -p "$deequ"
  [ "$deequ/classpath" -nt "$ROOT/scripts/benchmarks/deequ/pom.xml" ] ||
    quietly "${MAVEN[@]}" -q -f "$ROOT/scripts/benchmarks/deequ/pom.xml" dependency:build-classpath "-Dmdep.outputFile=$deequ/classpath"
  CLASSPATH=$(cat "$deequ/classpath") "${JAVA%java}javac" -nowarn -d "$deequ" "$ROOT/scripts/benchmarks/deequ/DeequPeer.java"
}
before_each() { home=$(home_with home raw.payments); }
ours() { millrace eda --config "$work/eda.yaml" --home "$home"; }
spark() { peer EdaPeer "$home/lake/raw/payments"; }
deequ() { CLASSPATH=$deequ:$(cat "$deequ/classpath") jvm DeequPeer "$home/lake/raw/payments"; }
scan() { peer ScanPeer "$home/lake/raw/payments"; }
