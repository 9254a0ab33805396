// What follows from the answers of a run under load: roofline/Load.

const AnsweredSample = {
  completed: (answer) => answer.tokens.at(-1),
  latency: (answer) => answer.tokens.at(-1) - answer.scheduled,
  toFirstToken: (answer) => answer.tokens[0] - answer.scheduled,
  /** The mean time from one token to the next; null where there is only one. */
  perToken: ({ tokens }) => tokens.length > 1 ? Math.trunc((tokens.at(-1) - tokens[0]) / (tokens.length - 1)) : null,
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

  firstTokens: (answers) => ascending(answers.map(AnsweredSample.toFirstToken)),
  perToken: (answers) => ascending(answers.map(AnsweredSample.perToken).filter((time) => time !== null)),

  of(load, answers) {
    const isLatest = (load.rules ?? null) !== null;
    const queries = this.queryLatencies(answers);
    const latencies = isLatest && load.scenario === "offline" ? ascending(answers.map(AnsweredSample.latency)) : queries;
    const seconds = this.seconds(largest(answers.map(AnsweredSample.completed)));
    const counted = isLatest && load.scenario === "server" ? answers.length - 1 : answers.length;
    const figures = {
      queries: queries.length, samples: answers.length, seconds, samples_per_second: counted / seconds,
      latency_mean: this.seconds(mean(latencies)),
    };
    const latest = [0.5, 0.9, 0.95, 0.97, 0.99, 0.999];
    const times = (name, sorted, first) => {
      for (const share of isLatest ? latest : first)
        figures[`${name}_p${decimal(100 * share, 1).replace(".", "_")}`] = this.seconds(Percentile.of(sorted, share));
      if (isLatest) [figures[`${name}_min`], figures[`${name}_max`]] = [this.seconds(sorted[0]), this.seconds(sorted.at(-1))];
    };
    times("latency", latencies, [0.5, 0.9, 0.99]);
    const estimate = EarlyStopping.estimate(queries, load.percentile);
    if (estimate !== null) figures.latency_upper_bound = this.seconds(estimate);
    if (answers.every((answer) => answer.tokens.length > 1)) {
      figures.tokens_per_second = sum(answers.map((answer) => answer.tokens.length)) / seconds;
      times("time_to_first_token", this.firstTokens(answers), [0.5, 0.99]);
      const gaps = answers.flatMap(({ tokens }) => tokens.slice(1).map((token, index) => token - tokens[index]));
      times("between_tokens", ascending(gaps), [0.5, 0.99]);
      if (isLatest) times("time_per_output_token", this.perToken(answers), latest);
    }
    if (isLatest && answers.every((answer) => (answer.issued ?? null) !== null))
      figures.issue_delay_max = this.seconds(largest(answers.map((answer) => answer.issued - answer.scheduled)));
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
    if (load.scenario === "server") {
      const [first, each] = [load.first_token_bound_seconds ?? null, load.per_token_bound_seconds ?? null];
      if (first !== null) lines.push(...this.bounded(load.percentile, first, LoadFigures.firstTokens(answers), "load: first token"));
      if (each !== null) lines.push(...this.bounded(load.percentile, each, LoadFigures.perToken(answers), "load: time per token"));
      if (first === null && each === null && load.latency_bound_seconds !== null)
        lines.push(...this.bounded(load.percentile, load.latency_bound_seconds, latencies, "load: latency"));
    } else if (!offline) {
      const least = this.leastQueries(load.scenario, load.percentile);
      lines.push({
        constraint: "load: early stopping", met: latencies.length >= least,
        reason: `${latencies.length} queries, ${percentile} can be estimated from ${least} on`,
      });
    }
    return lines;
  },

  bounded(share, bound, sorted, constraint) {
    if (sorted.length === 0) return [{ constraint, met: false, reason: "no answer has a second token" }];
    const most = Math.round(bound * 1e9);
    const found = Percentile.of(sorted, share);
    const over = sorted.filter((each) => each > most).length;
    const least = EarlyStopping.leastQueries(share, over);
    return [
      {
        constraint, met: found <= most,
        reason: `p${decimal(share * 100, 1)} ${decimal(LoadFigures.seconds(found), 4)} s, at most ${decimal(bound, 4)} s`,
      },
      {
        constraint: constraint === "load: latency" ? "load: early stopping" : `load: early stopping by ${constraint.slice("load: ".length)}`,
        met: sorted.length >= least, reason: `${sorted.length} queries, ${over} over the bound allow for it from ${least} on`,
      },
    ];
  },
};
