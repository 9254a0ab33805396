// From raw samples and counts to verdicts: the rules of roofline/ and build/Contract/ under the names that they have there.
// Change one there, change it here: a test derives the verdicts of 10,000 made-up sidecars in both and compares them.

const QualityCheck = {
  met: ({ bound, limit, value }) => bound === "at_least" ? value >= limit : value <= limit,
  number: (value) => Math.abs(value) > 0 && Math.abs(value) < 1e-3 ? scientific(value, 2, false) : decimal(value, 4),
  text(check) {
    const words = check.bound === "at_least" ? "at least" : "at most";
    return `${check.metric} ${this.number(check.value)} ${words} ${this.number(check.limit)}: ${this.met(check) ? "met" : "missed"}`;
  },
};

const QualityRecord = {
  checks: (quality) => [quality.target, ...quality.constraints],
  met: (quality) => QualityRecord.checks(quality).every(QualityCheck.met),
};

const QualityValidity = {
  lines: (quality) => QualityRecord.checks(quality).map((check) =>
    ({ constraint: `quality ${check.metric}`, met: QualityCheck.met(check), reason: QualityCheck.text(check) })),
};

const BudgetValidity = {
  holds: (budget, bytes) => bytes <= budget.memory_mb * 2 ** 20,
  lines({ budget, peak_memory_bytes: bytes }) {
    if (!budget || !(bytes > 0)) return [];
    const [used, allowed] = [thousands(Math.ceil(bytes / 2 ** 20)), thousands(decimal(budget.memory_mb, 0))];
    const met = this.holds(budget, bytes);
    const reason = met ? `${used} of ${allowed} MB`
      : `found ${used} MB resident at the peak of the run → expected at most ${allowed} MB `
        + "→ hold fewer tensors at a time, or raise budget.memory_mb in workloads.yaml if the run has to be this large";
    return [{ constraint: "memory budget", met, reason }];
  },
};

const StepCount = {
  passes: ["forward", "data_gradient", "weight_gradient", "optimizer"],
  total: (layer, quantity) => sum(StepCount.passes.map((pass) => layer[pass][quantity])),

  /** Everything that follows from the layers. */
  of({ layers }) {
    const over = (quantity) => sum(layers.map(quantity));
    const [forward, data, weight, update] = this.passes.map((pass) => over((layer) => layer[pass].flops));
    const optimizer = over((layer) => layer.optimizer.elementwise_flops);
    return {
      parameters: over((layer) => layer.parameters), frozen_parameters: over((layer) => layer.frozen_parameters ?? 0),
      forward_macs: over((layer) => layer.forward_macs), forward_flops: forward, data_gradient_flops: data, weight_gradient_flops: weight,
      update_flops: update, flops: forward + data + weight + update,
      bf16_flops: sum(layers.filter((layer) => layer.precision === "bf16").map((layer) => this.total(layer, "flops"))),
      elementwise_flops: over((layer) => this.total(layer, "elementwise_flops")) - optimizer, optimizer_flops: optimizer,
      bytes: over((layer) => this.total(layer, "bytes")), operator_calls: over((layer) => this.total(layer, "calls")),
      unique_bytes: over((layer) => layer.unique_bytes),
    };
  },
};

const PeakSeries = {
  best: ({ unit, samples }) => unit === "s" ? smallest(samples) : largest(samples),
  median: ({ samples }) => Statistics.median(samples),
};

const MachinePeaks = {
  find(peaks, kind, level = "") {
    const fitting = peaks.series.filter((series) =>
      series.kind === kind && series.level === level && (series.threads === peaks.threads || series.unit === "s"));
    const rank = (series) => series.unit === "s" ? PeakSeries.best(series) : -PeakSeries.best(series);
    return fitting.sort((a, b) => rank(a) - rank(b))[0] ?? null;
  },
};

const CapacityProbe = {
  bytes({ knee, stated_bytes: stated }) {
    if (knee && stated !== null) return Interval.of(Math.min(knee.low, stated), Math.max(knee.high, stated));
    return knee ?? (stated !== null ? Interval.of(stated, stated) : null);
  },
};

const SampleRound = {
  mostQueued: 1 / 3,
  disturbed: (round) => round.queued_seconds !== null && round.queued_seconds > SampleRound.mostQueued * round.seconds,
};

const CalibratedRoofs = {
  /** Null when the peaks lack a probe that was calibrated. */
  at(now, peaks) {
    const scaled = (kind, level, rate) => {
      const series = MachinePeaks.find(peaks, kind, level);
      return series && peaks.reference.length > 0
        ? PeakSeries.best(series) * now[rate] / largest(peaks.reference.map((sample) => sample[rate])) : null;
    };
    const compute = scaled("gemm", "", "gemm_flops");
    const memory = scaled("triad", "memory", "memory_triad_bytes");
    const cache = scaled("triad", "LLC", "cache_triad_bytes");
    if (compute === null || memory === null || cache === null) return null;
    return { compute, memory, cache, emptyOperator: now.empty_operator_seconds, bf16Compute: scaled("gemm_bf16", "", "gemm_flops") };
  },

  computeFor(roofs, count) {
    if (count.bf16_flops === 0) return roofs.compute;
    if (roofs.bf16Compute === null) return null;
    return count.flops / ((count.flops - count.bf16_flops) / roofs.compute + count.bf16_flops / roofs.bf16Compute);
  },

  memoryFor: (roofs, workingSet) => workingSet === "cache_resident" ? roofs.cache : roofs.memory,
};

const RooflineRound = {
  of(count, measured, peaks, workingSet) {
    return measured.rounds.flatMap((round) => {
      const roofs = round.step_seconds.length === 0 ? null : CalibratedRoofs.at(round.calibration, peaks);
      const compute = roofs && CalibratedRoofs.computeFor(roofs, count);
      if (compute === null) return [];
      const seconds = mean(round.step_seconds);
      const [flopsPerSecond, bytesPerSecond] = [count.flops / seconds, count.bytes / seconds];
      const memoryRoof = CalibratedRoofs.memoryFor(roofs, workingSet);
      return [{
        seconds, doubledSeconds: round.doubled_batch_seconds.length === 0 ? null : mean(round.doubled_batch_seconds),
        roofs, compute, memoryRoof, flopsPerSecond, bytesPerSecond, disturbed: SampleRound.disturbed(round),
        utilization: Math.max(flopsPerSecond / compute, bytesPerSecond / memoryRoof),
      }];
    });
  },
};

const RooflinePoint = {
  accuracy: 1.1,

  /** Null when there are too few rounds for an interval, or the peaks lack a probe. */
  from(count, measured, peaks, workingSet) {
    const all = RooflineRound.of(count, measured, peaks, workingSet);
    const calm = all.filter((round) => !round.disturbed);
    const disturbed = Statistics.medianInterval(calm.map((round) => round.seconds), measured.confidence) === null;
    const rounds = disturbed ? all : calm;
    const median = (quantity) =>
      Statistics.medianInterval(rounds.map(quantity).filter((value) => value !== null), measured.confidence);
    if (median((round) => round.seconds) === null) return null;
    const calls = measured.recorded_calls ?? count.operator_calls;
    return {
      flopsPerByte: count.bytes === 0 ? 0 : count.flops / count.bytes,
      flopsPerSecond: median((round) => round.flopsPerSecond),
      bytesPerSecond: median((round) => round.bytesPerSecond),
      computeShare: median((round) => round.flopsPerSecond / round.compute),
      utilization: median((round) => round.utilization),
      compute: median((round) => round.compute),
      memoryRoof: median((round) => round.memoryRoof),
      ridge: median((round) => round.compute / round.roofs.memory),
      callShare: median((round) => calls * round.roofs.emptyOperator / round.seconds),
      batchGrowth: median((round) => round.doubledSeconds === null ? null : round.doubledSeconds / round.seconds),
      disturbed, hasBf16: count.bf16_flops > 0,
    };
  },

  of(record) {
    const count = StepCount.of(record.count);
    return this.from(count, record.measurement, record.peaks, record.regimes.working_set.value);
  },
};

const RoofCheck = {
  problems(point, peaks) {
    const problems = [];
    const above = (unit, rate, roof, suspect) => problems.push(
      `The step runs at ${scientific(rate, 3, true)} ${unit}, above its roof of ${scientific(roof, 3, true)} ${unit}. ${suspect}`);
    if (point.computeShare.low > RooflinePoint.accuracy) {
      const fma = MachinePeaks.find(peaks, "fma");
      const possible = point.flopsPerSecond.low <= RooflinePoint.accuracy * (fma ? PeakSeries.best(fma) : 0);
      above("FLOP/s", point.flopsPerSecond.low, Interval.middle(point.compute), point.hasBf16
        ? "The roof of bf16 products or the FLOP count is suspect: measure the peaks again on an idle machine."
        : possible ? "The roof is suspect: the FMA kernel of the same machine is faster; measure the peaks again on an idle machine."
        : "The FLOP count is suspect: even the FMA kernel does not reach this rate.");
    }
    const fastest = Math.max(0, ...peaks.series.filter((series) => series.unit === "B/s").map(PeakSeries.best));
    if (point.bytesPerSecond.low > RooflinePoint.accuracy * fastest)
      above("B/s", point.bytesPerSecond.low, fastest, "The byte count is suspect: no level of this machine's memory was measured that fast.");
    return problems;
  },
};
