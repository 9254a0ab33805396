// The results table: a row per sidecar, opened for details, with the outcome of its check.

const Trust = {
  maintainer: "Committed in this repository as the baseline of its machine class",
  ci: "Made by a build server",
  student: "Made on the machine that wrote this page",
};

const subjectOf = (row) => row.record.workload ?? row.record.experiment;
const targetText = ({ bound, limit }) => `${bound === "at_least" ? "≥" : "≤"} ${Units.score(limit)}`;
const isMet = (record) => record.experiment ? record.checks.every(QualityCheck.met) : record.validity.every((line) => line.met);
const verdict = (met) => h("span", { class: met ? "good" : "bad" }, met ? "✓ met" : "✗ missed");
const under = (...text) => h("small", null, text);

/** Ratios against others, from the tables that `compare` wrote: PyTorch's step over ours. */
function peersOf(id) {
  return [["pytorch", "PyTorch"], ["torchsharp", "TorchSharp"]].flatMap(([key, name]) => {
    const table = Data.tables.find((each) => each.key === key);
    const row = table?.rows.find(([first]) => first === id);
    return row ? [[name, row[table.columns.indexOf("ratio")].replace("x", "×"), row[table.columns.indexOf("95 % interval")]]] : [];
  });
}

/** "bag_of_words_accuracy" beside the metric accuracy → "bag of words". */
const trivialName = (name, metric) => words(name.split("_").filter((word) => !metric.split("_").includes(word)).join("_")) || words(name);

const Columns = [
  ["Workload", (row) => [openButton(row), under(`${row.record.data.dataset} (${row.record.data.tier})`)]],
  ["Score", ({ record: { quality: { target } } }) => [
    h("span", { class: "line-of" }, h("span", { class: "figure" }, Units.score(target.value)), " ", verdict(QualityCheck.met(target))), under(`${words(target.metric)} ${targetText(target)}`)]],
  ["Trivial answer", (row) => Object.entries(row.trivial).map(([name, value]) =>
    h("span", { class: "line-of" }, Units.score(value), " ", under(trivialName(name, row.record.quality.target.metric))))],
  ["Seeds", ({ seeds }) => seeds && seeds.values.length > 0 && [
    h("span", { class: "line-of" }, seeds.values.length === 1 ? Units.score(seeds.values[0]) : `${Units.score(smallest(seeds.values))}–${Units.score(largest(seeds.values))}`),
    under(seeds.values.length === 1 ? "one seed" : `${seeds.values.length} seeds`)]],
  ["Limited by", ({ record: { regimes } }) => RegimeDerivation.axes.map((axis) =>
    h("span", { class: `line-of regime${regimes[axis].value === "grey_band" ? " faint" : ""}`, title: `${words(axis)}: ${regimes[axis].because}` }, words(regimes[axis].value)))],
  ["Step", ({ steps }) => steps.length > 0 && [
    h("span", null, Units.seconds(Statistics.median(steps))), under(`± ${Units.percent(Statistics.relativeSpread(steps))}`)], "number"],
  ["Of the roof", ({ record: { regimes } }) => regimes.dispatch.measured && share(Interval.middle(regimes.dispatch.measured)), "number"],
  ["To target", ({ record: { cost } }) => [
    h("span", null, cost.time_to_target_seconds === null ? "–" : Units.seconds(cost.time_to_target_seconds)), under(`of ${Units.seconds(cost.train_seconds)}`)], "number"],
  ["Peers", (row) => peersOf(row.id).map(([name, ratio, range]) => h("span", { class: "line-of", title: `95 % interval ${range}` }, ratio, " ", under(name))), "number"],
  ["Evidence", (row) => evidenceCell(row)],
];

const ExperimentColumns = [
  ["Experiment", (row) => [openButton(row), under(row.suite)]],
  ["Checks", ({ record }) => record.checks.map((check) =>
    h("span", { class: "line-of" }, `${words(check.metric)} ${Units.score(check.value)} `, under(targetText(check), " "), verdict(QualityCheck.met(check))))],
  ["Took", ({ record }) => Units.seconds(record.seconds), "number"],
  ["Evidence", (row) => evidenceCell(row)],
];

function share(value) {
  const bar = h("span", { class: "meter", "aria-hidden": "true" }, h("span"));
  bar.firstChild.style.width = `${Math.min(100, 100 * value)}%`;
  return [h("span", null, Units.percent(value)), bar];
}

function openButton(row) {
  const button = h("button", { class: "open", type: "button", "aria-expanded": "false", click: () => toggle(row, button) }, row.id);
  row.button = button;
  return button;
}

function evidenceCell(row) {
  row.status = h("span", { class: "status" }, "not checked");
  return [h("span", { class: `trust ${row.trust}`, title: Trust[row.trust] }, row.trust === "ci" ? "CI" : row.trust),
    h("small", { title: row.level.meaning }, row.level.name), row.stale && under("earlier version of its entry"), row.status];
}

function toggle(row, button) {
  const open = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", String(open));
  row.details?.remove();
  row.details = open ? h("tr", { class: "details", role: "row" }, h("td", { role: "cell", colspan: row.columns }, detailsOf(row))) : null;
  if (open) row.element.after(row.details);
}

/** Roles are stated, because a narrow page lays the rows out as blocks and would lose them. */
function resultsTable(caption, columns, rows) {
  const body = rows.map((row) => {
    row.columns = columns.length;
    row.element = h("tr", { role: "row", id: `row-${row.index}`, class: isMet(row.record) ? null : "missed" }, columns.map(([name, content, kind], index) => {
      const cell = content(row);
      const shown = [cell].flat(Infinity).some((part) => part instanceof Node || (part !== null && part !== undefined && part !== false && part !== ""));
      return h(index === 0 ? "th" : "td", {
        role: index === 0 ? "rowheader" : "cell", scope: index === 0 ? "row" : null, class: kind ?? null, "data-label": name,
      }, shown ? cell : h("span", { class: "none" }, "–"));
    }));
    return row.element;
  });
  return h("table", { class: "results", role: "table" }, h("caption", { class: "unseen" }, caption),
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, columns.map(([name, , kind]) => h("th", { role: "columnheader", scope: "col", class: kind ?? null }, name)))),
    h("tbody", { role: "rowgroup" }, body));
}

/** A sidecar that cannot even be read has a row that says so. */
const brokenTable = (rows) => h("table", { class: "results broken", role: "table" }, h("caption", null, "Sidecars that cannot be read"),
  h("tbody", { role: "rowgroup" }, rows.map((row) => {
    row.status = h("span", { class: "status" }, "not checked");
    row.element = h("tr", { role: "row", id: `row-${row.index}` }, h("th", { role: "rowheader", scope: "row" }, row.id),
      h("td", { role: "cell" }, row.broken), h("td", { role: "cell" }, row.status));
    return row.element;
  })));

function showOutcome(row, findings) {
  row.findings = findings;
  const failed = findings.length > 0;
  row.element.classList.toggle("failed", failed);
  row.element.classList.toggle("verified", !failed);
  row.status.className = `status ${failed ? "bad" : "good"}`;
  row.status.replaceChildren(failed ? `✗ ${findings[0].code}: ${findings[0].rule}` : "✓ verified");
  row.reason?.remove();
  row.reason = failed ? h("tr", { class: "reason", role: "row" }, h("td", { role: "cell", colspan: row.columns ?? 3 },
    h("strong", null, `${row.id}: ${findings.length === 1 ? "one rule fails" : `${findings.length} rules fail`}`),
    h("ul", null, findings.slice(0, 6).map(({ code, rule, message }) => h("li", null, h("code", null, code), ` ${rule}. ${message}`))),
    findings.length > 6 && `and ${findings.length - 6} more`)) : null;
  if (row.reason) row.element.after(row.reason);
}
