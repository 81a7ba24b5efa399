#!/usr/bin/env bash
# Runs the suite and tells its exit code as an output: the comment and the evidence come before the verdict.
set -u -o pipefail

arguments=(eval run "$SCOUTER_CI_SUITE" --reporter table,json,junit,markdown,html --out "$SCOUTER_CI_OUT")
if [ -n "${SCOUTER_CI_AGENT:-}" ]; then arguments+=(--agent "$SCOUTER_CI_AGENT"); fi
if [ -n "${SCOUTER_CI_BASELINE:-}" ]; then arguments+=(--baseline "$SCOUTER_CI_BASELINE"); fi
# Words, not a shell's text: nothing in them is expanded.
read -r -a further <<< "${SCOUTER_CI_ARGUMENTS:-}"
read -r -a command <<< "${SCOUTER_CI_COMMAND:-npx --no-install scouter}"
if [ "${#further[@]}" -gt 0 ]; then arguments+=("${further[@]}"); fi

"${command[@]}" "${arguments[@]}"
code=$?
echo "exit-code=$code" >> "${GITHUB_OUTPUT:-/dev/null}"
report="$SCOUTER_CI_OUT/report.md"
if [ -f "$report" ]; then cat "$report" >> "${GITHUB_STEP_SUMMARY:-/dev/null}"; fi
exit 0
