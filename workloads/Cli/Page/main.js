// Starts the page: unpacks the sidecars, draws everything, and checks every row when asked.

const Data = JSON.parse(byId("data").textContent);
let Rows = [];

async function unpack(packed) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
}

/** The row with its sidecar's bytes and record; with a reason instead where they cannot be read. */
async function read(row, index) {
  try {
    const bytes = await unpack(row.packed);
    const record = JSON.parse(CanonicalJson.text(bytes));
    const steps = record.experiment ? [] : record.measurement.rounds.flatMap((round) => round.step_seconds);
    return { ...row, index, bytes, record, steps };
  } catch (error) {
    return { ...row, index, broken: `Its bytes are damaged: ${error.message || "they cannot be unpacked"}` };
  }
}

function draw() {
  const good = Rows.filter((row) => !row.broken);
  const workloads = good.filter((row) => row.record.workload), asked = good.filter((row) => row.record.experiment);
  const damaged = Rows.filter((row) => row.broken);
  fill("results-table", workloads.length > 0 ? resultsTable("Results of workloads", Columns, workloads) : empty("No evidence yet.", "mlperfedu run anomaly-ae-train"));
  fill("experiments-table", asked.length > 0 ? resultsTable("Results of experiments", ExperimentColumns, asked) : empty("No experiment was run yet.", "mlperfedu run cache-probe"));
  fill("damaged", damaged.length > 0 ? brokenTable(damaged) : "");
  fill("missing", Data.missing.length > 0 ? under(`Without evidence: ${Data.missing.join(", ")}.`) : "");
  fill("rooflines", rooflines(workloads));
  fill("curves", curves(workloads));
  fill("predictions", predictions(Data.predictions));
  fill("parts", stepParts(workloads));
  fill("sweeps", [caches(workloads), experiments(asked)]);
  fill("history", histories(workloads));
  fill("differences", differences(good));
  fill("tables", writtenTables(Data.tables));
  const machines = [...new Set(good.map((row) => `${row.record.machine.facts.cpu_model}, ${row.record.machine.facts.available_threads} threads`))];
  const met = workloads.filter((row) => isMet(row.record)).length;
  fill("summary", [`${met} of ${workloads.length} runs met their target and every other constraint`, machines.length > 0 && `, on ${machines.join("; ")}`, "."]);
}

const fill = (id, ...content) => byId(id).replaceChildren(...content.flat(Infinity).filter((part) => part !== null && part !== undefined && part !== false));

/** What is wrong with a row of the page; nothing when it holds. */
async function check(row) {
  return row.broken ? [finding("MLP3001", "can be read", row.broken)] : verifyRow(row, row.bytes);
}

async function checkAll() {
  const button = byId("check"), outcome = byId("outcome");
  button.disabled = true;
  let failed = [];
  for (const row of Rows) {
    const findings = await check(row);
    showOutcome(row, findings);
    if (findings.length > 0) failed.push(row);
    outcome.textContent = `Checking: ${row.index + 1} of ${Rows.length}`;
  }
  outcome.className = failed.length > 0 ? "bad" : "good";
  outcome.textContent = failed.length > 0
    ? `✗ ${failed.length} of ${Rows.length} sidecars fail: ${failed.map((row) => row.id).join(", ")}. Their rows say which rule.`
    : `✓ All ${Rows.length} sidecars hold: every hash, and every verdict derived again from the raw samples.`;
  button.disabled = false;
  return failed.length;
}

async function start() {
  if (!globalThis.DecompressionStream) return fill("summary", "This browser is too old to unpack the sidecars (it has no DecompressionStream).");
  Rows = await Promise.all(Data.rows.map(read));
  draw();
  byId("check").addEventListener("click", checkAll);
  byId("check").disabled = false;
  document.documentElement.dataset.ready = "true";
}

start();
