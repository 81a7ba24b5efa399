"""Reference values of the distributions and the quantile, made with SciPy and NumPy.

Run by hand: python3 golden/distributions.py > golden/distributions.json
"""

import json

import numpy
import scipy
from scipy import special, stats

DEGREES = [1, 2, 3, 4, 9, 19, 29, 99, 500, 999, 4000]
PROBABILITIES = [1e-12, 1e-6, 0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99, 0.999, 1 - 1e-6]
SAMPLES = [
    [1, 2, 3, 4, 5, 6, 7, 8],
    [12, 8, 17, 33, 123, 6, 9.23, 123.43, 1.9, 4, 11, 2, 5.6],
    [120, 1, 33, 71, 15, 59, 8, 62, 4, 21, 10, 2, 344, 437, 53, 39, 83, 6, 4.3, 2],
    [7],
    [-3, -3, -3, 5],
]

x_of = lambda k: [k * f for f in (0.01, 0.1, 0.5, 0.9, 1, 1.1, 1.5, 2, 5, 20)]
print(
    json.dumps(
        {
            "made_with": {"scipy": scipy.__version__, "numpy": numpy.__version__},
            "chi_square": [
                {"degrees": k, "x": x, "cdf": stats.chi2.cdf(x, k), "survival": stats.chi2.sf(x, k)}
                for k in DEGREES
                for x in x_of(k)
            ],
            "chi_square_quantile": [
                {"degrees": k, "p": p, "x": stats.chi2.ppf(p, k)} for k in DEGREES for p in PROBABILITIES
            ],
            "normal_quantile": [
                {"p": p, "z": stats.norm.ppf(p)} for p in [1e-300, 1e-100, 1e-20, *PROBABILITIES, 0.42, 0.58, 0.075, 0.925]
            ],
            "normal_cdf": [{"z": z, "p": stats.norm.cdf(z)} for z in [-30, -8, -5, -2, -1, -0.1, 0, 0.3, 1, 2.5, 6]],
            "log_gamma": [
                {"x": x, "value": float(special.gammaln(x))}
                for x in [1e-8, 0.1, 0.3, 0.5, 1, 1.5, 2, 2.5, 7, 14.9, 15, 15.1, 100, 2000.5, 1e6]
            ],
            "quantile": [
                {"sample": s, "p": p, "value": float(numpy.quantile(s, p, method="linear"))}
                for s in SAMPLES
                for p in [0, 0.01, 0.1, 0.2, 0.25, 0.5, 0.6, 0.75, 0.9, 1]
            ],
            "deviation": [
                {
                    "sample": s,
                    "population": float(numpy.std(s)),
                    "of_sample": float(numpy.std(s, ddof=1)) if len(s) > 1 else None,
                }
                for s in SAMPLES
            ],
            "benjamini_hochberg": [
                {"p": p, "adjusted": stats.false_discovery_control(p, method="bh").tolist()}
                for p in [
                    [0.01, 0.04, 0.03, 0.005],
                    [0.5],
                    [1, 1, 0, 0.2],
                    [0.05, 0.05, 0.05],
                    [0.0008, 0.009, 0.165, 0.205, 0.396, 0.45, 0.641, 0.781, 0.9, 0.993],
                ]
            ],
            "wilson_interval": [
                {
                    "successes": k,
                    "trials": n,
                    "confidence": c,
                    "lower": float(ci.low),
                    "upper": float(ci.high),
                }
                for k, n in [(0, 1), (1, 1), (0, 20), (1, 29), (15, 148), (81, 263), (999, 1000), (123456, 200000)]
                for c in [0.8, 0.95, 0.999]
                for ci in [stats.binomtest(k, n).proportion_ci(c, method="wilson")]
            ],
        },
        indent=1,
    )
)
