#!/usr/bin/env python3
"""Makes the golden values of MynahEvaluationTests with SciPy, statsmodels and scikit-learn.

    python3 -m venv VENV && VENV/bin/pip install -r Tools/requirements-statistics.txt
    VENV/bin/python Tools/make_statistics_goldens.py Tests/MynahEvaluationTests/Fixtures/statistics.json
"""

import json
import sys

import numpy as np
import scipy
import sklearn
import statsmodels
from scipy import optimize, special, stats
from sklearn import metrics
from sklearn.calibration import calibration_curve
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint


def wilson():
    cases = [(0, 1), (1, 1), (0, 10), (10, 10), (1, 2), (5, 10), (81, 263), (3839, 3953), (4889, 4890), (7, 100_000)]
    for count, total in cases:
        lower, upper = proportion_confint(count, total, alpha=0.05, method="wilson")
        yield {"count": count, "total": total, "lower": float(lower), "upper": float(upper)}


def poisson():
    # Garwood's limits through the chi-square distribution: another road than the sums in the Swift code.
    for count in [0, 1, 2, 3, 5, 10, 37, 100, 1_000, 25_000]:
        lower = stats.chi2.ppf(0.025, 2 * count) / 2 if count else 0.0
        upper = stats.chi2.ppf(0.975, 2 * count + 2) / 2
        yield {"count": count, "lower": float(lower), "upper": float(upper)}


def mcnemar_exact():
    for first, second in [(0, 0), (0, 1), (1, 0), (3, 3), (0, 8), (5, 12), (12, 5), (41, 60), (700, 800), (9_800, 10_200)]:
        result = mcnemar([[0, first], [second, 0]], exact=True)
        yield {"first": first, "second": second, "pValue": float(result.pvalue)}


def quantiles(random):
    for size in [1, 2, 5, 20, 101]:
        sample = np.sort(random.random(size))
        for probability in [0, 0.025, 0.05, 0.25, 0.5, 0.75, 0.975, 1]:
            yield {
                "sample": sample.tolist(),
                "probability": probability,
                "value": float(np.quantile(sample, probability)),
            }


def expanded_tail(clusters):
    return float(stats.norm.cdf(-np.sqrt(clusters / (clusters - 1)) * stats.t.ppf(0.975, clusters - 1)))


def expanded_tails():
    for clusters in [5, 10, 20, 50, 100, 1_000, 100_000]:
        yield {"clusters": clusters, "tail": expanded_tail(clusters)}


def bootstrap(random):
    totals = random.integers(3, 40, size=60)
    corrects = random.binomial(totals, random.beta(12, 1.5, size=60))
    replicates = stats.bootstrap(
        (corrects, totals),
        lambda correct, total, axis: correct.sum(axis=axis) / total.sum(axis=axis),
        paired=True, vectorized=True, method="percentile", n_resamples=200_000, batch=2_000, rng=random,
    ).bootstrap_distribution
    tail = expanded_tail(60)
    return {
        "corrects": corrects.tolist(),
        "totals": totals.tolist(),
        "lower": float(np.quantile(replicates, tail)),
        "upper": float(np.quantile(replicates, 1 - tail)),
    }


def closed_set(random):
    classes, clips = 6, 400
    # The last class has no clips; the last but one is never heard.
    truth = random.integers(0, classes - 1, size=clips)
    logits = random.normal(size=(clips, classes)).astype(np.float32)
    logits[np.arange(clips), truth] += 1.5
    logits[:, classes - 2] -= 20
    posteriors = np.exp(logits)
    posteriors = np.round(posteriors.astype(np.float64) / posteriors.sum(axis=1, keepdims=True), 6)
    floored = np.maximum(posteriors, np.finfo(np.float32).eps)
    heard = posteriors.argmax(axis=1)
    right = heard == truth
    confidence = posteriors.max(axis=1)
    labels = list(range(classes))
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(
        truth, heard, labels=labels, zero_division=np.nan)
    # F1 = 2 J / (1 + J), where J is scikit-learn's Jaccard index: a share of the clips that a class concerns.
    jaccard = metrics.jaccard_score(truth, heard, labels=labels, average=None, zero_division=0)
    concerned = np.array([np.sum((truth == label) | (heard == label)) for label in labels])
    f1_limits = [
        None if total == 0 else [2 * limit / (1 + limit) for limit in proportion_confint(
            round(index * total), total, alpha=0.05, method="wilson")]
        for index, total in zip(jaccard, concerned)
    ]
    share, mean = calibration_curve(right, confidence, n_bins=15, strategy="uniform")
    edges = np.linspace(0, 1, 16)
    counts = np.bincount(np.searchsorted(edges[1:-1], confidence), minlength=15)
    counts = counts[counts > 0]
    return {
        "truth": truth.tolist(),
        "posteriors": posteriors.tolist(),
        "correct": int(right.sum()),
        "confusion": metrics.confusion_matrix(truth, heard, labels=labels).tolist(),
        "precision": [None if np.isnan(value) else float(value) for value in precision],
        "recall": [None if np.isnan(value) else float(value) for value in recall],
        "f1": [None if np.isnan(value) else float(value) for value in f1],
        "f1Lower": [limits and float(limits[0]) for limits in f1_limits],
        "f1Upper": [limits and float(limits[1]) for limits in f1_limits],
        "macroF1": float(metrics.f1_score(truth, heard, average="macro")),
        "logLoss": float(metrics.log_loss(truth, floored, labels=labels)),
        "expectedError": float((counts * np.abs(share - mean)).sum() / clips),
        "maximumError": float(np.abs(share - mean).max()),
    }


def temperature(random):
    classes, clips = 5, 300
    truth = random.integers(0, classes, size=clips)
    logits = random.normal(size=(clips, classes))
    logits[np.arange(clips), truth] += 2
    # Three times too sure, and scored at the temperature 0.8.
    posteriors = special.softmax(3 * logits / 0.8, axis=1).astype(np.float32)
    scaled = 0.8 * np.log(posteriors.astype(np.float64))

    def loss(value):
        return metrics.log_loss(truth, special.softmax(scaled / value, axis=1), labels=list(range(classes)))

    best = optimize.minimize_scalar(loss, bounds=(0.05, 20), method="bounded", options={"xatol": 1e-10})
    return {
        "truth": truth.tolist(),
        "scoredAt": 0.8,
        "posteriors": [[float(value) for value in row] for row in posteriors],
        "temperature": float(best.x),
        "lossBefore": float(loss(0.8)),
        "loss": float(best.fun),
    }


def early_calibration(random):
    """Clips at three decisions, surer than they should be at the first, with four times too many unknown words expected."""
    classes, clips, unknown = 4, 200, 1
    truth = random.integers(0, classes, size=clips)
    logits = random.normal(size=(clips, 3, classes))
    logits[np.arange(clips)[:, None], np.arange(3)[None], truth[:, None]] += np.array([0.5, 1.5, 3])
    logits *= np.array([3, 1.5, 0.8])[None, :, None]
    logits[:, :, unknown] += np.log(4)
    posteriors = special.softmax(logits, axis=2).astype(np.float32)
    logs = np.log(posteriors.astype(np.float64))

    def loss(values):
        scaled = logs * values[None, :3, None]
        scaled[:, :, unknown] += values[3]
        return -special.log_softmax(scaled, axis=2)[np.arange(clips), :, truth].mean()

    best = optimize.minimize(loss, [1, 1, 1, 0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-14, "maxiter": 10_000})
    return {
        "truth": truth.tolist(),
        "unknown": unknown,
        "posteriors": [[[float(value) for value in row] for row in clip] for clip in posteriors],
        "temperatures": (1 / best.x[:3]).tolist(),
        "unknownOffset": float(best.x[3]),
    }


def main():
    random = np.random.default_rng(20240501)
    goldens = {
        "madeBy": "Tools/make_statistics_goldens.py",
        "versions": {
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
            "statsmodels": statsmodels.__version__,
        },
        "wilson": list(wilson()),
        "poisson": list(poisson()),
        "mcNemar": list(mcnemar_exact()),
        "quantiles": list(quantiles(random)),
        "expandedTails": list(expanded_tails()),
        "bootstrap": bootstrap(random),
        "closedSet": closed_set(random),
        "temperature": temperature(random),
        "earlyCalibration": early_calibration(random),
    }
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump(goldens, file, allow_nan=False)
        file.write("\n")


if __name__ == "__main__":
    main()
