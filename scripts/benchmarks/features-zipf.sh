# shellcheck shell=bash
. "$ROOT/scripts/benchmarks/features.sh"
features_of zipf
