// Comfort on top of pages that work without it: copy buttons, countdowns by the server's clock, the present place in a menu, one sending of a form.
"use strict";

(() => {
  function setUpCopying() {
    if (!navigator.clipboard) return;
    for (const button of document.querySelectorAll("button.copy[data-copy]")) {
      button.hidden = false;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(button.dataset.copy);
        if (button.classList.contains("copied")) return;
        const before = [...button.childNodes];
        button.replaceChildren(button.dataset.done);
        button.classList.add("copied");
        setTimeout(() => {
          button.replaceChildren(...before);
          button.classList.remove("copied");
        }, 1600);
      });
    }
  }

  function write(rest, seconds, units) {
    const parts = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
    const line = document.createElement("span");
    line.className = "countdown-live";
    parts.forEach((value, index) => {
      if (index === 0 && value === 0) return;
      const digits = document.createElement("b");
      digits.textContent = index === 0 ? String(value) : String(value).padStart(2, "0");
      const unit = document.createElement("span");
      unit.textContent = units[index];
      line.append(digits, unit);
    });
    rest.replaceChildren(line);
  }

  function setUpCountdowns() {
    for (const block of document.querySelectorAll(".countdown[data-until]")) {
      const ahead = Date.parse(block.dataset.now) - Date.now();
      const until = Date.parse(block.dataset.until);
      const units = block.dataset.units.split("|");
      const rest = block.querySelector(".countdown-rest");
      const tick = () => {
        const seconds = Math.ceil((until - Date.now() - ahead) / 1000);
        if (seconds > 0) {
          write(rest, seconds, units);
          setTimeout(tick, 1000 - ((Date.now() + ahead) % 1000));
        } else {
          rest.textContent = block.dataset.done;
        }
      };
      tick();
    }
  }

  function setUpForms() {
    for (const form of document.querySelectorAll("form[method=post]")) {
      form.addEventListener("submit", (event) => {
        if (form.dataset.sent) {
          event.preventDefault();
          return;
        }
        form.dataset.sent = "yes";
        setTimeout(() => delete form.dataset.sent, 8000);
      });
    }
  }

  function showPlaceInMenu() {
    for (const here of document.querySelectorAll(".menu [aria-current], .rail [aria-current]")) {
      const strip = here.closest(".menu ul, .rail");
      if (strip.scrollWidth > strip.clientWidth) strip.scrollLeft = here.offsetLeft - (strip.clientWidth - here.offsetWidth) / 2;
    }
  }

  function keepLooking() {
    const part = document.querySelector("[data-poll]");
    if (!part) return;
    setTimeout(async () => {
      try {
        const answer = await fetch(part.dataset.poll, { headers: { Accept: "text/html" } });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.querySelector("[data-poll]");
        if (!fresh) {
          location.reload();
          return;
        }
        part.replaceChildren(...fresh.childNodes);
      } catch {
        // no network for a moment: look again
      }
      keepLooking();
    }, 1500);
  }

  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
  showPlaceInMenu();
  setUpCopying();
  setUpCountdowns();
  setUpForms();
  keepLooking();
})();
