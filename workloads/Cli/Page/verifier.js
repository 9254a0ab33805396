// Checks one sidecar, rule by rule, under the codes that `mlperfedu verify` uses: roofline/Evidence.
// A new rule is a function here that yields findings, called in EvidenceVerifier.check or ExperimentVerifier.check.

const finding = (code, rule, message) => ({ code, rule, message });

const CanonicalJson = {
  emptyHash: '"content_sha256": ""',
  last: /\n {2}"content_sha256": "([^"\\]*)"\n\}\n$/,

  text: (bytes) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes),

  /** The first line that is not laid out, or not spelled, as C# writes it; null when all are. */
  firstOddLine(text) {
    const lines = text.split("\n");
    if (lines.pop() !== "") return lines.length + 1;
    let depth = 0;
    for (const [index, line] of lines.entries()) {
      const [, indent, value, comma] = /^( *)(?:"(?:[^"\\]|\\.)*": )?(.+?)(,?)$/.exec(line) ?? [];
      const closes = value === "}" || value === "]", opens = value === "{" || value === "[";
      if (closes) depth--;
      const next = lines[index + 1]?.trimStart();
      const isLast = next === undefined || /^[}\]]/.test(next);
      if (indent?.length !== 2 * depth || !(opens || closes || this.isSpelled(value)) || (comma === "," ) === (isLast || opens)) return index + 1;
      if (opens) depth++;
    }
    return depth === 0 ? null : lines.length;
  },

  isSpelled(value) {
    if (/^("|true$|false$|null$|\{\}$|\[\]$)/.test(value)) return true;
    return /^-?\d+$/.test(value) ? String(BigInt(value)) === value : shortest(Number(value)) === value;
  },

  /** Part of a document as a document of its own. */
  member(text, name) {
    const lines = text.split("\n");
    const first = lines.indexOf(`  "${name}": {`);
    const count = lines.slice(first).findIndex((line) => /^ {2}\},?$/.test(line));
    return `{\n${lines.slice(first + 1, first + count).map((line) => line.slice(2)).join("\n")}\n}\n`;
  },
};

const ContentHash = {
  of: (text) => Sha256.of(text.replace(CanonicalJson.last, `\n  ${CanonicalJson.emptyHash}\n}\n`)),
};

const MachineFacts = {
  brackets: [["amx_tile", "amx"], ["avx512f", "avx512"], ["avx2", "avx2"], ["avx", "avx"], ["sse2", "sse2"],
    ["sme", "sme"], ["sve", "sve"], ["advsimd", "neon"]],

  /** As linux-x64-avx2-llc32m. */
  machineClass(facts) {
    const platform = { macos: "osx", windows: "win" }[facts.os_family] ?? facts.os_family;
    const instructions = this.brackets.find(([extension]) => facts.isa.includes(extension))?.[1] ?? "scalar";
    const levels = facts.caches.filter((cache) => cache.kind !== "instruction");
    const bytes = levels.find((cache) => cache.level === largest(levels.map((each) => each.level)))?.bytes;
    const power = (unit) => 2 ** Math.floor(Math.log2(Math.floor(bytes / unit)));
    const cache = bytes >= 2 ** 20 ? `${power(2 ** 20)}m` : bytes >= 2 ** 10 ? `${power(2 ** 10)}k` : "unknown";
    return `${platform}-${facts.architecture}-${instructions}-llc${cache}`;
  },

  /** As classes were named before they knew caches and matrix units. */
  formerClass(facts) {
    const machine = `${facts.os_family}-${facts.architecture}`;
    if (machine !== "linux-x64") return machine;
    return machine + (facts.isa.includes("avx512f") ? "-avx512" : facts.isa.includes("avx2") ? "-avx2" : "");
  },

  fingerprint(facts) {
    const gigabytes = facts.memory_bytes / 2 ** 30, even = 2 * Math.round(gigabytes / 2);
    return Sha256.of([
      `os=${facts.os_family}`, `architecture=${facts.architecture}`, `vendor=${facts.cpu_vendor}`, `model=${facts.cpu_model}`,
      `isa=${facts.isa.join(",")}`, `cores=${facts.physical_cores}/${facts.logical_cores}`,
      `memory=${Math.abs(gigabytes % 1) === 0.5 ? even : Math.round(gigabytes)}GiB`,
      ...facts.caches.map((cache) => `cache=L${cache.level} ${cache.kind} ${cache.bytes}/${cache.shared_by}`),
    ].join("\n"));
  },
};

const EvidenceVerifier = {
  /** The record in these bytes, absent when there is none, and everything that is wrong with it. */
  async check(name, bytes) {
    let text, record;
    try {
      text = CanonicalJson.text(bytes);
      record = JSON.parse(text);
      const subject = record.workload ?? record.experiment;
      if (typeof subject.id !== "string" || !CanonicalJson.last.test(text)) throw new Error("it is no document with a content hash at its end");
    } catch (error) {
      return { record: null, findings: [finding("MLP3002", "is a sidecar", `The bytes are no sidecar: ${error.message}`)] };
    }
    const findings = [];
    try {
      for await (const found of this.identity(name, text, record)) findings.push(found);
      findings.push(...record.experiment ? ExperimentVerifier.derivation(record) : await this.ofWorkload(text, record));
    } catch (error) {
      findings.push(finding("MLP3002", "is a sidecar", `A part is missing or of another kind: ${error.message}`));
    }
    return { record, findings };
  },

  async ofWorkload(text, record) {
    const found = [];
    for await (const each of this.peaksIdentity(text, record)) found.push(each);
    return [...found, ...this.totals(record), ...this.derivation(record), ...this.precisionOfProducts(record),
      ...record.serving ? this.serving(record) : []];
  },

  async *identity(name, text, record) {
    const odd = CanonicalJson.firstOddLine(text);
    if (odd !== null) yield finding("MLP3003", "canonical text", `Line ${odd} is not written as this project writes it.`);
    const content = await ContentHash.of(text);
    if (record.content_sha256 !== content)
      yield finding("MLP3005", "content hash", `It states ${record.content_sha256}, its content has ${content}.`);
    const expected = `${(record.workload ?? record.experiment).id}_${record.measured_at}_${content.slice(0, 12)}.json`;
    if (name !== expected) yield finding("MLP3006", "name from content", `It is called ${name}; its content gives ${expected}.`);
    const { facts, class: stated, fingerprint } = record.machine;
    const [derived, former] = [MachineFacts.machineClass(facts), MachineFacts.formerClass(facts)];
    if (stated !== derived && stated !== former) yield finding("MLP3008", "machine class", `It states ${stated}, its facts give ${derived}.`);
    if (fingerprint !== await MachineFacts.fingerprint(facts))
      yield finding("MLP3008", "machine fingerprint", "The fingerprint does not follow from the machine's facts.");
  },

  async *peaksIdentity(text, { machine, peaks }) {
    if (peaks.fingerprint !== await MachineFacts.fingerprint(machine.facts))
      yield finding("MLP3008", "fingerprint of the peaks", "The peaks were measured on another machine.");
    const content = await ContentHash.of(CanonicalJson.member(text, "peaks"));
    if (peaks.content_sha256 !== content)
      yield finding("MLP3009", "hash of the peaks", `The peaks state ${peaks.content_sha256}, they have ${content}.`);
  },

  /** Figures that a sidecar states beside what they follow from. */
  *totals({ count, peaks, quality }) {
    const odd = (what) => finding("MLP3003", "totals", `${what} is not what its parts give.`);
    for (const [name, value] of Object.entries(StepCount.of(count)))
      if ((count[name] ?? 0) !== value) yield odd(`count.${name}`);
    for (const series of peaks.series)
      if (series.best !== PeakSeries.best(series) || series.median !== PeakSeries.median(series)) yield odd(`The best or median of ${series.kind}`);
    if (!Interval.equal(peaks.last_level_cache.bytes, CapacityProbe.bytes(peaks.last_level_cache))) yield odd("The size of the last-level cache");
    if (quality.met !== QualityRecord.met(quality)) yield odd("quality.met");
    for (const check of QualityRecord.checks(quality))
      if (check.met !== QualityCheck.met(check)) yield odd(`The verdict on ${check.metric}`);
  },

  *derivation(record) {
    const { point, regimes } = RegimeDerivation.derive(StepCount.of(record.count), record.measurement, record.peaks, record.thresholds);
    for (const axis of RegimeDerivation.axes) {
      const [stated, derived] = [record.regimes[axis], regimes[axis]];
      const same = ["axis", "value", "quantity", "decided", "rule", "because"].every((name) => stated[name] === derived[name]);
      if (!same || !Interval.equal(stated.measured, derived.measured)) {
        yield finding("MLP3010", `regime on ${axis}`, `It states ${stated.value} (${stated.because}); its samples and counts give `
          + `${derived.value}, ${derived.rule} (${derived.because}).`);
      }
    }
    for (const problem of point ? RoofCheck.problems(point, record.peaks) : []) yield finding("MLP3011", "under the roof", problem);
    for (const line of [...QualityValidity.lines(record.quality), ...BudgetValidity.lines(record.cost)])
      if (!this.states(record, line)) yield finding("MLP3012", "validity", `It does not state that ${line.constraint} is ${line.reason}.`);
  },

  *precisionOfProducts({ settings, machine, count }) {
    const asked = settings["recipe.Precision"] ?? settings.precision, used = settings["precision.used"], bf16 = StepCount.of(count).bf16_flops;
    const odd = (why) => finding("MLP3016", "precision of products", why);
    if ((asked === "bf16") !== (used !== undefined) || (used !== undefined) !== (settings["precision.why"] !== undefined))
      yield odd("What was used, and why, is stated exactly where bf16 was asked for.");
    if (used === "bf16" && !["amx_bf16", "avx512_bf16", "bf16"].some((extension) => machine.facts.isa.includes(extension)))
      yield odd("The processor has no bf16 products.");
    if (used !== "bf16" && bf16 > 0) yield odd("bf16 products are counted and none are stated.");
  },

  *serving(record) {
    const { load, answers } = record.serving;
    if (!ServingRecord.isWhole(record.serving)) {
      yield finding("MLP3015", "figures of answers", "Answers with times and a percentile between 0 and 1 are missing.");
      return;
    }
    for (const [name, value] of Object.entries(LoadFigures.of(load, answers)))
      if (record.quality.metrics[name] !== value) yield finding("MLP3015", "figures of answers", `It states ${name} ${record.quality.metrics[name]}; the times give ${value}.`);
    for (const line of LoadValidity.lines(load, answers))
      if (!this.states(record, line)) yield finding("MLP3015", "validity under load", `It does not state ${line.constraint}: ${line.reason}.`);
    for (const check of QualityRecord.checks(record.quality))
      if (record.quality.metrics[check.metric] !== check.value) yield finding("MLP3012", "checked metrics", `${QualityCheck.text(check)}, which its metrics contradict.`);
  },

  states: (record, line) => record.validity.some((stated) =>
    stated.constraint === line.constraint && stated.met === line.met && stated.reason === line.reason),
};

/** Of an experiment, everything but the metrics, which the experiment's own code derives. */
const ExperimentVerifier = {
  *derivation(record) {
    for (const check of record.checks) {
      if (record.metrics[check.metric] !== check.value) yield finding("MLP3012", "checked metrics", `${QualityCheck.text(check)}, which its metrics contradict.`);
      if (check.met !== QualityCheck.met(check)) yield finding("MLP3003", "totals", `The verdict on ${check.metric} is not what its value gives.`);
    }
  },
};

/** What this page said of a row when it was written: its statistics, which every raw sample moves. */
const PageStatistics = {
  groups(record) {
    const groups = new Map();
    const add = (name, values) => groups.set(name, [...groups.get(name) ?? [], ...values.filter((value) => value !== null)]);
    const calibration = (where, samples) => {
      for (const name of ["gemm_flops", "memory_triad_bytes", "cache_triad_bytes", "empty_operator_seconds"])
        add(`${where}: ${name}`, samples.map((sample) => sample[name]));
    };
    if (record.experiment) {
      for (const point of record.points) add(`${point.name} (${point.unit})`, point.samples);
    } else {
      const { rounds } = record.measurement;
      add("step seconds", rounds.flatMap((round) => round.step_seconds));
      add("doubled batch seconds", rounds.flatMap((round) => round.doubled_batch_seconds));
      add("seconds of a round", rounds.map((round) => round.seconds));
      add("seconds queued in a round", rounds.map((round) => round.queued_seconds));
      calibration("calibration", rounds.map((round) => round.calibration));
      for (const series of record.peaks.series) add(`peaks: ${series.kind}`, series.samples);
      add("peaks: last-level cache", record.peaks.last_level_cache.points.map((point) => point.seconds_per_byte));
      calibration("peaks: reference", record.peaks.reference);
      add("score", record.quality.curve.map((point) => point.value));
      add("loss", record.trajectory?.losses?.means ?? []);
      add("answers (ns)", (record.serving?.answers ?? []).flatMap((answer) => [answer.scheduled, ...answer.tokens]));
    }
    return [...groups].filter(([, values]) => values.length > 0);
  },

  of: (record) => PageStatistics.groups(record).map(([name, values]) => ({
    name, count: values.length, least: smallest(values), median: Statistics.median(values), mean: mean(values), most: largest(values),
  })),

  *findings(record, stated) {
    const derived = this.of(record);
    for (const [index, group] of derived.entries()) {
      const written = stated[index];
      if (!written || Object.keys(group).some((name) => group[name] !== written[name])) {
        yield finding("MLP2065", "statistics of samples", `The page states of ${written?.name ?? "nothing"}: ${this.text(written)}; `
          + `the samples of ${group.name} give ${this.text(group)}.`);
      }
    }
    if (derived.length !== stated.length) yield finding("MLP2065", "statistics of samples", "Groups of samples are missing.");
  },

  text: (group) => group ? `${group.count} from ${group.least} to ${group.most}, median ${group.median}, mean ${group.mean}` : "nothing",
};

/** All findings on a row of the page. */
async function verifyRow(row, bytes) {
  const { record, findings } = await EvidenceVerifier.check(row.name, bytes);
  if (!record) return findings;
  try {
    return [...findings, ...PageStatistics.findings(record, row.statistics)];
  } catch (error) {
    return [...findings, finding("MLP2065", "statistics of samples", `The samples cannot be read: ${error.message}`)];
  }
}
