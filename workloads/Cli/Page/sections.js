// The sections below the roofline.

function chart(spec) {
  const container = h("div", { class: "chart" });
  drawAtWidth(container, (width) => plot(spec, width));
  return container;
}

/** The target's metric over the steps of training, with the line to reach, and the loss where the sidecar keeps it. */
function curves(rows) {
  const drawn = rows.filter(({ record }) => record.quality.curve.length > 1 || lossPoints(record).length > 1);
  const single = rows.filter(({ record }) => record.quality.curve.length === 1);
  if (drawn.length === 0) return [empty("No run has a curve of more than one evaluation yet.")];
  return [h("div", { class: "multiples" }, drawn.map(({ id, trust, record }) => {
    const { target } = record.quality, losses = lossPoints(record);
    return h("figure", null, h("figcaption", null, h("strong", null, id), " ", under(`${words(target.metric)}, target ${targetText(target)}${trust === "maintainer" ? "" : `, ${trust}`}`)),
      record.quality.curve.length > 1 && scoreCurve(id, record.quality), losses.length > 1 && lossCurve(id, losses, record.trajectory.losses.every));
  })), single.length > 0 && under(`Evaluated once, when training ended: ${single.map((row) =>
    `${row.id} ${Units.score(row.record.quality.curve[0].value)} (${targetText(row.record.quality.target)})`).join("; ")}.`)];
}

const stepsAxis = (steps) => ({ ...Axes.covering([0, ...steps], false, 1.04), low: 0, label: "training steps" });

function scoreCurve(id, { curve, target }) {
  const x = stepsAxis(curve.map((point) => point.step));
  return chart({
    label: `${id}: ${words(target.metric)} by training step, ${curve.length} evaluations`, height: 200, x,
    y: { ...Axes.covering([...curve.map((point) => point.value), target.limit], false, 1.1), label: words(target.metric) },
    lines: [{ points: curve.map((point) => [point.step, point.value]), kind: "series-0" },
      { name: `target ${targetText(target)}`, kind: "target-line", labelled: true, points: [[x.low, target.limit], [x.high, target.limit]] }],
    points: curve.map((point) => ({ x: point.step, y: point.value, text: `${point.step} steps: ${Units.score(point.value)}` })),
  });
}

/** Each mean at the end of its steps; none where a sidecar is from before losses were kept. */
function lossPoints({ trajectory, quality }) {
  const losses = trajectory?.losses;
  return losses ? losses.means.map((mean, index) => [Math.min((index + 1) * losses.every, quality.curve.at(-1).step), mean]) : [];
}

function lossCurve(id, points, every) {
  return chart({
    label: `${id}: training loss, ${points.length} means`, height: 150, x: stepsAxis(points.map(([step]) => step)),
    y: { ...Axes.covering(points.map(([, loss]) => loss), false, 1.1), label: every > 1 ? `training loss, mean of ${every} steps` : "training loss" },
    lines: [{ points, kind: "series-1" }],
    points: points.map(([step, loss]) => ({ x: step, y: loss, kind: "small", text: `up to step ${step}: loss ${Units.score(loss)}` })),
  });
}

/** The zoo's predictions, each by constants that were fitted to the other workloads. */
function predictions(found) {
  if (!found) return [empty("Nothing to compare yet: a prediction needs a measured workload.", "mlperfedu zoo compare")];
  const all = found.steps.flatMap((step) => [step.measured, step.held_out]);
  const axis = (label) => ({ ...Axes.covering(all, true, 1.6), label, ticks: [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10].map((at) => ({ at, text: at >= 1 ? `${at} s` : Axes.round(Units.seconds(at)) })) });
  const [x, y] = [axis("predicted step"), axis("measured step")];
  const off = (predicted, step) => Units.percent(Math.abs(predicted / step.measured - 1));
  return [h("div", { class: "with-inspector even" }, chart({
    label: `Predicted and measured steps of ${found.steps.length} workloads; on the line both agree`, x, y, height: 380,
    lines: [{ name: "as predicted", kind: "target-line", labelled: true, points: [[x.low, x.low], [x.high, x.high]] }],
    points: found.steps.map((step) => ({ x: step.held_out, y: step.measured, name: step.id,
      text: `${step.id}: predicted ${Units.seconds(step.held_out)}, measured ${Units.seconds(step.measured)}, ${off(step.held_out, step)} off; mostly ${step.longest}` })),
  }), h("div", null, textTable("Predicted and measured steps", ["workload", "measured", "usual constants", "off", "held out", "off"], [false, true, true, true, true, true],
    found.steps.map((step) => [step.id, Units.seconds(step.measured), Units.seconds(step.before), off(step.before, step), Units.seconds(step.held_out), off(step.held_out, step)])),
  found.median_error_held_out !== null && under(`Median error ${Units.percent(found.median_error_before)} with usual constants, ${Units.percent(found.median_error_held_out)} on workloads that the fit has not seen.`)))];
}

/** Counted work and traffic of one step, by pass. */
function stepParts(rows) {
  // A run and its baseline have the same step as long as nobody changes the model.
  const counted = [...new Map(rows.filter(({ record }) => record.count.layers.length > 0).map((row) => [row.id + JSON.stringify(row.record.count), row])).values()];
  if (counted.length === 0) return [empty("No step was counted yet.")];
  const names = StepCount.passes.map(words);
  const parts = (record, quantity) => StepCount.passes.map((pass) => ({ name: words(pass), value: sum(record.count.layers.map((layer) => layer[pass][quantity])) }));
  const column = (title, quantity, unit) => h("div", null, h("h3", { class: "small" }, title), bars(counted.map(({ id, record }) => {
    const of = parts(record, quantity);
    return { name: id, total: Units.si(sum(of.map((part) => part.value)), unit), parts: of };
  }), names));
  return [barLegend(names), h("div", { class: "columns" }, column("Products", "flops", "FLOP"), column("Memory traffic", "bytes", "B"))];
}

/** Bandwidth over the size of a set, from the peaks of each machine. */
function caches(rows) {
  const machines = new Map(rows.map((row) => [row.record.machine.fingerprint, row]));
  const drawn = [...machines.values()].filter(({ record }) => record.peaks.last_level_cache.points.length > 1).map(({ record: { peaks, machine } }) => {
    const { points, knee } = peaks.last_level_cache;
    const sizes = points.map((point) => point.set_bytes);
    const ticks = Array.from({ length: 24 }, (_, i) => 2 ** (12 + 2 * i)).map((at) => ({ at, text: Units.binary(at) }));
    return h("figure", null, h("figcaption", null, h("strong", null, "Where the last-level cache ends"), " ", under(`${machine.class}, one thread, sum of fp32`)), chart({
      label: `Bandwidth by the size of the set on ${machine.class}`, height: 240,
      x: { ...Axes.covering(sizes, true, 1.1), label: "size of the set", ticks },
      y: { ...Axes.covering([0, ...points.map((point) => 1 / point.seconds_per_byte)], false, 1.1), low: 0, label: "B/s" },
      bands: knee ? [{ from: knee.low, to: knee.high, name: "end of the cache" }] : [],
      lines: [{ points: points.map((point) => [point.set_bytes, 1 / point.seconds_per_byte]), kind: "series-0" }],
      points: points.map((point) => ({ x: point.set_bytes, y: 1 / point.seconds_per_byte, text: `${Units.binary(point.set_bytes)}: ${Units.si(1 / point.seconds_per_byte, "B/s")}` })),
    }));
  });
  return drawn.length > 0 ? drawn : [empty("No cache was probed yet.", "mlperfedu peaks")];
}

/** What the experiments drew, drawn again here. */
function experiments(rows) {
  const drawn = rows.flatMap((row) => row.drawings.map((drawing) => h("figure", { class: drawing.kind === "bars" ? "wide" : null },
    h("figcaption", null, h("strong", null, drawing.title), " ", under(row.id), h("p", null, drawing.description)),
    drawing.kind === "bars" ? drawnBars(drawing) : drawnPlot(drawing))));
  return drawn.length > 0 ? drawn : [empty("No experiment has a drawing yet.", "mlperfedu run peak-sweep cache-probe")];
}

function drawnBars({ rows }) {
  const names = [...new Set(rows.flatMap((row) => row.parts.map((part) => part.name)))];
  return [bars(rows, names), barLegend(names)];
}

/** Measured lines have a legend, levels their name beside them. */
function drawnPlot({ title, x, y, lines, points, bands }) {
  const styled = lines.map((line, index) => ({ ...line, kind: line.marked ? `series-${index % 6}` : "level", labelled: !line.marked }));
  const measured = styled.filter((line) => line.marked);
  return [chart({
    label: title, height: 300, x, y, lines: styled, bands: bands.map((band) => ({ from: band.from, to: band.to, name: band.name.split(",")[0] })),
    points: [...measured.flatMap((line) => line.points.map(([at, value]) =>
      ({ x: at, y: value, kind: "small", text: `${line.name}: ${Axes.short(value)} at ${Axes.short(at)}` }))),
    ...points.map((point) => ({ x: point.x, y: (point.y[0] + point.y[1]) / 2, low: point.y[0], high: point.y[1], name: point.name, text: point.name }))],
  }), measured.length > 1 && legend(measured)];
}

/** The runs of each workload on one machine, and the band in which the next one is expected. */
function histories(rows) {
  const several = [...new Map(rows.filter((row) => row.history.length > 1).map((row) => [row.id + row.record.machine.fingerprint, row])).values()];
  if (several.length === 0)
    return [empty("There is one run of each workload so far. Runs are kept in artifacts/evidence; with a second one this shows how they vary.", "mlperfedu run ID")];
  return [h("div", { class: "multiples" }, several.map(({ id, history, record }) => {
    const last = history.at(-1), flagged = history.filter((run) => run.slower).length;
    const judged = last.fence === null ? `${history.length} runs; from thirteen on, a run is held against those before it` : flagged > 0
      ? `▲ ${flagged} of ${history.length} runs slower than the runs before explain` : `${history.length} runs, none slower than noise explains`;
    return h("figure", null, h("figcaption", null, h("strong", null, id), " ", under(`${record.machine.class}: ${judged}`)), chart({
      label: `${id}: step of ${history.length} runs`, height: 200,
      x: { low: 0.5, high: history.length + 0.5, log: false, label: "run, oldest first" },
      y: { ...Axes.covering(history.flatMap((run) => [run.step, run.fence ?? run.step]), false, 1.15), label: "step, s" },
      bands: last.fence === null ? [] : [{ axis: "y", from: smallest(history.map((run) => run.step)), to: last.fence, name: "noise of the runs" }],
      points: history.map((run, index) => ({
        x: index + 1, y: run.step, kind: run.slower ? "flag" : "",
        text: `${moment(run.measured_at)}, commit ${run.commit.slice(0, 8)}: ${Units.seconds(run.step)}, median of all steps ${Units.seconds(run.median)}${run.slower ? ", slower than noise explains" : ""}`,
      })),
    }));
  }))];
}

/** Two runs in words. */
function differences(rows) {
  const pairs = rows.flatMap((row) => row.diffs);
  if (pairs.length === 0) return [empty("There is nothing to compare: a difference needs two runs of one workload on one machine.", "mlperfedu diff BEFORE AFTER")];
  return pairs.map((diff) => h("details", { class: "diff" }, h("summary", null, diff.headline, " ", under(`${diff.against} of ${moment(diff.before)} → run of ${moment(diff.after)}`)),
    h("ul", null, diff.changes.map((change) => h("li", { class: change.kind }, change.text)))));
}

const writtenTables = (tables) => tables.length === 0 ? [empty("No table was written yet.")] : tables.map((table) => h("details", { class: "diff" },
  h("summary", null, table.caption, " ", under(table.source)), textTable(table.caption, table.columns, table.right, table.rows)));
