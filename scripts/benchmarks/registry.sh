# shellcheck shell=bash
# Both sides are servers, so the form differs from the others': registry.py starts, fills and loads them.
python=${MILLRACE_PYTHON:-$ROOT/jobs/target/acceptance-venv/bin/python}
"$python" -c 'import mlflow' 2>/dev/null ||
  fail 2 "No Python with mlflow at $python. Run scripts/test once, or name one in MILLRACE_PYTHON."
classes=$ROOT/registry-server/target/bench/classes
mkdir -p "$classes"
"${JAVA%java}javac" -nowarn -d "$classes" "$ROOT/scripts/benchmarks/RegistryLoad.java"
JAVA=$JAVA exec "$python" "$ROOT/scripts/benchmarks/registry.py" --python "$python" --jar "$REGISTRY_JAR" \
  --classes "$classes" --work "$ROOT/registry-server/target/bench/work" "${registry_options[@]+"${registry_options[@]}"}"
