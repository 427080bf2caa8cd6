// Skipping silence: while the sound plays, it jumps over stretches in which neither side is heard. The server tells where
// they are (peaks.json). Off until somebody wants it; the browser remembers that.
"use strict";
(async () => {
  const ON = "skip-silence";
  const box = document.getElementById("skip");
  const sound = document.getElementById("sound");
  if (!box || !sound) return;
  let silent = [];

  const hop = () => {
    if (!box.checked || sound.paused) return;
    const at = sound.currentTime * 1000;
    const here = silent.find(([from, to]) => from <= at && at < to);
    if (here) sound.currentTime = here[1] / 1000;
  };
  const watch = () => {
    hop();
    if (!sound.paused) window.requestAnimationFrame(watch);
  };

  box.checked = window.localStorage.getItem(ON) !== null;
  box.addEventListener("change", () => {
    if (box.checked) window.localStorage.setItem(ON, "yes");
    else window.localStorage.removeItem(ON);
    window.say(box.checked ? "Silence is skipped." : "Silence is played.");
  });
  sound.addEventListener("play", () => window.requestAnimationFrame(watch));
  const peaks = await window.callPeaks;
  if (!peaks) return;
  silent = peaks.silent;
  const all = Math.round(silent.reduce((sum, [from, to]) => sum + to - from, 0) / 1000);
  document.getElementById("skip-length").textContent = all ? `(${all} s)` : "(none)";
  box.dataset.ready = "yes";
})();
