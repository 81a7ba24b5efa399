"""Reference values of paired comparisons, made with SciPy and with brute force in exact fractions.

Run by hand: python3 golden/paired.py > golden/paired.json
"""

import json
from fractions import Fraction
from itertools import combinations, product

import numpy
import scipy
from scipy import optimize, stats


def xoshiro(state, count):
    """The authors' C code (xoshiro128starstar.c), word by word."""
    mask = 0xFFFFFFFF
    rotl = lambda x, k: ((x << k) | (x >> (32 - k))) & mask
    s = list(state)
    out = []
    for _ in range(count):
        out.append((rotl((s[1] * 5) & mask, 7) * 9) & mask)
        t = (s[1] << 9) & mask
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotl(s[3], 11)
    return out


def permutation_p(pairs):
    """Every way to deal the outcomes of each case, counted one by one."""
    observed = sum(Fraction(b, kb) - Fraction(c, kc) for b, kb, c, kc in pairs)
    choices = []
    for b, kb, c, kc in pairs:
        outcomes = [1] * (b + c) + [0] * (kb + kc - b - c)
        total = sum(outcomes)
        values = []
        for picked in combinations(range(kb + kc), kb):
            own = sum(outcomes[i] for i in picked)
            values.append(Fraction(own, kb) - Fraction(total - own, kc))
        choices.append(values)
    count = extreme = 0
    for drawn in product(*choices):
        count += 1
        extreme += sum(drawn) >= observed
    return float(Fraction(extreme, count))


def tango_lower(n, worse, better, alpha):
    """The score bound from its definition: the restricted likelihood is maximised numerically, not by the closed form."""
    z = stats.norm.ppf(1 - alpha)

    def score(change):
        # p(better) = p(worse) + change; the rest is concordant.
        low, high = max(0.0, -change), (1 - change) / 2

        def loss(q):
            rest = 1 - 2 * q - change
            terms = [(worse, q), (better, q + change), (n - worse - better, rest)]
            return -sum(k * numpy.log(max(p, 1e-300)) for k, p in terms if k > 0)

        q = optimize.minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-13}).x
        return (better - worse - n * change) / numpy.sqrt(n * (2 * q + change * (1 - change)))

    return optimize.brentq(lambda change: score(change) - z, -1 + 1e-9, (better - worse) / n - 1e-9, xtol=1e-12)


def spending_levels(times, alpha):
    spent = lambda t: 2 - 2 * stats.norm.cdf(stats.norm.ppf(1 - alpha / 2) / numpy.sqrt(t))
    bounds = [stats.norm.ppf(1 - spent(times[0]))]
    for i in range(1, len(times)):
        ts = times[: i + 1]
        cov = [[numpy.sqrt(min(a, b) / max(a, b)) for b in ts] for a in ts]
        alive = lambda zs: stats.multivariate_normal.cdf(
            zs, cov=numpy.array(cov)[: len(zs), : len(zs)], maxpts=2_000_000, abseps=1e-9, releps=1e-9, rng=1
        ) if len(zs) > 1 else stats.norm.cdf(zs[0])
        target = spent(ts[-1]) - spent(ts[-2])
        bounds.append(optimize.brentq(lambda z: alive(bounds) - alive([*bounds, z]) - target, 0.5, 6, xtol=1e-7))
    return [float(stats.norm.sf(z)) for z in bounds]


def bca_lower(values, alpha):
    result = stats.bootstrap(
        (values,), numpy.mean, confidence_level=1 - 2 * alpha, method="BCa", n_resamples=200_000, rng=1, batch=20_000
    )
    return float(result.confidence_interval.low)


PAIRS = [
    [[1, 1, 0, 1]] * 6 + [[0, 1, 1, 1]],
    [[3, 3, 1, 3], [2, 3, 2, 3], [3, 3, 2, 3]],
    [[1, 1, 2, 5], [1, 1, 5, 5], [0, 1, 1, 5], [1, 1, 3, 5]],
    [[5, 5, 0, 1], [4, 5, 0, 1], [2, 5, 1, 1]],
    [[2, 2, 1, 3], [3, 4, 1, 2], [1, 1, 0, 1]],
    [[1, 3, 3, 3], [2, 3, 3, 3]],
]
rng = numpy.random.default_rng(7)
VALUES = [
    (rng.integers(-2, 2, 40) / 3).tolist(),
    (rng.choice([0, 0, 0, 0, -1, 1 / 3], 80)).tolist(),
    [0.1, 0.4, -0.3, 0.9, -1, 0, 0, 0.2, 0.05, -0.6],
]
print(
    json.dumps(
        {
            "made_with": {"scipy": scipy.__version__, "numpy": numpy.__version__},
            "xoshiro": {"state": [1, 2, 3, 4], "words": xoshiro([1, 2, 3, 4], 12)},
            "mcnemar": [
                {"worse": b, "better": c, "p": stats.binomtest(b, b + c, alternative="greater").pvalue}
                for b, c in [(1, 0), (5, 0), (6, 1), (12, 5), (3, 9), (40, 25), (300, 240)]
            ],
            "permutation": [{"pairs": pairs, "p": permutation_p(pairs)} for pairs in PAIRS],
            "tango": [
                {"pairs": n, "worse": b, "better": c, "alpha": alpha, "lower": tango_lower(n, b, c, alpha)}
                for n, b, c in [(21, 7, 1), (50, 3, 3), (100, 12, 4), (200, 2, 9), (200, 25, 5), (1000, 31, 30)]
                for alpha in (0.025, 0.05)
            ],
            "bca": [{"values": v, "alpha": 0.05, "lower": bca_lower(v, 0.05)} for v in VALUES],
            "spending": [
                {"information": t, "alpha": a, "levels": spending_levels(t, a)}
                for t, a in [([0.5, 1], 0.025), ([0.4, 0.64, 0.8, 1], 0.05), ([0.25, 0.5, 0.75, 1], 0.025)]
            ],
        },
        indent=1,
    )
)
