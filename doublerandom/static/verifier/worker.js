// The verifier in a thread of its own: the page stays alive, and what it was given never leaves the device.

import { verifyArchive } from "./verify.js";

const EVERY = 200; // milliseconds between two words to the page
let told = 0;

self.onmessage = async ({ data: { archive, options } }) => {
  const report = (number) => self.postMessage({ check: number });
  const tick = async (done) => {
    if (performance.now() - told < EVERY) return;
    told = performance.now();
    self.postMessage({ done });
  };
  self.postMessage({ report: await verifyArchive(new Uint8Array(archive), options, report, tick) });
};
self.postMessage({ ready: true });
