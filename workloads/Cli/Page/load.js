// What follows from the answers of a run under load: roofline/Load.

const AnsweredSample = {
  completed: (answer) => answer.tokens.at(-1),
  latency: (answer) => answer.tokens.at(-1) - answer.scheduled,
  toFirstToken: (answer) => answer.tokens[0] - answer.scheduled,
};

const Percentile = { of: (sorted, share) => sorted[Math.trunc(sorted.length * share)] };

const ServingRecord = {
  isWhole: ({ load, answers }) =>
    answers.length > 0 && answers.every((answer) => answer.tokens.length > 0) && load.percentile > 0 && load.percentile < 1,
};

const EarlyStopping = {
  confidence: 0.99,

  /** The least number of queries that allows for so many over the latency. */
  leastQueries(percentile, over) {
    const tooLikely = (queries) => this.chanceOfAtMost(over, queries, 1 - percentile) >= 1 - this.confidence;
    let low = over, high = Math.ceil((over + 1) / (1 - percentile)) + 1;
    while (tooLikely(high)) [low, high] = [high, 2 * high];
    return this.bisect(low, high, (queries) => !tooLikely(queries)).high;
  },

  /** The upper bound of the percentile of these latencies; null when there are too few. */
  estimate(sorted, percentile) {
    if (this.leastQueries(percentile, 0) > sorted.length) return null;
    const over = this.bisect(0, sorted.length, (over) => this.leastQueries(percentile, over) > sorted.length).low;
    return over > 0 ? sorted[sorted.length - over] : null;
  },

  bisect(low, high, holds) {
    while (high - low > 1) {
      const middle = low + Math.floor((high - low) / 2);
      if (holds(middle)) high = middle;
      else low = middle;
    }
    return { low, high };
  },

  chanceOfAtMost(successes, trials, chance) {
    const odds = Math.log(chance) - Math.log(1 - chance);
    let term = trials * Math.log(1 - chance);
    for (let k = 1; k <= successes; k++) term += Math.log((trials - k + 1) / k) + odds;
    let total = 0;
    for (let k = successes; k >= 0; k--) {
      const value = Math.exp(term);
      total += value;
      if (value < total * 1e-17) break;
      term -= Math.log((trials - k + 1) / k) + odds;
    }
    return total;
  },
};

const LoadFigures = {
  seconds: (nanoseconds) => nanoseconds / 1e9,

  /** A query is answered with its last sample. Ascending. */
  queryLatencies(answers) {
    const latencies = new Map();
    for (const answer of answers)
      latencies.set(answer.query, Math.max(latencies.get(answer.query) ?? -Infinity, AnsweredSample.latency(answer)));
    return ascending([...latencies.values()]);
  },

  of(load, answers) {
    const queries = this.queryLatencies(answers);
    const seconds = this.seconds(largest(answers.map(AnsweredSample.completed)));
    const figures = {
      queries: queries.length, samples: answers.length, seconds, samples_per_second: answers.length / seconds,
      latency_mean: this.seconds(mean(queries)),
    };
    const percentiles = (name, sorted, shares) => {
      for (const share of shares) figures[`${name}_p${decimal(100 * share, 0)}`] = this.seconds(Percentile.of(sorted, share));
    };
    percentiles("latency", queries, [0.5, 0.9, 0.99]);
    const estimate = EarlyStopping.estimate(queries, load.percentile);
    if (estimate !== null) figures.latency_upper_bound = this.seconds(estimate);
    if (answers.every((answer) => answer.tokens.length > 1)) {
      figures.tokens_per_second = sum(answers.map((answer) => answer.tokens.length)) / seconds;
      percentiles("time_to_first_token", ascending(answers.map(AnsweredSample.toFirstToken)), [0.5, 0.99]);
      const gaps = answers.flatMap(({ tokens }) => tokens.slice(1).map((token, index) => token - tokens[index]));
      percentiles("between_tokens", ascending(gaps), [0.5, 0.99]);
    }
    return figures;
  },
};

const LoadValidity = {
  leastQueries: (scenario, percentile) => scenario === "offline" ? 1 : EarlyStopping.leastQueries(percentile, scenario === "server" ? 0 : 1),

  lines(load, answers) {
    const latencies = LoadFigures.queryLatencies(answers);
    const offline = load.scenario === "offline";
    const samples = offline ? answers.length : latencies.length;
    const length = LoadFigures.seconds(largest(answers.map((answer) => offline ? AnsweredSample.latency(answer) : answer.scheduled)));
    const lines = [
      { constraint: "load: queries", met: samples >= load.queries, reason: `${samples}, at least ${load.queries}` },
      { constraint: "load: duration", met: length >= load.seconds, reason: `${decimal(length, 3)} s, at least ${decimal(load.seconds, 3)} s` },
    ];
    const percentile = `p${decimal(load.percentile * 100, 1)}`;
    if (load.scenario === "server" && load.latency_bound_seconds !== null) {
      const bound = load.latency_bound_seconds;
      const latency = LoadFigures.seconds(Percentile.of(latencies, load.percentile));
      lines.push({
        constraint: "load: latency", met: latency <= bound, reason: `${percentile} ${decimal(latency, 4)} s, at most ${decimal(bound, 4)} s`,
      });
      const over = latencies.filter((each) => each > bound * 1e9).length;
      const least = EarlyStopping.leastQueries(load.percentile, over);
      lines.push({
        constraint: "load: early stopping", met: latencies.length >= least,
        reason: `${latencies.length} queries, ${over} over the bound allow for it from ${least} on`,
      });
    } else if (load.scenario === "single_stream" || load.scenario === "multi_stream") {
      const least = this.leastQueries(load.scenario, load.percentile);
      lines.push({
        constraint: "load: early stopping", met: latencies.length >= least,
        reason: `${latencies.length} queries, ${percentile} can be estimated from ${least} on`,
      });
    }
    return lines;
  },
};
