// SHA-256, HMAC-SHA-256 and SHA-512 (FIPS 180-4, RFC 2104) without any library: pages on plain http have no SubtleCrypto.

// the constants are the first bits of square and cube roots of the first primes: computed, not copied
const PRIMES = [];
for (let n = 2; PRIMES.length < 80; n += 1) if (PRIMES.every((prime) => n % prime)) PRIMES.push(n);

function root(value, degree) {
  let low = 0n;
  let high = 1n << 80n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** degree <= value) low = middle;
    else high = middle;
  }
  return low;
}

const bits64 = (prime, degree) => root(BigInt(prime) << (64n * degree), degree) & 0xffffffffffffffffn;
const START = PRIMES.slice(0, 8).map((prime) => bits64(prime, 2n));
const ROUNDS = PRIMES.map((prime) => bits64(prime, 3n));
const high32 = (word) => Number(word >> 32n) | 0;
const low32 = (word) => Number(word & 0xffffffffn) | 0;

const K256 = Int32Array.from(ROUNDS.slice(0, 64), high32);
const H256 = Int32Array.from(START, high32);
const KH = Int32Array.from(ROUNDS, high32);
const KL = Int32Array.from(ROUNDS, low32);
const W = new Int32Array(64);

function block256(state, data, at) {
  for (let i = 0, p = at; i < 16; i += 1, p += 4) W[i] = (data[p] << 24) | (data[p + 1] << 16) | (data[p + 2] << 8) | data[p + 3];
  for (let i = 16; i < 64; i += 1) {
    const x = W[i - 15];
    const y = W[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    W[i] = (W[i - 16] + s0 + W[i - 7] + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const one = (h + s1 + ((e & f) ^ (~e & g)) + K256[i] + W[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

/** Digest of `data` where `before` bytes (whole blocks) are in `start` already. */
function finish256(start, data, before) {
  const state = Int32Array.from(start);
  const whole = data.length & ~63;
  for (let at = 0; at < whole; at += 64) block256(state, data, at);
  const rest = data.length - whole;
  const tail = new Uint8Array(rest < 56 ? 64 : 128);
  tail.set(data.subarray(whole));
  tail[rest] = 0x80;
  const length = (data.length + before) * 8;
  const view = new DataView(tail.buffer);
  view.setUint32(tail.length - 8, Math.floor(length / 0x100000000));
  view.setUint32(tail.length - 4, length >>> 0);
  for (let at = 0; at < tail.length; at += 64) block256(state, tail, at);
  const digest = new Uint8Array(32);
  const out = new DataView(digest.buffer);
  for (let i = 0; i < 8; i += 1) out.setInt32(i * 4, state[i]);
  return digest;
}

/** The 32 bytes of SHA-256 over bytes. */
export const sha256 = (data) => finish256(H256, data, 0);

/** A function that gives the 32 bytes of HMAC-SHA-256 under a key of at most 64 bytes. */
export function hmac256(key) {
  const states = [0x36, 0x5c].map((pad) => {
    const block = new Uint8Array(64).fill(pad);
    key.forEach((byte, i) => {
      block[i] ^= byte;
    });
    const state = Int32Array.from(H256);
    block256(state, block, 0);
    return state;
  });
  return (data) => finish256(states[1], finish256(states[0], data, 64), 64);
}

/** The 64 bytes of SHA-512 over bytes. */
export function sha512(data) {
  const padded = new Uint8Array(Math.ceil((data.length + 17) / 128) * 128);
  padded.set(data);
  padded[data.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 4, (data.length * 8) >>> 0);
  view.setUint32(padded.length - 8, Math.floor((data.length * 8) / 0x100000000));
  const hi = Int32Array.from(START, high32);
  const lo = Int32Array.from(START, low32);
  for (let at = 0; at < padded.length; at += 128) block512(hi, lo, view, at);
  const digest = new Uint8Array(64);
  const out = new DataView(digest.buffer);
  for (let i = 0; i < 8; i += 1) {
    out.setInt32(i * 8, hi[i]);
    out.setInt32(i * 8 + 4, lo[i]);
  }
  return digest;
}

const WH = new Int32Array(80);
const WL = new Int32Array(80);

/** Words of 64 bits are pairs of 32; `turn` is the high half of a rotation to the right (swap for the low half). */
const turn = (h, l, by) => (by < 32 ? (h >>> by) | (l << (32 - by)) : (l >>> (by - 32)) | (h << (64 - by)));
const carry = (sum) => Math.floor(sum / 0x100000000);

function block512(hi, lo, view, at) {
  for (let i = 0; i < 16; i += 1) {
    WH[i] = view.getInt32(at + i * 8);
    WL[i] = view.getInt32(at + i * 8 + 4);
  }
  for (let i = 16; i < 80; i += 1) {
    const [xh, xl, yh, yl] = [WH[i - 15], WL[i - 15], WH[i - 2], WL[i - 2]];
    const s0h = turn(xh, xl, 1) ^ turn(xh, xl, 8) ^ (xh >>> 7);
    const s0l = turn(xl, xh, 1) ^ turn(xl, xh, 8) ^ ((xl >>> 7) | (xh << 25));
    const s1h = turn(yh, yl, 19) ^ turn(yh, yl, 61) ^ (yh >>> 6);
    const s1l = turn(yl, yh, 19) ^ turn(yl, yh, 61) ^ ((yl >>> 6) | (yh << 26));
    const low = (WL[i - 16] >>> 0) + (s0l >>> 0) + (WL[i - 7] >>> 0) + (s1l >>> 0);
    WL[i] = low | 0;
    WH[i] = (WH[i - 16] + s0h + WH[i - 7] + s1h + carry(low)) | 0;
  }
  const h = Int32Array.from(hi);
  const l = Int32Array.from(lo);
  for (let i = 0; i < 80; i += 1) {
    const [eh, el, ah, al] = [h[4], l[4], h[0], l[0]];
    const s1h = turn(eh, el, 14) ^ turn(eh, el, 18) ^ turn(eh, el, 41);
    const s1l = turn(el, eh, 14) ^ turn(el, eh, 18) ^ turn(el, eh, 41);
    const chl = (el & l[5]) ^ (~el & l[6]);
    const low = (l[7] >>> 0) + (s1l >>> 0) + (chl >>> 0) + (KL[i] >>> 0) + (WL[i] >>> 0);
    const oneh = (h[7] + s1h + ((eh & h[5]) ^ (~eh & h[6])) + KH[i] + WH[i] + carry(low)) | 0;
    const s0h = turn(ah, al, 28) ^ turn(ah, al, 34) ^ turn(ah, al, 39);
    const s0l = turn(al, ah, 28) ^ turn(al, ah, 34) ^ turn(al, ah, 39);
    const maj = (al & l[1]) ^ (al & l[2]) ^ (l[1] & l[2]);
    const two = (s0l >>> 0) + (maj >>> 0);
    const twoh = (s0h + ((ah & h[1]) ^ (ah & h[2]) ^ (h[1] & h[2])) + carry(two)) | 0;
    h.copyWithin(1, 0, 7);
    l.copyWithin(1, 0, 7);
    const e = (l[4] >>> 0) + (low >>> 0);
    l[4] = e | 0;
    h[4] = (h[4] + oneh + carry(e)) | 0;
    const a = (low >>> 0) + ((two | 0) >>> 0);
    l[0] = a | 0;
    h[0] = (oneh + twoh + carry(a)) | 0;
  }
  for (let i = 0; i < 8; i += 1) {
    const low = (lo[i] >>> 0) + (l[i] >>> 0);
    lo[i] = low | 0;
    hi[i] = (hi[i] + h[i] + carry(low)) | 0;
  }
}
