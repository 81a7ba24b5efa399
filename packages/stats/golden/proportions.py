"""Reference values of intervals for proportions and of Holm's correction, made with statsmodels.

Run by hand: python3 golden/proportions.py > golden/proportions.json
"""

import json

import numpy
import statsmodels
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

PAIRS = [(56, 70, 48, 80), (9, 10, 3, 10), (10, 10, 0, 20), (10, 10, 0, 10), (5, 56, 0, 29), (970, 1000, 940, 1000)]
P_VALUES = [[0.01, 0.04, 0.03, 0.005], [0.2, 0.001, 0.02, 0.02, 0.5], [0.9], [0.04, 0.04, 0.04]]


def newcombe(a, n, b, m, alpha):
    """Newcombe's method 10, by its formula on statsmodels' own Wilson intervals: its Newcombe function is the same without rounding at the ends."""
    (l1, u1), (l2, u2) = (proportion_confint(x, k, alpha=alpha, method="wilson") for x, k in [(a, n), (b, m)])
    d = a / n - b / m
    return d - numpy.hypot(a / n - l1, u2 - b / m), d + numpy.hypot(u1 - a / n, b / m - l2)


def checked(a, n, b, m, alpha):
    own = newcombe(a, n, b, m, alpha)
    theirs = confint_proportions_2indep(a, n, b, m, method="newcomb", compare="diff", alpha=alpha)
    assert numpy.allclose(own, theirs, atol=1e-9), (own, theirs)
    return {"lower": float(theirs[0]), "upper": float(theirs[1])}


print(
    json.dumps(
        {
            "made_with": {"statsmodels": statsmodels.__version__, "numpy": numpy.__version__},
            "newcombe": [
                {"first": [a, n], "second": [b, m], "confidence": 1 - alpha, **checked(a, n, b, m, alpha)}
                for a, n, b, m in PAIRS
                for alpha in (0.05, 0.1)
            ],
            "holm": [{"given": p, "adjusted": multipletests(p, method="holm")[1].tolist()} for p in P_VALUES],
        },
        indent=1,
    )
)
