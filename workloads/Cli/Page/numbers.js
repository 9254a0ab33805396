// Numbers as C# computes and writes them: the page derives the same texts, to the last digit.

/** Digits and decimal point of a value, rounded to `decimals`: 15 digits first, as .NET does, then half away from zero. */
function roundedDigits(value, decimals) {
  const [mantissa, exponent] = Math.abs(value).toExponential(14).split("e");
  const digits = mantissa.replace(".", "");
  let point = Number(exponent) + 1;
  const kept = point + decimals;
  if (kept < 0) return { digits: "", point: 0 };
  let rounded = digits.slice(0, kept);
  if (kept < digits.length && digits[kept] >= "5") {
    rounded = String(BigInt(rounded || "0") + 1n).padStart(kept, "0");
    if (rounded.length > kept) point++;
  }
  rounded = rounded.replace(/0+$/, "");
  return { digits: rounded, point: rounded ? point : 0 };
}

/** "0.##" and the like: at least `least` decimals and at most `most`. */
function decimal(value, most, least = 0) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  const { digits, point } = roundedDigits(value, most);
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, "0") : "0";
  const fraction = ((point < 0 ? "0".repeat(-point) : "") + digits.slice(Math.max(point, 0))).padEnd(least, "0");
  // .NET keeps the sign of what rounds to zero.
  return (value < 0 || Object.is(value, -0) ? "-" : "") + whole + (fraction ? `.${fraction}` : "");
}

/** "0.##e-0": the sign of a positive exponent is written only when asked for. */
function scientific(value, decimals, plus) {
  if (value === 0) return `0e${plus ? "+" : ""}0`;
  const exponent = Number(Math.abs(value).toExponential(14).split("e")[1]);
  let { digits, point } = roundedDigits(value, decimals - exponent);
  const fraction = digits.slice(1);
  const sign = point - 1 < 0 ? "-" : plus ? "+" : "";
  return `${value < 0 ? "-" : ""}${digits[0]}${fraction ? `.${fraction}` : ""}e${sign}${Math.abs(point - 1)}`;
}

/** The shortest text that reads back as the same double, in .NET's spelling: 0.5, 1E-05, 1.5E+15. */
function shortest(value) {
  const [mantissa, exponent] = value.toExponential().split("e");
  const power = Number(exponent);
  if (value === 0 || (power >= -4 && power < 15)) return Object.is(value, -0) ? "-0" : String(value);
  return `${mantissa}E${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

const thousands = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ",");

/** Numbers with units for readers: three significant digits. */
const Units = {
  prefixes: [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"], [1, ""], [1e-3, "m"], [1e-6, "µ"], [1e-9, "n"]],
  threeDigits: (value) => Math.abs(value) >= 99.95 ? decimal(value, 0) : Math.abs(value) >= 9.995 ? decimal(value, 1, 1) : decimal(value, 2, 2),
  si(value, unit = "") {
    if (value === 0) return `0 ${unit}`.trim();
    const [scale, prefix] = this.prefixes.find(([scale]) => Math.abs(value) >= scale) ?? this.prefixes.at(-1);
    return `${this.threeDigits(value / scale)} ${prefix}${unit}`.trim();
  },
  percent: (share) => `${decimal(100 * share, 1)} %`,
  ratio: (ratio) => `${decimal(ratio, 2, 2)}×`,
  seconds: (seconds) => seconds >= 1 ? `${decimal(seconds, 1)} s` : Units.si(seconds, "s"),
  binary: (bytes) => bytes >= 2 ** 30 ? `${decimal(bytes / 2 ** 30, 2)} GiB`
    : bytes >= 2 ** 20 ? `${decimal(bytes / 2 ** 20, 2)} MiB` : `${decimal(bytes / 2 ** 10, 2)} KiB`,
  score: (value) => value !== 0 && Math.abs(value) < 1e-3 ? scientific(value, 1, false) : decimal(value, 4),
};

const sum = (values) => values.reduce((total, value) => total + value, 0);
const mean = (values) => sum(values) / values.length;
const ascending = (values) => [...values].sort((a, b) => a - b);
const largest = (values) => values.reduce((most, value) => Math.max(most, value), -Infinity);
const smallest = (values) => values.reduce((least, value) => Math.min(least, value), Infinity);

/** roofline/Statistics.cs. */
const Statistics = {
  median(samples) {
    const sorted = ascending(samples);
    const half = Math.floor(sorted.length / 2);
    return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  },

  relativeSpread(samples) {
    const median = this.median(samples);
    return this.median(samples.map((sample) => Math.abs(sample - median))) / median;
  },

  medianInterval(samples, confidence) {
    const n = samples.length;
    let term = Math.pow(0.5, n), tail = 0, rank = 0;
    while (rank < n && tail + term <= (1 - confidence) / 2) {
      tail += term;
      term *= (n - rank) / (rank + 1);
      rank++;
    }
    if (rank === 0) return null;
    const sorted = ascending(samples);
    return Interval.of(sorted[rank - 1], sorted[n - rank]);
  },
};

/** An interval is { low, high }. */
const Interval = {
  of: (low, high) => ({ low, high }),
  middle: ({ low, high }) => (low + high) / 2,
  text: ({ low, high }) => `${decimal(low, 4)} to ${decimal(high, 4)}`,
  crosses: ({ low, high }, edge) => low <= edge && edge <= high && low < high,
  widened: ({ low, high }, factor) => ({ low: low / factor, high: high * factor }),
  divide: (value, { low, high }) => ({ low: value / high, high: value / low }),
  equal: (one, other) => one === other || (!!one && !!other && one.low === other.low && one.high === other.high),
};
