// Ed25519 of RFC 8032: verification alone, with public keys of small order and S not below L refused.

import { join, hex, unhex } from "./bytes.js";
import { sha512 } from "./sha.js";

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (value) => {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
};

function power(base, exponent) {
  let result = 1n;
  for (let [b, e] = [base, exponent]; e; e >>= 1n, b = (b * b) % P) if (e & 1n) result = (result * b) % P;
  return result;
}

const D = mod(-121665n * power(121666n, P - 2n));
const ROOT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n);
const NEUTRAL = [0n, 1n, 1n, 0n];

const little = (data) => BigInt(`0x0${hex(Uint8Array.from(data).reverse())}`);

function recovered(y, odd) {
  if (y >= P) return null;
  const u = mod(y * y - 1n);
  const v = mod(D * y * y + 1n);
  let x = (u * power(v, 3n) * power(u * power(v, 7n) % P, (P - 5n) / 8n)) % P;
  if (mod(v * x * x) !== u) x = (x * ROOT_OF_MINUS_ONE) % P;
  if (mod(v * x * x) !== u || (x === 0n && odd)) return null;
  if ((x & 1n) !== odd) x = P - x;
  return [x, y, 1n, (x * y) % P];
}

function decoded(data) {
  const value = little(data);
  return recovered(value & ((1n << 255n) - 1n), value >> 255n);
}

function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = ((y1 - x1) * (y2 - x2)) % P;
  const b = ((y1 + x1) * (y2 + x2)) % P;
  const c = (2n * D * t1 * t2) % P;
  const d = (2n * z1 * z2) % P;
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function double([x, y, z]) {
  const a = x * x;
  const b = y * y;
  const c = 2n * z * z;
  const h = mod(a + b);
  const e = mod(h - (x + y) * (x + y));
  const g = mod(a - b);
  const f = mod(c + g);
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

/** a·B + b·Q with one ladder. */
function sum(a, B, b, Q) {
  const both = add(B, Q);
  let result = NEUTRAL;
  for (let bit = 252n; bit >= 0n; bit -= 1n) {
    result = double(result);
    const [one, two] = [(a >> bit) & 1n, (b >> bit) & 1n];
    if (one && two) result = add(result, both);
    else if (one) result = add(result, B);
    else if (two) result = add(result, Q);
  }
  return result;
}

const BASE = recovered((4n * power(5n, P - 2n)) % P, 0n);

function encoded([x, y, z]) {
  const inverse = power(z, P - 2n);
  const value = ((y * inverse) % P) | ((((x * inverse) % P) & 1n) << 255n);
  return value.toString(16).padStart(64, "0").match(/../g).reverse().join("");
}

const isSmall = (point) => {
  const [x, y, z] = double(double(double(point)));
  return x === 0n && y === z;
};

const known = new Map();

/** Whether a signature (hex) over bytes is of a public key (hex). */
export function isSigned(key, message, signature) {
  const name = `${key}${signature}${hex(sha512(message))}`;
  if (!known.has(name)) known.set(name, check(unhex(key), message, unhex(signature)));
  return known.get(name);
}

function check(key, message, signature) {
  const A = decoded(key);
  const S = little(signature.subarray(32));
  if (!A || isSmall(A) || S >= L) return false;
  const h = little(sha512(join(signature.subarray(0, 32), key, message))) % L;
  const minus = [mod(-A[0]), A[1], A[2], mod(-A[3])];
  return encoded(sum(S, BASE, h, minus)) === hex(signature.subarray(0, 32));
}
