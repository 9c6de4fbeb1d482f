// Dice one digit at a time: keyboard or on-screen keys, the last digit large, the last one can be mended. Without this file the page has one field for all digits.
"use strict";

(() => {
  const LARGEST = 10;

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function setUp(box) {
    const count = Number(box.dataset.dice);
    const sides = Number(box.dataset.sides);
    if (sides > LARGEST) return;
    const field = box.querySelector("input");
    const send = box.closest("form").querySelector("button[type=submit]");
    const rolls = [...field.value].filter((digit) => digit >= "0" && digit < String(sides === LARGEST ? ":" : sides)).slice(0, count);

    const left = element("div", "dice-shown");
    const last = element("p", "dice-last");
    const progress = element("p", "dice-progress");
    progress.setAttribute("role", "status");
    const row = element("p", "rolls");
    left.append(last, progress, row);

    const keypad = element("div", "keypad");
    keypad.setAttribute("role", "group");
    keypad.setAttribute("aria-label", box.dataset.keys);
    const keys = [];
    for (const digit of [1, 2, 3, 4, 5, 6, 7, 8, 9, 0].filter((one) => one < sides)) {
      const key = element("button", "btn btn-second", String(digit));
      key.type = "button";
      key.addEventListener("click", () => add(String(digit)));
      keys.push(key);
      keypad.append(key);
    }
    const back = element("button", "btn btn-second keypad-back", box.dataset.back);
    back.type = "button";
    back.addEventListener("click", takeBack);
    keypad.append(back);

    const live = element("div", "dice-live");
    live.append(left, keypad);
    box.querySelector("label").hidden = true;
    field.type = "hidden";
    box.append(live);

    function add(digit) {
      if (rolls.length >= count) return;
      rolls.push(digit);
      show();
      if (rolls.length === count) send.focus();
    }

    function takeBack() {
      rolls.pop();
      show();
    }

    function show() {
      field.value = rolls.join("");
      last.textContent = rolls.length ? rolls[rolls.length - 1] : "–";
      progress.textContent = box.dataset.progress.replace("{done}", rolls.length).replace("{all}", count);
      row.replaceChildren();
      for (let start = 0; start < count; start += 10) {
        const group = element("span");
        const typed = rolls.slice(start, start + 10).join("");
        const open = Math.min(count - start, 10) - typed.length;
        group.append(typed, element("span", "place", "·".repeat(open)));
        row.append(group, " ");
      }
      const full = rolls.length === count;
      send.disabled = !full;
      back.disabled = rolls.length === 0;
      for (const key of keys) key.disabled = full;
    }

    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input:not([type=hidden]), textarea, select")) return;
      if (/^[0-9]$/.test(event.key) && Number(event.key) < sides) {
        add(event.key);
        event.preventDefault();
      } else if (event.key === "Backspace") {
        takeBack();
        event.preventDefault();
      }
    });
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) location.reload();
    });
    show();
  }

  document.querySelectorAll("[data-dice]").forEach(setUp);
})();
