// What an opened row shows, and what the roofline says of the point under the pointer or the focus.

const yamlLines = (row) => h("pre", { class: "yaml" },
  row.yaml.map(({ number, text }) => `workloads.yaml:${number}  ${text}\n`).join(""));

const section = (title, ...content) => h("section", null, h("h3", { class: "small" }, title), content);
const part = (title, ...content) => h("section", null, h("h4", null, title), content);

function detailsOf(row) {
  return [h("div", { class: "detail-grid" }, row.record.experiment ? experimentDetails(row) : workloadDetails(row),
    section("Run", runFacts(row)), section("Required by", yamlLines(row))),
  h("details", null, h("summary", null, "Statistics of every group of raw samples"), statisticsTable(row))];
}

function workloadDetails(row) {
  const { record } = row;
  return [
    section("What limits the step", h("ul", { class: "verdicts" }, RegimeDerivation.axes.map((axis) => {
      const { value, rule, because } = record.regimes[axis];
      return h("li", null, h("strong", null, words(value)), under(`${words(axis)}: ${rule}; ${because}`));
    }))),
    section("Constraints of the run", h("ul", { class: "verdicts" }, record.validity.map((line) =>
      h("li", null, h("span", { class: line.met ? "good" : "bad" }, line.met ? "✓ " : "✗ "), line.constraint, under(line.reason))))),
    section("Samples of the step", row.steps.length > 0 ? samples(row) : empty("The step was not measured.")),
    section("Counted", countFacts(record)),
  ];
}

const experimentDetails = ({ record }) => section("Derived metrics", facts(Object.entries(record.metrics).map(([name, value]) => [words(name), Units.score(value)])));

const samples = ({ steps }) => [strip(steps), facts([
  ["steps", String(steps.length)], ["median", Units.seconds(Statistics.median(steps))],
  ["fastest", Units.seconds(smallest(steps))], ["slowest", Units.seconds(largest(steps))],
])];

function countFacts({ count, peaks }) {
  const of = StepCount.of(count);
  return facts([
    ["FLOP per step", Units.si(of.flops)], ["of them bf16", of.bf16_flops > 0 ? Units.si(of.bf16_flops) : null], ["bytes moved", Units.si(of.bytes, "B")],
    ["bytes touched", Units.si(of.unique_bytes, "B")], ["operator calls", thousands(of.operator_calls)], ["parameters", thousands(of.parameters)],
    ["batch", thousands(count.batch)], ["threads", String(peaks.threads)],
  ]);
}

function runFacts({ record, name, trust, level }) {
  const cost = record.cost;
  return facts([
    ["measured", moment(record.measured_at)], ["machine", `${record.machine.facts.cpu_model}, ${record.machine.facts.available_threads} threads`],
    ["class", record.machine.class], ["commit", record.source.commit.slice(0, 12) + (record.source.dirty ? ", with changes" : "")],
    ["seed", record.seed === undefined ? null : String(record.seed)],
    ["versions", Object.entries(record.versions).map((pair) => pair.join(" ")).join(", ")],
    ["memory", cost ? Units.binary(cost.peak_memory_bytes) + (cost.budget ? ` of ${Units.binary(cost.budget.memory_mb * 2 ** 20)}` : "") : null],
    ["evidence", `${trust === "ci" ? "CI" : trust}: ${Trust[trust].toLowerCase()}`], ["trust", `${level.name}: ${level.meaning}`], ["file", h("code", null, name)],
  ]);
}

const statisticsTable = (row) => textTable(`Statistics of the samples of ${row.id}`, ["samples", "count", "least", "median", "mean", "most"],
  [false, true, true, true, true, true], row.statistics.map((group) =>
    [group.name, thousands(group.count), ...[group.least, group.median, group.mean, group.most].map((value) => Units.si(value))]));

/** Beside the roofline: the point that is looked at, with everything its place follows from. */
function inspector(row, point) {
  const { record } = row;
  const range = (interval, unit) => `${Units.si(interval.low, unit)} to ${Units.si(interval.high, unit)}`;
  return [
    h("h4", null, row.id, " ", under(`${row.trust === "ci" ? "CI" : row.trust}, ${moment(record.measured_at)}`)),
    facts([
      ["intensity", `${decimal(point.flopsPerByte, 2)} FLOP/byte`], ["rate", range(point.flopsPerSecond, "FLOP/s")],
      ["of its roof", `${Units.percent(point.utilization.low)} to ${Units.percent(point.utilization.high)}`],
      ["compute roof", range(point.compute, "FLOP/s")], ["memory roof", range(point.memoryRoof, "B/s")],
      ["ridge", `${decimal(point.ridge.low, 1)} to ${decimal(point.ridge.high, 1)} FLOP/byte`],
      ["limited by", RegimeDerivation.axes.map((axis) => words(record.regimes[axis].value)).join(", ")],
    ]),
    part("Counts", countFacts(record)), part("Raw samples", samples(row)), part("Required by", yamlLines(row)),
  ];
}
