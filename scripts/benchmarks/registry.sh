# shellcheck shell=bash
# Both sides are servers, so the form differs from the others': registry.py starts, fills and loads them.
python=${MILLRACE_PYTHON:-$ROOT/jobs/target/acceptance-venv/bin/python}
if [[ " ${registry_options[*]-} " == *" --drift "* ]]; then
  python=${MILLRACE_PYTHON:-python3} # ours alone, nothing beside it
elif ! "$python" -c 'import mlflow' 2>/dev/null; then
  fail 2 "No Python with mlflow at $python. Run scripts/test once, or name one in MILLRACE_PYTHON."
fi
classes=$ROOT/registry-server/target/bench/classes
mkdir -p "$classes"
"${JAVA%java}javac" -nowarn -d "$classes" -cp "$REGISTRY_JAR" \
  "$ROOT/scripts/benchmarks/RegistryLoad.java" "$ROOT/scripts/benchmarks/DriftFill.java"
JAVA=$JAVA exec "$python" "$ROOT/scripts/benchmarks/registry.py" --python "$python" --jar "$REGISTRY_JAR" \
  --classes "$classes" --work "$ROOT/registry-server/target/bench/work" "${registry_options[@]+"${registry_options[@]}"}"
