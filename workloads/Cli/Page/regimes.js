// The three verdicts of roofline/Classify: RegimeRules, RegimeClassifier, RegimeDerivation.

const RegimeRules = {
  quantities: {
    working_set: "unique bytes per step / last-level cache", arithmetic_intensity: "FLOP per byte / ridge", dispatch: "utilisation",
  },

  /** The rule of a value in words: thresholds, never a measured number. */
  of(axis, value, thresholds) {
    const of = (edges) => Object.fromEntries(Object.entries(edges).map(([name, edge]) => [name, shortest(edge)]));
    const [size, intensity, dispatch] = [thresholds.working_set, thresholds.arithmetic_intensity, thresholds.dispatch].map(of);
    const words = {
      cache_resident: ` <= ${size.resident_llc_fraction}`,
      dram_bound: ` >= ${size.dram_llc_multiple}`,
      compute_bound: ` > ${intensity.high_ridge_multiple}`,
      bandwidth_bound: ` < ${intensity.low_ridge_multiple}`,
      device_saturated: ` >= ${dispatch.saturated_from}`,
      dispatch_bound: ` < ${dispatch.dispatch_below}, operator calls cost >= ${dispatch.explained_share} of the step `
        + "and as much of it does not grow with the batch",
      kernel_bound: ` < ${dispatch.dispatch_below}, and operator calls or what does not grow with the batch `
        + `are < ${dispatch.explained_share} of the step`,
      unmeasured: ": not measured",
    };
    const grey = {
      working_set: `: not surely <= ${size.resident_llc_fraction} or >= ${size.dram_llc_multiple}`,
      arithmetic_intensity: `: not surely < ${intensity.low_ridge_multiple} or > ${intensity.high_ridge_multiple}`,
      dispatch: `: not surely < ${dispatch.dispatch_below} with an explanation or >= ${dispatch.saturated_from}`,
    };
    return this.quantities[axis] + (words[value] ?? grey[axis]);
  },
};

const RegimeClassifier = {
  workingSet(uniqueBytes, lastLevelCache, thresholds) {
    if (uniqueBytes <= 0 || !lastLevelCache)
      return this.verdict("working_set", "unmeasured", null, true, thresholds, "the touched bytes or the last-level cache are not known");
    const ratio = Interval.divide(uniqueBytes, lastLevelCache);
    const edges = thresholds.working_set;
    const value = ratio.high <= edges.resident_llc_fraction ? "cache_resident"
      : ratio.low >= edges.dram_llc_multiple ? "dram_bound" : "grey_band";
    return this.verdict("working_set", value, ratio, true, thresholds,
      `${decimal(uniqueBytes / 1e6, 3)} MB touched, last-level cache ${decimal(lastLevelCache.low / 1e6, 3)} to `
      + `${decimal(lastLevelCache.high / 1e6, 3)} MB: ratio ${Interval.text(ratio)}`);
  },

  intensity(flops, bytes, ridge, thresholds) {
    if (bytes <= 0 || !ridge)
      return this.verdict("arithmetic_intensity", "unmeasured", null, false, thresholds, "the traffic or the ridge is not known");
    const intensity = flops / bytes;
    const ratio = Interval.divide(intensity, ridge);
    const edges = thresholds.arithmetic_intensity;
    const across = Interval.crosses(ratio, edges.low_ridge_multiple) || Interval.crosses(ratio, edges.high_ridge_multiple);
    const value = ratio.low > edges.high_ridge_multiple ? "compute_bound"
      : ratio.high < edges.low_ridge_multiple ? "bandwidth_bound" : "grey_band";
    return this.verdict("arithmetic_intensity", value, ratio, !across, thresholds,
      `${decimal(intensity, 3)} FLOP/byte, ridge ${decimal(ridge.low, 2)} to ${decimal(ridge.high, 2)}: ratio ${Interval.text(ratio)}`);
  },

  dispatch(evidence, thresholds) {
    const [value, decided] = this.decide(evidence, thresholds.dispatch);
    const text = (interval) => interval ? Interval.text(interval) : "(not measured)";
    return this.verdict("dispatch", value, evidence.utilization, decided, thresholds,
      `utilisation ${text(evidence.utilization)}; operator calls cost ${text(evidence.callShare)} of the step; `
      + `${text(evidence.fixedShare)} of it does not grow with the batch`);
  },

  decide({ utilization, callShare: calls, fixedShare }, edges) {
    if (!utilization) return ["unmeasured", false];
    if (utilization.low >= edges.saturated_from) return ["device_saturated", true];
    if (utilization.high >= edges.dispatch_below)
      return ["grey_band", utilization.low >= edges.dispatch_below && utilization.high < edges.saturated_from];
    if (!calls || !fixedShare) return ["unmeasured", false];
    if (calls.low >= edges.explained_share && fixedShare.low >= edges.explained_share) return ["dispatch_bound", true];
    return calls.high < edges.explained_share || fixedShare.high < edges.explained_share ? ["kernel_bound", true] : ["grey_band", false];
  },

  verdict: (axis, value, measured, decided, thresholds, because) =>
    ({ axis, value, quantity: RegimeRules.quantities[axis], measured, decided, rule: RegimeRules.of(axis, value, thresholds), because }),
};

const RegimeDerivation = {
  axes: ["working_set", "arithmetic_intensity", "dispatch"],

  /** The three verdicts, and the point under the roofs that two of them come from. */
  derive(count, measured, peaks, thresholds) {
    const workingSet = RegimeClassifier.workingSet(count.unique_bytes, CapacityProbe.bytes(peaks.last_level_cache), thresholds);
    const point = RooflinePoint.from(count, measured, peaks, workingSet.value);
    const wide = (interval) => interval && Interval.widened(interval, RooflinePoint.accuracy);
    const growth = point?.batchGrowth;
    const dispatch = {
      utilization: wide(point?.utilization ?? null), callShare: point?.callShare ?? null,
      fixedShare: growth ? Interval.of(2 - growth.high, 2 - growth.low) : null,
    };
    const timed = (verdict) => {
      if (!point?.disturbed || verdict.value === "unmeasured") return verdict;
      const busy = measured.rounds.filter(SampleRound.disturbed).length;
      return {
        ...verdict, value: "grey_band", decided: false, rule: RegimeRules.of(verdict.axis, "grey_band", thresholds),
        because: `${verdict.because}; the machine was busy: in ${busy} of ${measured.rounds.length} rounds threads waited for a core `
          + `more than ${decimal(100 * SampleRound.mostQueued, 0)}% of the time`,
      };
    };
    return {
      point,
      regimes: {
        working_set: workingSet,
        arithmetic_intensity: timed(RegimeClassifier.intensity(count.flops, count.bytes, wide(point?.ridge ?? null), thresholds)),
        dispatch: timed(RegimeClassifier.dispatch(dispatch, thresholds)),
      },
    };
  },
};
