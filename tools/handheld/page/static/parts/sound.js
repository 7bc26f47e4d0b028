// The buzzer, off until a person wants to hear it.

import { byId } from "./dom.js";
import { t } from "./words.js";

// Frequency in Hz and length in ms, one after the other.
const SOUNDS = {
  key: [[2400, 18]],
  ok: [
    [1760, 80],
    [2637, 130],
  ],
  error: [
    [330, 160],
    [262, 260],
  ],
};
const VOLUME = 0.06;

let audio = null;

/** Plays what the buzzer plays, if it may. */
export function play(name) {
  if (!audio) return;
  let at = audio.currentTime;
  for (const [hz, ms] of SOUNDS[name] ?? []) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.type = "square";
    tone.frequency.value = hz;
    volume.gain.value = VOLUME;
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    at += ms / 1000;
    tone.stop(at);
  }
}

/** The switch for it. */
export function listen() {
  const button = byId("sound");
  button.addEventListener("click", async () => {
    if (audio) {
      await audio.close();
      audio = null;
    } else {
      audio = new AudioContext();
    }
    button.setAttribute("aria-pressed", String(audio !== null));
    button.textContent = t(audio ? "sound_on" : "sound");
  });
}

/** Whether it is on: its word depends on it. */
export const isOn = () => audio !== null;
