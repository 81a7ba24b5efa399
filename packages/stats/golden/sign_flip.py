"""Reference values of the sign-flip test, made with SciPy's permutation test for paired samples.

Run by hand: python3 golden/sign_flip.py > golden/sign-flip.json
"""

import json

import numpy
import scipy
from scipy import stats

rng = numpy.random.default_rng(11)
LISTS = [
    [-1.0, -2.0, 0.5],
    [0.3, -0.7, -0.2, -0.9, 0.1, -0.4, -0.4],
    [1.0, 2.0, 3.0, -0.5],
    (rng.integers(-6, 5, 12) / 3).tolist(),
    (rng.normal(-0.3, 1, 40)).round(3).tolist(),
]


def p_value(d):
    zeros = numpy.zeros(len(d))
    # Flipping a pair (d, 0) is flipping the sign of d.
    result = stats.permutation_test(
        (numpy.array(d), zeros), lambda x, y: numpy.mean(x - y), permutation_type="samples", alternative="less",
        vectorized=False, n_resamples=20_000, rng=3,
    )
    return float(result.pvalue)


print(
    json.dumps(
        {
            "made_with": {"scipy": scipy.__version__, "numpy": numpy.__version__},
            "sign_flip": [{"differences": d, "p": p_value(d)} for d in LISTS],
        },
        indent=1,
    )
)
