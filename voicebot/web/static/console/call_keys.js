// The keys of a call's page. Single letters can be switched off, and the browser remembers it (WCAG 2.2, 2.1.4).
"use strict";
(() => {
  const OFF = "call-letters-off";
  const LETTERS = { j: "back5", l: "on5", "[": "slower", "]": "faster", n: "doubt" };
  const ARROWS = { ArrowUp: "previous", ArrowDown: "next" };
  const letters = document.getElementById("letters");
  if (!letters || !window.call) return;

  letters.checked = window.localStorage.getItem(OFF) === null;
  letters.addEventListener("change", () => {
    if (letters.checked) window.localStorage.removeItem(OFF);
    else window.localStorage.setItem(OFF, "yes");
    window.say(letters.checked ? "Letters work as keys." : "Letters do not work as keys.");
  });

  const types = (element) => element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    const at = event.target;
    if (event.ctrlKey || event.altKey || event.metaKey || types(at)) return;
    let deed = null;
    if (event.key === " " && !at.closest("button, a, audio, summary, input")) deed = "toggle";
    else if (event.key in ARROWS && at.closest("#turns, #player") && !at.closest("audio")) deed = ARROWS[event.key];
    else if (letters.checked) deed = LETTERS[event.key.toLowerCase()] ?? null;
    if (!deed) return;
    event.preventDefault();
    window.call.do(deed);
  });
})();
