// Plots as SVG: axes, lines, bands and points that can be hovered over and reached by keyboard.

const Axes = {
  /** A scale from values to pixels, with the inverse of nothing: only what drawing needs. */
  scale({ low, high, log }, from, to) {
    const place = log ? Math.log10 : (value) => value;
    return (value) => from + (place(value) - place(low)) / (place(high) - place(low)) * (to - from);
  },

  covering(values, log, air = 1.15) {
    const usable = values.filter((value) => Number.isFinite(value) && (!log || value > 0));
    const [low, high] = usable.length ? [smallest(usable), largest(usable)] : [1, 10];
    if (log) return { low: low / air, high: high * air, log };
    const margin = (high - low || Math.abs(high) || 1) * (air - 1);
    return { low: low >= 0 && low < margin ? 0 : low - margin, high: high + margin, log };
  },

  /** Round values, at most so many. */
  ticks({ low, high, log }, most) {
    if (log) {
      const powers = [];
      for (let power = Math.ceil(Math.log10(low) - 1e-9); power <= Math.log10(high) + 1e-9; power++) powers.push(power);
      const every = Math.max(1, Math.ceil(powers.length / most));
      if (powers.length < 3)
        return [...Array(8).keys()].flatMap((i) => [1, 2, 5].map((step) => step * 10 ** (Math.floor(Math.log10(low)) + i)))
          .filter((tick) => tick >= low && tick <= high).slice(0, most);
      return powers.filter((_, index) => index % every === 0).map((power) => 10 ** power);
    }
    const rough = (high - low) / most, scale = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((each) => each * scale).find((each) => (high - low) / each <= most);
    return Array.from({ length: Math.floor(high / step) - Math.ceil(low / step) + 1 }, (_, i) => (Math.ceil(low / step) + i) * step);
  },

  /** "5.00 M" → "5 M". */
  round: (text) => text.replace(/(\.\d*?)0+(?= )/, "$1").replace(/\.(?= )/, ""),

  short(value) {
    if (Math.abs(value) < 1e-3 && value !== 0) return value.toExponential(0);
    return Math.abs(value) < 1000 ? decimal(value, 3) : this.round(Units.si(value));
  },
};

/**
 * spec: { label, x, y, lines, bands, points, height }. An axis is { low, high, log, label, ticks?: [{ at, text }] };
 * a line { name, points, kind, marked, show }; a point { x, y, low, high, name, text, kind, onFocus }.
 */
function plot(spec, width) {
  const height = spec.height ?? 260;
  const narrow = width < 480;
  const yTicks = spec.y.ticks ?? Axes.ticks(spec.y, 5).map((at) => ({ at, text: Axes.short(at) }));
  const xTicks = spec.x.ticks ?? Axes.ticks(spec.x, narrow ? 4 : 7).map((at) => ({ at, text: Axes.short(at) }));
  const left = 14 + 7.2 * largest(yTicks.map((tick) => tick.text.length)), right = width - 14, top = 26, bottom = height - 42;
  const x = Axes.scale(spec.x, left, right), y = Axes.scale(spec.y, bottom, top);
  const inside = (value) => Math.min(Math.max(value, Math.min(top, bottom)), Math.max(top, bottom));
  // Boxes that a label must not touch, and lines that get one.
  const taken = [], named = [];
  const root = s("svg", { class: "plot", width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": spec.label });

  for (const band of spec.bands ?? []) {
    const vertical = band.axis !== "y";
    const [one, other] = vertical ? [x(band.from), x(band.to)] : [inside(y(band.to)), inside(y(band.from))];
    root.append(vertical
      ? s("rect", { class: "band", x: one, y: top, width: Math.max(1, other - one), height: bottom - top })
      : s("rect", { class: "band", x: left, y: one, width: right - left, height: Math.max(1, other - one) }));
    if (band.name) label(vertical ? Math.min(one + 4, right - 6.3 * band.name.length) : left + 6, vertical ? top + 12 : one + 13, band.name, "note");
  }
  let lastEnd = -Infinity;
  for (const { at, text } of xTicks.filter((tick) => tick.at >= spec.x.low && tick.at <= spec.x.high)) {
    root.append(s("line", { class: "grid", x1: x(at), x2: x(at), y1: top, y2: bottom }));
    const half = 3.4 * text.length;
    if (x(at) - half < lastEnd + 6) continue;
    lastEnd = x(at) + half;
    root.append(s("text", { class: "tick", x: x(at), y: bottom + 16, "text-anchor": "middle" }, text));
  }
  for (const { at, text } of yTicks.filter((tick) => tick.at >= spec.y.low && tick.at <= spec.y.high)) {
    root.append(s("line", { class: "grid", x1: left, x2: right, y1: y(at), y2: y(at) }));
    root.append(s("text", { class: "tick", x: left - 6, y: y(at) + 4, "text-anchor": "end" }, text));
  }
  root.append(s("text", { class: "axis", x: (left + right) / 2, y: height - 6, "text-anchor": "middle" }, spec.x.label),
    s("text", { class: "axis", x: 2, y: 14 }, spec.y.label));

  for (const line of spec.lines ?? []) {
    const points = line.points.filter(([, value]) => Number.isFinite(value)).map(([at, value]) => [x(at), y(value)]);
    root.append(s("polyline", { class: `line ${line.kind}`, points: points.map((point) => point.map((each) => each.toFixed(1)).join()).join(" ") }));
    if (line.marked) for (const [cx, cy] of points) root.append(s("circle", { class: `mark ${line.kind}`, cx, cy, r: 2 }));
    points.slice(1).forEach((point, index) => avoid(points[index], point));
    if (line.labelled) named.push({ line, points });
  }

  const shapes = (spec.points ?? []).map((point) => shape(point));
  for (const { point, cx, cy } of shapes) {
    taken.push({ left: cx - 5, right: cx + 5, top: cy - 5, bottom: cy + 5 });
    if (point.low !== undefined) taken.push({ left: cx - 1, right: cx + 1, top: inside(y(point.high)), bottom: inside(y(point.low)) });
  }
  for (const { line, points } of named) {
    const length = 6.3 * line.name.length;
    const along = (line.labelAt === "start" ? [0, 0.2, 0.4, 0.6] : [1, 0.8, 0.6, 0.4, 0.2, 0]).map((share) => at(points, share));
    place(along.flatMap(([cx, cy]) => [[cx - length, cy - 6], [cx - length, cy + 15], [cx + 6, cy - 6], [cx + 8, cy + 15]]), line.name, "note");
  }
  for (const { point, group, cx, cy } of shapes) {
    root.append(group);
    const length = 6.3 * (point.name ?? "").length;
    if (point.name) {
      place([[cx + 8, cy + 4], [cx - 8 - length, cy + 4], [cx - length / 2, cy - 9], [cx - length / 2, cy + 17], [cx + 7, cy - 6], [cx + 7, cy + 15],
        [cx - 7 - length, cy - 6], [cx - 7 - length, cy + 15]], point.name, "name");
    }
  }
  roving(shapes.map(({ group }) => group));
  return root;

  function shape(point) {
    const [cx, cy] = [x(point.x), inside(y(point.y))];
    const group = s("g", { class: `point ${point.kind ?? ""}`, role: "img", "aria-label": point.text },
      s("title", null, point.text),
      point.low !== undefined && s("line", { class: "whisker", x1: cx, x2: cx, y1: inside(y(point.high)), y2: inside(y(point.low)) }),
      s("circle", { class: "target", cx, cy, r: 12 }),
      point.kind === "flag"
        ? s("path", { class: "dot", d: `M${cx} ${cy - 7}L${cx + 7} ${cy + 5}H${cx - 7}Z` })
        : s("circle", { class: "dot", cx, cy, r: 4.5 }));
    for (const event of ["focus", "mouseenter", "click"]) group.addEventListener(event, () => point.onFocus?.());
    return { point, group, cx, cy };
  }

  function avoid([x1, y1], [x2, y2]) {
    const pieces = Math.max(1, Math.ceil(Math.hypot(x2 - x1, y2 - y1) / 6));
    for (let piece = 0; piece <= pieces; piece++) {
      const [cx, cy] = [x1 + (x2 - x1) * piece / pieces, y1 + (y2 - y1) * piece / pieces];
      taken.push({ left: cx - 1, right: cx + 1, top: cy - 1, bottom: cy + 1 });
    }
  }

  /** Where a line is after this share of its points. */
  function at(points, share) {
    const place = share * (points.length - 1), from = points[Math.floor(place)], to = points[Math.ceil(place)];
    return from.map((value, index) => value + (to[index] - value) * (place % 1));
  }

  /** Writes a label at the first of these places where it touches nothing; nowhere, when all are taken. */
  function place(places, text, kind) {
    for (const [at, base] of places) {
      const box = { left: at - 2, right: at + 6.3 * text.length + 2, top: base - 11, bottom: base + 3 };
      const outside = box.left < left || box.right > right + 8 || box.top < top - 4 || box.bottom > bottom;
      if (outside || taken.some((other) => box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom)) continue;
      taken.push(box);
      return root.append(s("text", { class: kind, x: at, y: base, "aria-hidden": "true" }, text));
    }
  }

  function label(at, base, text, kind) {
    place([[at, base], [at, base + 14], [at, base + 28]], text, kind);
  }
}

/** Which line is which, in colour and dashes. */
const legend = (lines) => h("ul", { class: "legend" }, lines.map((line) => h("li", null,
  s("svg", { width: 26, height: 10, "aria-hidden": "true" }, s("line", { class: `line ${line.kind}`, x1: 1, x2: 25, y1: 5, y2: 5 })), line.name)));

/** A part's letter tells it from the others where colours do not. */
const letterOf = (index) => String.fromCharCode(97 + index % 26);

/** Bars of one length, each divided into parts. */
function bars(rows, partNames) {
  return h("div", { class: "bars" }, rows.map((row) => {
    const total = sum(row.parts.map((part) => part.value));
    const shown = row.parts.filter((part) => part.value > 0);
    const text = shown.map((part) => `${part.name} ${Units.percent(part.value / total)}`).join(", ");
    return h("div", { class: "bar-row" },
      h("span", { class: "bar-name" }, row.name), h("span", { class: "bar-total" }, row.total),
      h("div", { class: "bar", role: "img", "aria-label": `${row.name}, ${row.total}: ${text || "nothing"}`, title: text }, shown.map((part) => {
        const index = partNames.indexOf(part.name), share = part.value / total;
        const text = share > 0.2 ? `${letterOf(index)} ${Units.percent(share)}` : share > 0.05 ? letterOf(index) : "";
        const piece = h("span", { class: `part part-${index % 6}` }, text);
        piece.style.width = `${100 * share}%`;
        return piece;
      })));
  }));
}

const barLegend = (partNames) => h("ul", { class: "legend" }, partNames.map((name, index) =>
  h("li", null, h("span", { class: `swatch part part-${index % 6}` }, letterOf(index)), name)));

/** Every sample as a dot on one line, with the median: how they spread. */
function strip(samples, width = 240) {
  const axis = Axes.covering(samples, false, 1.05), x = Axes.scale(axis.low === axis.high ? { low: axis.low - 1, high: axis.high + 1 } : axis, 6, width - 6);
  const shown = samples.length <= 400 ? samples : samples.filter((_, index) => index % Math.ceil(samples.length / 400) === 0);
  const median = Statistics.median(samples);
  return s("svg", { class: "strip", width, height: 26, viewBox: `0 0 ${width} 26`, role: "img",
    "aria-label": `${samples.length} samples from ${Units.seconds(smallest(samples))} to ${Units.seconds(largest(samples))}, median ${Units.seconds(median)}` },
  s("line", { class: "grid", x1: 6, x2: width - 6, y1: 13, y2: 13 }),
  shown.map((sample) => s("circle", { class: "sample", cx: x(sample).toFixed(1), cy: 13, r: 2.5 })),
  s("line", { class: "median", x1: x(median), x2: x(median), y1: 3, y2: 23 }));
}
