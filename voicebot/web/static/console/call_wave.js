// The waveform of a call: two lanes from loudness worked out by the server, prompts and gaps shaded. A picture of
// the sound only: everything it can do, the buttons and words beside it can do, too.
"use strict";
(() => {
  const player = document.getElementById("player");
  if (!player) return;
  // Asked for once; call_silence.js waits for the same answer. Without it there is sound, and no picture.
  window.callPeaks = fetch(player.dataset.peaks).then((answer) => (answer.ok ? answer.json() : null), () => null);
  if (!window.WaveSurfer) return;
  const color = (name) => window.getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const shade = (regions, peaks) => {
    const add = (start, end, name) => regions.addRegion({ start, end, color: color(name), drag: false, resize: false });
    document.querySelectorAll('#turns [data-kind="prompt"], #turns [data-kind="fault"]').forEach((turn) => {
      const from = Number(turn.dataset.from) / 1000;
      const to = Number(turn.dataset.to) / 1000;
      if (turn.dataset.kind === "fault") add(from, from, "--bad");
      else add(from, to, "--prompt");
    });
    let at = 0;
    for (const [from, to] of [...peaks.recorded, [peaks.seconds * 1000, peaks.seconds * 1000]]) {
      if (from > at) add(at / 1000, from / 1000, "--gap");
      at = Math.max(at, to);
    }
  };

  const draw = async () => {
    const peaks = await window.callPeaks;
    if (!peaks) return;
    const lane = { waveColor: color("--wave"), progressColor: color("--wave-played"), height: 48 };
    const regions = window.WaveSurfer.Regions.create();
    const wave = window.WaveSurfer.create({
      container: "#wave",
      media: document.getElementById("sound"),
      peaks: [peaks.caller, peaks.line],
      duration: peaks.seconds,
      splitChannels: [lane, lane],
      normalize: true,
      cursorColor: color("--ink"),
      dragToSeek: true,
      cspNonce: player.dataset.nonce,
      plugins: [regions],
    });
    wave.on("interaction", (seconds) => window.call?.goTo(seconds, false));
    wave.on("ready", () => { shade(regions, peaks); player.dataset.drawn = "yes"; });
  };
  draw();
})();
