"""Runs MLCommons' package checker, unchanged, on a package of a benchmark that it does not know.

Its lists of benchmarks are data: one name is added to them, with our rule file and reference convergence points in the place of
theirs. NumPy and SciPy are replaced by the four functions that it calls where they are not installed.

usage: python3 official_package.py PACKAGE BENCHMARK RUNS START_YAML RCPS_JSON
"""
import math
import statistics
import sys
import types


def stand_in():
    numpy, scipy, stats = (types.ModuleType(name) for name in ("numpy", "scipy", "scipy.stats"))
    numpy.mean, numpy.std = statistics.fmean, statistics.pstdev
    numpy.interp = lambda x, xs, ys: ys[0] + (ys[1] - ys[0]) * (x - xs[0]) / (xs[1] - xs[0])

    def density(x, freedom):
        return math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(freedom * math.pi) * (1 + x * x / freedom) ** (-(freedom + 1) / 2)

    def two_sided(t, freedom, steps=2000):
        h = abs(t) / steps
        inner = sum((4 if i % 2 else 2) * density(i * h, freedom) for i in range(1, steps))
        return max(0.0, 1 - 2 * h / 3 * (density(0, freedom) + inner + density(abs(t), freedom)))

    def ttest_ind_from_stats(mean1, std1, n1, mean2, std2, n2, equal_var):
        variance = ((n1 - 1) * std1 ** 2 + (n2 - 1) * std2 ** 2) / (n1 + n2 - 2)
        t = (mean1 - mean2) / math.sqrt(variance * (1 / n1 + 1 / n2))
        return t, two_sided(t, n1 + n2 - 2)

    stats.ttest_ind_from_stats, scipy.stats = ttest_ind_from_stats, stats
    sys.modules.update({"numpy": numpy, "scipy": scipy, "scipy.stats": stats})


try:
    import numpy, scipy.stats  # noqa: F401, E401
except ImportError:
    stand_in()

from mlperf_logging import benchmark_meta
from mlperf_logging.compliance_checker import mlp_compliance
from mlperf_logging.package_checker import package_checker
from mlperf_logging.rcp_checker import rcp_checker

package, benchmark, runs, start, rcps = sys.argv[1:]
benchmark_meta._ALL_ALLOWED_BENCHMARKS["training"]["6.1"].append(benchmark)
benchmark_meta._ALL_RESULT_FILE_COUNTS["training"][benchmark] = int(runs)
rcp_checker.submission_runs["training"][benchmark] = int(runs)
rcp_checker.RCP_Checker._construct_json_filename = lambda self, usage, ruleset, name: rcps
check = mlp_compliance.main
mlp_compliance.main = lambda filename, config, checker: check(filename, start, checker)
sys.argv = ["package_checker", package, "training", "6.1.0"]
package_checker.main()
