"""Reference values of a data profile, made with NumPy and SciPy.

Run by hand: python3 golden/data-profile.py > golden/data-profile.json
"""

import json
import math

import numpy
import scipy
from scipy import stats

rng = numpy.random.default_rng(20260101)
# Rounded, so that JSON holds exactly the values that are profiled.
columns = {
    "normal": [round(float(v), 4) for v in rng.normal(12, 3, 600)],
    "skewed": [round(float(v), 5) for v in rng.lognormal(0, 1.5, 600)],
    "counts": [float(v) for v in rng.poisson(3, 600)],
    "large_mean": [round(float(v), 3) for v in 1.7e9 + rng.uniform(-5, 5, 600)],
}
columns["linked"] = [round(2 * x - y, 4) for x, y in zip(columns["normal"], columns["counts"])]


def nearest(values, share):
    """Position (n - 1) q, a half counted upwards."""
    ordered = sorted(values)
    return ordered[math.floor((len(ordered) - 1) * share + 0.5)]


def profile(values, bins=20):
    counts, edges = numpy.histogram(values, bins=bins)
    return {
        "mean": float(numpy.mean(values)),
        "stddev": float(numpy.std(values, ddof=1)),
        "min": min(values),
        "max": max(values),
        "distinct": len(numpy.unique(values)),
        "quantiles": {f"q{int(q * 100)}": nearest(values, q) for q in (0.25, 0.5, 0.75, 0.99)},
        "bins": edges[:-1].tolist(),
        "bin_counts": counts.tolist(),
        "skewness": float(stats.skew(values)),
    }


names = list(columns)
print(
    json.dumps(
        {
            "made_with": {"scipy": scipy.__version__, "numpy": numpy.__version__},
            "columns": columns,
            "profiles": {name: profile(values) for name, values in columns.items()},
            "correlations": {
                a: {b: float(stats.pearsonr(columns[a], columns[b]).statistic) for b in names if b != a}
                for a in names
            },
        },
        indent=1,
    )
)
