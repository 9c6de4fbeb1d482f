// A party's secrets at level C: made here by the browser's own generator, kept as a file, never sent before the
// plan is logged. SHA-256 is written out (FIPS 180-4): pages over plain http have no crypto.subtle.
"use strict";

(() => {
  const PURPOSES = ["subject", "inspector"];

  function firstPrimes(count) {
    const found = [];
    for (let n = 2; found.length < count; n += 1) if (found.every((prime) => n % prime !== 0)) found.push(n);
    return found;
  }

  const fraction = (value) => Math.floor((value - Math.floor(value)) * 4294967296) | 0;
  const PRIMES = firstPrimes(64);
  const START = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
  const ROUNDS = PRIMES.map((prime) => fraction(Math.cbrt(prime)));
  const turned = (word, by) => (word >>> by) | (word << (32 - by));

  function padded(bytes) {
    const length = ((bytes.length + 8) >> 6) * 64 + 64;
    const whole = new Uint8Array(length);
    whole.set(bytes);
    whole[bytes.length] = 0x80;
    new DataView(whole.buffer).setUint32(length - 4, bytes.length * 8);
    return new DataView(whole.buffer);
  }

  function schedule(view, offset) {
    const words = new Int32Array(64);
    for (let n = 0; n < 16; n += 1) words[n] = view.getInt32(offset + 4 * n);
    for (let n = 16; n < 64; n += 1) {
      const early = words[n - 15];
      const late = words[n - 2];
      const s0 = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
      const s1 = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
      words[n] = words[n - 16] + s0 + words[n - 7] + s1;
    }
    return words;
  }

  function sha256(text) {
    const view = padded(new TextEncoder().encode(text));
    const state = Int32Array.from(START);
    for (let offset = 0; offset < view.byteLength; offset += 64) {
      const words = schedule(view, offset);
      let [a, b, c, d, e, f, g, h] = state;
      for (let n = 0; n < 64; n += 1) {
        const s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
        const one = (h + s1 + ((e & f) ^ (~e & g)) + ROUNDS[n] + words[n]) | 0;
        const s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
        const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
      }
      [a, b, c, d, e, f, g, h].forEach((word, n) => { state[n] += word; });
    }
    return [...state].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }

  function freshSecret() {
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  const page = document.getElementById("party");
  if (!page) return;
  const told = page.dataset;
  const commitment = (purpose, secret) => sha256(["dr1", "secret", told.issuer, told.draw, purpose, told.party, secret].join("|"));
  const find = (name, purpose) => page.querySelector(`[data-${name}="${purpose}"]`);

  function setUpMaking() {
    const make = document.getElementById("party-make");
    if (!make) return;
    const save = document.getElementById("party-save");
    const kept = document.getElementById("party-kept");
    const form = kept.closest("form");
    kept.required = true;
    make.addEventListener("click", () => {
      const file = { kind: "doublerandom-party-secrets", issuer: told.issuer, draw: told.draw, party: told.party, body: told.body, secrets: {}, commitments: {} };
      for (const purpose of PURPOSES) {
        file.secrets[purpose] = freshSecret();
        file.commitments[purpose] = commitment(purpose, file.secrets[purpose]);
        find("shown", purpose).textContent = file.secrets[purpose];
        find("commitment", purpose).value = file.commitments[purpose];
        find("commitment", purpose).readOnly = true;
      }
      if (save.href) URL.revokeObjectURL(save.href);
      save.href = URL.createObjectURL(new Blob([`${JSON.stringify(file, null, 1)}\n`], { type: "application/json" }));
      save.download = `doublerandom-${told.draw}-${told.party}.json`;
      save.hidden = false;
      kept.checked = false;
      document.getElementById("party-shown").hidden = false;
    });
    window.addEventListener("beforeunload", (event) => {
      if (save.href && !save.dataset.saved && !form.dataset.sent) event.preventDefault();
    });
    save.addEventListener("click", () => { save.dataset.saved = "yes"; });
  }

  function check(purpose) {
    const field = find("secret", purpose);
    const typed = field.value.normalize("NFKC").replace(/\s/g, "").toLowerCase();
    const state = find("state", purpose);
    if (!typed) state.textContent = "";
    else if (!/^[0-9a-f]{64}$/.test(typed)) state.textContent = told.shape;
    else state.textContent = commitment(purpose, typed) === told[`committed${purpose[0].toUpperCase()}${purpose.slice(1)}`] ? told.good : told.bad;
  }

  function setUpHandingIn() {
    const input = document.getElementById("party-file");
    if (!input) return;
    for (const purpose of PURPOSES) find("secret", purpose).addEventListener("input", () => check(purpose));
    input.addEventListener("change", async () => {
      const state = document.getElementById("party-file-state");
      state.textContent = "";
      if (!input.files[0]) return;
      let file = null;
      try {
        file = JSON.parse(await input.files[0].text());
      } catch {
        file = null;
      }
      if (!file || file.draw !== told.draw || file.party !== told.party || !file.secrets) {
        state.textContent = told.wrongFile;
        return;
      }
      for (const purpose of PURPOSES) {
        find("secret", purpose).value = String(file.secrets[purpose] || "");
        check(purpose);
      }
    });
  }

  for (const part of page.querySelectorAll("[data-needs-script]")) part.hidden = false;
  setUpMaking();
  setUpHandingIn();
})();
