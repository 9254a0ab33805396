// SHA-256 of bytes, for browsers that give a page from a file no SubtleCrypto (FIPS 180-4).

const Sha256 = {
  /** The first 32 bits of the fractional parts of a root of the first primes. */
  constants(count, root) {
    const found = [];
    for (let candidate = 2; found.length < count; candidate++)
      if (!Array.from({ length: candidate - 2 }, (_, index) => index + 2).some((divisor) => candidate % divisor === 0))
        found.push((root(candidate) % 1) * 2 ** 32 | 0);
    return found;
  },

  own(bytes) {
    const turn = (word, by) => (word >>> by) | (word << (32 - by));
    const keys = (this.keys ??= this.constants(64, Math.cbrt));
    const state = [...(this.start ??= this.constants(8, Math.sqrt))];
    const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
    padded.set(bytes);
    padded[bytes.length] = 0x80;
    const view = new DataView(padded.buffer);
    view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29));
    view.setUint32(padded.length - 4, (bytes.length * 8) >>> 0);

    const schedule = new Int32Array(64);
    for (let block = 0; block < padded.length; block += 64) {
      for (let i = 0; i < 16; i++) schedule[i] = view.getInt32(block + 4 * i);
      for (let i = 16; i < 64; i++) {
        const [early, late] = [schedule[i - 15], schedule[i - 2]];
        const first = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
        const second = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10);
        schedule[i] = schedule[i - 16] + first + schedule[i - 7] + second;
      }
      let [a, b, c, d, e, f, g, h] = state;
      for (let i = 0; i < 64; i++) {
        const choice = (e & f) ^ (~e & g), majority = (a & b) ^ (a & c) ^ (b & c);
        const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + choice + keys[i] + schedule[i]) | 0;
        const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + majority) | 0;
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
      }
      [a, b, c, d, e, f, g, h].forEach((word, index) => { state[index] = (state[index] + word) | 0; });
    }
    return state.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  },

  /** In lower-case hexadecimal. */
  async of(data) {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    if (!globalThis.crypto?.subtle) return this.own(bytes);
    return [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  },
};
