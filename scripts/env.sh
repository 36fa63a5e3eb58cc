# Sourced by the scripts beside it: where things are, what a machine must have, how a JVM for Spark is started.
# shellcheck shell=bash
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
MAVEN=(mvn -B -ntp)
if [ -f "$ROOT/pom.xml" ]; then
  DISTRIBUTION=no STATE=$ROOT/jobs/target
  JOBS_JAR=$STATE/millrace-jobs.jar
  REGISTRY_JAR=$ROOT/registry-server/target/millrace-registry.jar
else # what scripts/dist made, unpacked: jars instead of sources, and Spark is that of SPARK_HOME
  DISTRIBUTION=yes STATE=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/millrace
  JOBS_JAR=$ROOT/lib/millrace-jobs.jar
  REGISTRY_JAR=$ROOT/lib/millrace-registry.jar
fi
SPARK_CLASSPATH_FILE=$ROOT/jobs/target/spark.classpath # of a clone
CLASS_ARCHIVE=$STATE/millrace.jsa

fail() { # fail EXIT MESSAGE
  printf 'error: %s\n' "$2" >&2
  exit "$1"
}

require_java() {
  JAVA=${JAVA_HOME:+$JAVA_HOME/bin/}java
  command -v "$JAVA" >/dev/null 2>&1 ||
    fail 2 "Java is missing. Install a JDK 17, for example: apt-get install openjdk-17-jdk-headless"
  local version
  version=$("$JAVA" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p')
  [ "${version%%.*}" -ge 17 ] 2>/dev/null ||
    fail 2 "Java $version is too old: $JAVA. Install a JDK 17 and set JAVA_HOME to it."
}

require_maven() {
  [ "$DISTRIBUTION" = no ] || fail 2 "This needs a clone of Millrace; $ROOT is an unpacked distribution."
  require_java
  command -v mvn >/dev/null 2>&1 ||
    fail 2 "Maven is missing. Install Maven 3.8.7 or newer, for example: apt-get install maven"
  command -v "${JAVA_HOME:+$JAVA_HOME/bin/}javac" >/dev/null 2>&1 ||
    fail 2 "This is a Java runtime without a compiler. Install a JDK 17, for example: apt-get install openjdk-17-jdk-headless"
}

# Digest of what a jar is built from: names and contents, since copying a clone changes times.
sources_digest() { # sources_digest FOLDER...
  (cd "$ROOT" && find "$@" pom.xml -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d ' ' -f 1)
}

# Whether a jar is missing or its sources have changed since build() made it. Times decide where they can: hashing takes
# a tenth of a second.
stale() { # stale JAR FOLDER...
  local jar=$1
  shift
  [ -f "$jar" ] || return 0
  [ -n "$(cd "$ROOT" && find "$@" pom.xml -newer "$jar" -type f -print -quit)" ] || return 1
  [ -f "$jar.sources" ] && [ "$(cat "$jar.sources")" = "$(sources_digest "$@")" ] || return 0
  touch "$jar" "$jar.sources"
  return 1
}

JOBS_SOURCES=(jobs/src/main jobs/pom.xml)
REGISTRY_SOURCES=(registry-server/src/main registry-server/pom.xml)

# Builds both jars when their sources changed. Tests and format are checked by scripts/test.
build() {
  [ "$DISTRIBUTION" = no ] || return 0
  if ! stale "$JOBS_JAR" "${JOBS_SOURCES[@]}" && ! stale "$REGISTRY_JAR" "${REGISTRY_SOURCES[@]}"; then
    return
  fi
  require_maven
  echo "building the jars (the first time Maven also downloads Spark; that can take minutes)" >&2
  (cd "$ROOT" && "${MAVEN[@]}" -q -Dmaven.test.skip=true -Dspotless.check.skip=true package) >&2 ||
    fail 1 "The build failed; the messages above say why."
  record_sources
  rm -f "$CLASS_ARCHIVE"
}

# Notes what the jars were built from.
record_sources() {
  sources_digest "${JOBS_SOURCES[@]}" >"$JOBS_JAR.sources"
  sources_digest "${REGISTRY_SOURCES[@]}" >"$REGISTRY_JAR.sources"
}

# Java takes an archive only with the very jar it was made from.
archive_is_fresh() {
  [ "$CLASS_ARCHIVE" -nt "$JOBS_JAR" ]
}

# The module options Spark needs (org.apache.spark.launcher.JavaModuleOptions), kept once, in the parent pom. Without
# the incubating vector module: it prints a warning, keeps the class archive from holding the module graph, and only
# speeds up linear algebra on long vectors.
spark_jvm_options() {
  if [ "$DISTRIBUTION" = yes ]; then
    cat "$ROOT/lib/spark-jvm-options"
    return
  fi
  sed -n 's:.*<spark.jvm.options>\(.*\)</spark.jvm.options>.*:\1:p' "$ROOT/pom.xml" |
    sed 's/--add-modules=jdk.incubator.vector //'
}

# The jars of Spark and Delta as a class path: those that Maven resolved, or those of SPARK_HOME and the distribution's.
spark_classpath() {
  if [ "$DISTRIBUTION" = yes ]; then
    require_spark_home
    printf '%s\n' "$SPARK_HOME/jars/*:$ROOT/lib/delta/*"
    return
  fi
  cat "$SPARK_CLASSPATH_FILE"
}

# The jars that a plain Spark installation does not have, one per line.
delta_jars() {
  if [ "$DISTRIBUTION" = yes ]; then
    printf '%s\n' "$ROOT"/lib/delta/*.jar
    return
  fi
  spark_classpath | tr ':' '\n' | grep -E '/(delta-|unitycatalog-)[^/]*\.jar$'
}

# A distribution has no Spark of its own.
require_spark_home() {
  [ "$DISTRIBUTION" = yes ] || return 0
  compgen -G "${SPARK_HOME:-/none}/jars/spark-core_2.13-4.1.*.jar" >/dev/null ||
    fail 2 "SPARK_HOME is not a Spark 4.1 installation: '${SPARK_HOME:-}'. Set it to one, for example to the folder of \`pip install pyspark==4.1.0\`."
}

# A folder that serves as SPARK_HOME: links to those jars.
spark_home() {
  require_spark_home
  local home=$ROOT/jobs/target/spark
  if [ ! -d "$home/jars" ] || [ "$SPARK_CLASSPATH_FILE" -nt "$home/jars" ]; then
    local jars made=$home.$$
    mkdir -p "$made/jars"
    IFS=: read -r -a jars < <(spark_classpath; echo)
    ln -s "${jars[@]}" "$made/jars/"
    rm -rf "$home"
    mv -T "$made" "$home" 2>/dev/null || rm -rf "$made" # another script was faster
  fi
  printf '%s\n' "$home"
}

absolute() { # absolute PATH: without needing it to exist; URIs stay as they are
  case $1 in
    /* | *:/*) printf '%s\n' "$1" ;;
    *) printf '%s\n' "$PWD/$1" ;;
  esac
}
