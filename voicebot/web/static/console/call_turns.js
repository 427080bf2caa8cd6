// The turns of a call follow its sound: the turn and the word that play are lit, words and times can be gone to, and the
// answers beside are those of the chosen moment. Works without sound, too. Draws no waveform and knows no keys.
"use strict";
(() => {
  const list = document.getElementById("turns");
  if (!list) return;
  const sound = document.getElementById("sound");
  const turns = [...list.children];
  const begin = (element) => Number(element.dataset.from) / 1000;
  const end = (element) => Number(element.dataset.to) / 1000;
  const begins = turns.map(begin);
  const ends = turns.map(end);
  let chosen = -1;
  let lit = null;

  // A prompt's words lie in its time by their letters, as the caller's do; they are only told apart once it plays.
  const wordsOf = (turn) => {
    const said = turn.querySelector(".utterance");
    if (turn.dataset.kind === "prompt" && said && !said.querySelector(".word")) {
      const words = said.textContent.trim().split(/\s+/);
      const letters = words.reduce((sum, word) => sum + word.length + 1, 0);
      let at = Number(turn.dataset.from);
      const each = (Number(turn.dataset.to) - at) / letters;
      said.replaceChildren(...words.flatMap((text) => {
        const word = document.createElement("span");
        word.className = "word";
        word.textContent = text;
        word.dataset.from = at;
        at += (text.length + 1) * each;
        word.dataset.to = at;
        return [word, " "];
      }));
    }
    return [...turn.querySelectorAll(".word")];
  };

  const answersAt = (index) => {
    const panel = document.getElementById("answers");
    if (!panel) return;
    const noted = {};
    turns.slice(0, index + 1).forEach((turn) => Object.assign(noted, JSON.parse(turn.dataset.noted ?? "{}")));
    for (const row of panel.children) {
      const answer = noted[row.dataset.question];
      row.classList.toggle("open", answer === undefined);
      row.querySelector("dd").textContent = answer === undefined ? "not yet" : answer || "taken back";
    }
    document.getElementById("answers-at").textContent = `at ${turns[index].querySelector(".at").textContent}`;
  };

  // One word alone is in the order of the tab key; the arrows go on from there.
  let stop = null;
  const stopAt = (word) => {
    if (!word) return;
    stop?.setAttribute("tabindex", "-1");
    word.setAttribute("tabindex", "0");
    stop = word;
  };

  const choose = (index, follow) => {
    if (index < 0 || index >= turns.length || index === chosen) return;
    turns[chosen]?.removeAttribute("aria-current");
    chosen = index;
    turns[index].setAttribute("aria-current", "true");
    stopAt(turns[index].querySelector("button.word"));
    answersAt(index);
    if (follow) turns[index].scrollIntoView({ block: "nearest" });
  };

  const turnAt = (seconds) => {
    let found = 0;
    begins.forEach((from, index) => { if (from <= seconds + 0.05 && from >= begins[found]) found = index; });
    return found;
  };

  const light = (seconds) => {
    lit?.classList.remove("lit");
    lit = null;
    const playing = begins.findLastIndex((from, index) => from <= seconds && seconds < ends[index]);
    if (playing < 0) return;
    lit = wordsOf(turns[playing]).find((word) => begin(word) <= seconds && seconds < end(word)) ?? null;
    lit?.classList.add("lit");
  };

  // Pausing before the sound has begun makes the browser refuse the playing; that is no fault.
  const start = () => sound.play().catch(() => undefined);

  const goTo = (seconds, play) => {
    choose(turnAt(seconds), true);
    if (!sound) return;
    sound.currentTime = seconds;
    light(seconds);
    if (play) start();
  };

  const follow = () => {
    choose(turnAt(sound.currentTime), true);
    light(sound.currentTime);
    if (!sound.paused) window.requestAnimationFrame(follow);
  };

  const step = (by) => {
    const next = Math.min(turns.length - 1, Math.max(0, chosen + by));
    choose(next, true);
    if (sound) { sound.currentTime = begin(turns[next]); light(sound.currentTime); }
  };

  const nextDoubt = () => {
    const doubtful = turns.filter((turn) => turn.classList.contains("doubtful"));
    const next = doubtful.find((turn) => turns.indexOf(turn) > chosen) ?? doubtful[0];
    if (!next) { window.say("Nothing in this call was in doubt."); return; }
    goTo(begin(next), false);
    choose(turns.indexOf(next), true);
    (next.querySelector("button.word") ?? next.querySelector(".at")).focus();
  };

  const hop = (by) => { if (sound) goTo(Math.max(0, sound.currentTime + by), false); };

  const speed = document.getElementById("speed");
  const faster = (by) => {
    if (!speed) return;
    speed.selectedIndex = Math.min(speed.length - 1, Math.max(0, speed.selectedIndex + by));
    sound.playbackRate = Number(speed.value);
    window.say(`Speed ${speed.value}`);
  };

  const toggle = () => { if (sound) { if (sound.paused) start(); else sound.pause(); } };

  const fromAddress = () => {
    const moment = /^#t=([0-9]+(?:\.[0-9]+)?)$/.exec(window.location.hash);
    if (moment) goTo(Number(moment[1]), false);
  };

  const deeds = {
    back5: () => hop(-5), on5: () => hop(5), previous: () => step(-1), next: () => step(1), doubt: nextDoubt,
    slower: () => faster(-1), faster: () => faster(1), toggle,
  };
  window.call = { do: (name) => deeds[name](), goTo };

  document.addEventListener("click", (event) => {
    const deed = event.target.closest("[data-do]");
    if (deed) { deeds[deed.dataset.do](); return; }
    const word = event.target.closest(".word");
    if (word) { goTo(begin(word), true); return; }
    const link = event.target.closest('a[href^="#t="]');
    if (link && link.getAttribute("href") === window.location.hash) fromAddress();  // the same moment once more
  });
  list.addEventListener("keydown", (event) => {
    const word = event.target.closest("button.word");
    if (!word || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
    const every = [...list.querySelectorAll("button.word")];
    const next = every[every.indexOf(word) + (event.key === "ArrowRight" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    choose(turns.indexOf(next.closest("li")), true);
    stopAt(next);
    next.focus();
  });
  window.addEventListener("hashchange", fromAddress);
  if (sound) {
    sound.addEventListener("play", () => window.requestAnimationFrame(follow));
    sound.addEventListener("seeked", () => { choose(turnAt(sound.currentTime), true); light(sound.currentTime); });
    speed.addEventListener("change", () => { sound.playbackRate = Number(speed.value); });
  }
  stopAt(list.querySelector("button.word"));
  fromAddress();
})();
