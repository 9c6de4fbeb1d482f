// BLS12-381 with BigInt: fields, points of G1, hashing to G1 (RFC 9380) and the pairing.

import { A_ISO, B_ISO, P, R, X, X_DEN, X_NUM, Y_DEN, Y_NUM, Z_ISO } from "./bls_constants.js";
import { bigOf, join, utf8 } from "./bytes.js";
import { sha256 } from "./sha.js";

const mod = (value) => {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
};

export function power(base, exponent) {
  let result = 1n;
  for (let [b, e] = [base, exponent]; e; e >>= 1n, b = (b * b) % P) if (e & 1n) result = (result * b) % P;
  return result;
}

function inverse(value) {
  let [r0, r1, s0, s1] = [P, mod(value), 0n, 1n];
  while (r1) {
    const q = r0 / r1;
    [r0, r1, s0, s1] = [r1, r0 - q * r1, s1, s0 - q * s1];
  }
  return mod(s0);
}

/** A square root, or null. */
export function rootOf(value) {
  const found = power(value, (P + 1n) / 4n);
  return (found * found) % P === mod(value) ? found : null;
}

// ---- Fp2 = Fp[u] / (u² + 1): pairs

const add2 = ([a, b], [c, d]) => [mod(a + c), mod(b + d)];
const sub2 = ([a, b], [c, d]) => [mod(a - c), mod(b - d)];
const mul2 = ([a, b], [c, d]) => [mod(a * c - b * d), mod(a * d + b * c)];
const scale2 = ([a, b], n) => [(a * n) % P, (b * n) % P];
const negate2 = ([a, b]) => [mod(-a), mod(-b)];
const xi2 = ([a, b]) => [mod(a - b), mod(a + b)]; // times 1 + u
const inverse2 = ([a, b]) => {
  const norm = inverse(a * a + b * b);
  return [mod(a * norm), mod(-b * norm)];
};
const ZERO2 = [0n, 0n];

function power2(base, exponent) {
  let result = [1n, 0n];
  for (let [b, e] = [base, exponent]; e; e >>= 1n, b = mul2(b, b)) if (e & 1n) result = mul2(result, b);
  return result;
}

/** A square root in Fp2 (algorithm 9 of eprint 2012/685), or null. */
export function rootOf2(value) {
  const a = power2(value, (P - 3n) / 4n);
  const x = mul2(a, value);
  const alpha = mul2(a, x);
  const found = alpha[0] === P - 1n && alpha[1] === 0n ? mul2([0n, 1n], x) : mul2(power2(add2([1n, 0n], alpha), (P - 1n) / 2n), x);
  const [c, d] = mul2(found, found);
  return c === mod(value[0]) && d === mod(value[1]) ? found : null;
}

// ---- Fp12 = Fp2[w] / (w⁶ − (1 + u)): six coefficients

const ONE12 = [[1n, 0n], ZERO2, ZERO2, ZERO2, ZERO2, ZERO2];

/** The product; coefficients that are null in `g` are left out. */
function mul12(f, g) {
  const real = new Array(11).fill(0n);
  const imaginary = new Array(11).fill(0n);
  for (let j = 0; j < 6; j += 1) {
    if (!g[j]) continue;
    const [c, d] = g[j];
    for (let i = 0; i < 6; i += 1) {
      const [a, b] = f[i];
      real[i + j] += a * c - b * d;
      imaginary[i + j] += a * d + b * c;
    }
  }
  return [0, 1, 2, 3, 4, 5].map((n) => {
    if (n === 5) return [mod(real[5]), mod(imaginary[5])];
    const [a, b] = [real[n + 6], imaginary[n + 6]];
    return [mod(real[n] + a - b), mod(imaginary[n] + a + b)];
  });
}

const conjugate12 = (f) => f.map((c, n) => (n % 2 ? negate2(c) : c));

/** The inverse by the norm to Fp6 = Fp2[w²] and from there to Fp2. */
function inverse12(f) {
  const other = conjugate12(f);
  const norm = mul12(f, other);
  const [a, b, c] = [norm[0], norm[2], norm[4]];
  const x = sub2(mul2(a, a), xi2(mul2(b, c)));
  const y = sub2(xi2(mul2(c, c)), mul2(a, b));
  const z = sub2(mul2(b, b), mul2(a, c));
  const whole = inverse2(add2(mul2(a, x), xi2(add2(mul2(c, y), mul2(b, z)))));
  const back = [mul2(x, whole), null, mul2(y, whole), null, mul2(z, whole), null];
  return mul12(other, back);
}

function power12(base, exponent) {
  let result = ONE12;
  for (const bit of exponent.toString(2)) {
    result = mul12(result, result);
    if (bit === "1") result = mul12(result, base);
  }
  return result;
}

// ---- points of G1 and its isogenous curve: pairs of coordinates, null for infinity

function add(one, two, a = 0n) {
  if (!one || !two) return one ?? two;
  const [x1, y1] = one;
  const [x2, y2] = two;
  if (x1 === x2 && (y1 + y2) % P === 0n) return null;
  const slope = x1 === x2 ? mod((3n * x1 * x1 + a) * inverse(2n * y1)) : mod((y2 - y1) * inverse(x2 - x1));
  const x = mod(slope * slope - x1 - x2);
  return [x, mod(slope * (x1 - x) - y1)];
}

function times(point, factor) {
  let result = null;
  for (const bit of factor.toString(2)) {
    result = add(result, result);
    if (bit === "1") result = add(result, point);
  }
  return result;
}

export const negate = ([x, y]) => [x, mod(-y)];
export const inSubgroup = (point) => times(point, R) === null;

// ---- hashing to G1

function expanded(message, tag, length) {
  const suffix = join(utf8(tag), Uint8Array.of(tag.length));
  const first = sha256(join(new Uint8Array(64), message, Uint8Array.of(length >> 8, length & 255, 0), suffix));
  const blocks = [];
  let last = new Uint8Array(32);
  for (let n = 1; n <= length / 32; n += 1) {
    last = sha256(join(first.map((byte, i) => byte ^ last[i]), Uint8Array.of(n), suffix));
    blocks.push(last);
  }
  return join(...blocks);
}

/** RFC 9380, 6.6.2: the point of the isogenous curve for a field element. */
function mapped(u) {
  const zu = (Z_ISO * u * u) % P;
  const sum = mod(zu * zu + zu);
  let x = sum ? mod(-B_ISO * inverse(A_ISO) * (1n + inverse(sum))) : mod(B_ISO * inverse(Z_ISO * A_ISO));
  let y = rootOf(mod(x ** 3n + A_ISO * x + B_ISO));
  if (y === null) {
    x = (zu * x) % P;
    y = rootOf(mod(x ** 3n + A_ISO * x + B_ISO));
  }
  return [x, (y & 1n) === (u & 1n) ? y : P - y];
}

const valueAt = (coefficients, x) => coefficients.reduceRight((total, each) => (total * x + each) % P, 0n);

/** The point of G1 that a message hashes to under a domain separation tag. */
export function hashToG1(message, tag) {
  const data = expanded(message, tag, 128);
  const [one, two] = [0, 64].map((from) => mapped(bigOf(data.subarray(from, from + 64)) % P));
  const [x, y] = add(one, two, A_ISO);
  const onCurve = [
    (valueAt(X_NUM, x) * inverse(valueAt(X_DEN, x))) % P,
    (((y * valueAt(Y_NUM, x)) % P) * inverse(valueAt(Y_DEN, x))) % P,
  ];
  return times(onCurve, X + 1n);
}

// ---- the pairing

const THIRD = (P ** 4n - P ** 2n + 1n) / R;

/** The line through T and Q of the twist (the tangent where they are one), at P of G1, times w³; and T + Q. */
function step(T, Q, [xP, yP]) {
  const [x1, y1] = T;
  const [x2, y2] = Q;
  const tangent = T === Q;
  const slope = tangent
    ? mul2(scale2(mul2(x1, x1), 3n), inverse2(scale2(y1, 2n)))
    : mul2(sub2(y2, y1), inverse2(sub2(x2, x1)));
  const x = sub2(sub2(mul2(slope, slope), x1), x2);
  const line = [sub2(mul2(slope, x1), y1), null, scale2(negate2(slope), xP), [yP, 0n], null, null];
  return [line, [x, sub2(mul2(slope, sub2(x1, x)), y1)]];
}

function miller(point, twist) {
  let f = ONE12;
  let T = twist;
  for (const bit of X.toString(2).slice(1)) {
    let line;
    [line, T] = step(T, T, point);
    f = mul12(mul12(f, f), line);
    if (bit === "1") {
      [line, T] = step(T, twist, point);
      f = mul12(f, line);
    }
  }
  return f;
}

/** Whether e(P1, Q1) · e(P2, Q2) is one. */
export function pairToOne([P1, Q1], [P2, Q2]) {
  const f = mul12(miller(P1, Q1), miller(P2, Q2));
  const first = mul12(conjugate12(f), inverse12(f));
  const second = mul12(power12(first, P * P), first);
  return power12(second, THIRD).every(([a, b], n) => b === 0n && a === (n === 0 ? 1n : 0n));
}
