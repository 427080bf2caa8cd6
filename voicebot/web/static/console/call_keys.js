// The keys of a call's page that no button has: Space plays, the arrows go from turn to turn, brackets change the speed.
"use strict";
(() => {
  const BRACKETS = { "[": "slower", "]": "faster" };
  const ARROWS = { ArrowUp: "previous", ArrowDown: "next" };
  if (!window.call) return;

  document.addEventListener("keydown", (event) => {
    const at = event.target;
    if (!window.keys.isForThePage(event)) return;
    let deed = null;
    if (event.key === " " && !at.closest("button, a, audio, summary, input")) deed = "toggle";
    else if (event.key in ARROWS && at.closest("#turns, #player") && !at.closest("audio")) deed = ARROWS[event.key];
    else if (window.keys.isLetter(event)) deed = BRACKETS[event.key] ?? null;
    if (!deed) return;
    event.preventDefault();
    window.call.do(deed);
  });
})();
