// The roofline of each machine class: measured roofs as lines, steps as points.

const Roofs = [
  { kind: "gemm", name: "fp32 products", style: "roof-fp32" },
  { kind: "gemm_bf16", name: "bf16 products", style: "roof-bf16" },
  { kind: "triad", level: "memory", name: "memory", style: "roof-memory" },
  { kind: "triad", level: "LLC", name: "last-level cache", style: "roof-cache" },
];

/** The newest peaks of these rows that have this roof. */
function roofOf(rows, { kind, level = "" }) {
  for (const { record: { peaks } } of [...rows].sort((a, b) => a.record.peaks.measured_at < b.record.peaks.measured_at ? 1 : -1)) {
    const series = MachinePeaks.find(peaks, kind, level);
    if (series) return { rate: PeakSeries.best(series), measuredAt: peaks.measured_at, series };
  }
  return null;
}

function rooflines(rows) {
  const classes = Map.groupBy ? Map.groupBy(rows, (row) => row.record.machine.class)
    : rows.reduce((groups, row) => groups.set(row.record.machine.class, [...groups.get(row.record.machine.class) ?? [], row]), new Map());
  const drawn = [...classes].map(([name, members]) => roofline(name, members)).filter((each) => each !== null);
  return drawn.length > 0 ? drawn : [empty("No step was measured yet.", "mlperfedu run anomaly-ae-train")];
}

function roofline(machineClass, rows) {
  const measured = rows.map((row) => ({ row, point: RooflinePoint.of(row.record) })).filter(({ point }) => point !== null)
    .sort((a, b) => a.point.flopsPerByte - b.point.flopsPerByte);
  const roofs = Roofs.map((roof) => ({ ...roof, ...roofOf(rows, roof) })).filter((roof) => roof.rate);
  const flat = roofs.filter((roof) => !roof.level), slopes = roofs.filter((roof) => roof.level);
  if (measured.length === 0 || flat.length === 0 || slopes.length === 0) return null;

  const machine = rows[0].record.machine.facts;
  const panel = h("div", { class: "inspector", "aria-live": "polite" }, inspector(measured[0].row, measured[0].point));
  const shown = new Set(roofs.map((roof) => roof.kind + (roof.level ?? "")));
  const chart = h("div", { class: "chart" });
  const redraw = () => chart.clientWidth && chart.replaceChildren(draw(Math.floor(chart.clientWidth)));
  const choices = h("fieldset", { class: "choices" }, h("legend", { class: "unseen" }, "Roofs"), roofs.map((roof) => {
    const key = roof.kind + (roof.level ?? "");
    return h("label", null, h("input", { type: "checkbox", checked: true, change: (event) => { shown[event.target.checked ? "add" : "delete"](key); redraw(); } }),
      s("svg", { width: 26, height: 10, "aria-hidden": "true" }, s("line", { class: `line ${roof.style}`, x1: 1, x2: 25, y1: 5, y2: 5 })),
      `${roof.name}, ${Units.si(roof.rate, roof.level ? "B/s" : "FLOP/s")}`);
  }), !roofs.some((roof) => roof.kind === "gemm_bf16") && under("bf16: not measured on this class"));
  drawAtWidth(chart, draw);
  return h("article", { class: "roofline" }, h("h3", null, machineClass, " ", under(`${machine.cpu_model}, ${machine.available_threads} threads; roofs of ${moment(roofs[0].measuredAt)}`)),
    choices, under("Point at a step, or reach it with Tab and the arrow keys, to see what its place follows from."),
    h("div", { class: "with-inspector" }, chart, panel));

  function draw(width) {
    const x = { ...Axes.covering([...measured.map(({ point }) => point.flopsPerByte), ...slopes.map((slope) => flat[0].rate / slope.rate)], true, 3), label: "FLOP per byte moved" };
    const top = largest(flat.map((roof) => roof.rate)), fastest = largest(slopes.map((slope) => slope.rate));
    const y = { ...Axes.covering([...measured.map(({ point }) => point.flopsPerSecond.low), ...flat.map((roof) => roof.rate), top * 1.3], true, 1.4), label: "FLOP/s" };
    const visible = (roof) => shown.has(roof.kind + (roof.level ?? ""));
    const clip = (rate) => Math.max(x.low, y.low / rate);
    return plot({
      label: `Roofline of ${machineClass}: ${measured.length} steps; arrow keys move between them`, x, y, height: width < 480 ? 360 : 600,
      lines: [
        ...flat.filter(visible).map((roof) => ({ name: roof.name, kind: roof.style, labelled: true, points: [[Math.max(x.low, roof.rate / fastest), roof.rate], [x.high, roof.rate]] })),
        ...slopes.filter(visible).map((roof) => ({ name: roof.name, kind: roof.style, labelled: true, labelAt: "start",
          points: [[clip(roof.rate), clip(roof.rate) * roof.rate], [top / roof.rate, top]] })),
      ],
      points: measured.map(({ row, point }) => ({
        x: point.flopsPerByte, y: Interval.middle(point.flopsPerSecond), low: point.flopsPerSecond.low, high: point.flopsPerSecond.high,
        name: row.id, kind: point.hasBf16 ? "bf16" : "", onFocus: () => panel.replaceChildren(...inspector(row, point).flat()),
        text: `${row.id}: ${decimal(point.flopsPerByte, 2)} FLOP per byte, ${Units.si(Interval.middle(point.flopsPerSecond), "FLOP/s")}, `
          + `${Units.percent(Interval.middle(point.utilization))} of its roof`,
      })),
    }, width);
  }
}
