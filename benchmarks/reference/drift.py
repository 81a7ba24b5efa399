"""CPU seconds of scouter-ml and Evidently on a table of normal values: rows, columns, samples.

Run by the drift suite (`npm run bench -- drift --reference PYTHON`), in an environment of its own:
python3 -m venv peers && peers/bin/pip install scouter-ml evidently "pandas<3"
"""

import json
import os
import statistics
import sys

import numpy

rows, columns, samples = (int(word) for word in sys.argv[1:4])
table = numpy.random.default_rng(1).normal(size=(rows, columns))
# Evidently holds several copies of its input: the time a row takes is measured on fewer rows.
EVIDENTLY_ROWS = min(rows, 100_000)


def cpu(run):
    before = os.times()
    result = run()
    after = os.times()
    return result, after.user + after.system - before.user - before.system


def scouter():
    try:
        from scouter.drift import Drifter, PsiDriftConfig
        from scouter.profile import DataProfiler
    except ImportError as missing:
        print(f"not measured: {missing}", file=sys.stderr)
        return None
    drifter = Drifter()
    made, computed = [], []
    for _ in range(samples):
        config = PsiDriftConfig(space="bench", name="bench", version="0.1.0")
        profile, seconds = cpu(lambda: drifter.create_drift_profile(table, config))
        made.append(seconds)
        computed.append(cpu(lambda: drifter.compute_drift(table, profile))[1])
    profiling = cpu(lambda: DataProfiler().create_data_profile(table))[1]
    return {
        "profileSeconds": statistics.median(made),
        "computeSeconds": statistics.median(computed),
        "dataProfileSeconds": profiling,
    }


def evidently():
    try:
        import pandas
        from evidently import Dataset, Report
        from evidently.presets import DataDriftPreset
    except ImportError as missing:
        print(f"not measured: {missing}", file=sys.stderr)
        return None
    frame = pandas.DataFrame(table[:EVIDENTLY_ROWS], columns=[f"feature_{i}" for i in range(columns)])
    baseline, current = Dataset.from_pandas(frame), Dataset.from_pandas(frame.copy())
    report = Report([DataDriftPreset(method="psi")])
    _, seconds = cpu(lambda: report.run(current, baseline).dict())
    return {"computeSeconds": seconds, "rows": EVIDENTLY_ROWS}


print(json.dumps({"scouter": scouter(), "evidently": evidently()}))
