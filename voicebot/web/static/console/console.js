// What every page of the console shares: telling what was saved, and staying where the keyboard was. No page's own logic.
"use strict";

// Say something to everybody, also to those who do not see it: window.say("Saved").
window.say = (text) => {
  const said = document.getElementById("said");
  said.textContent = "";
  window.setTimeout(() => { said.textContent = text; }, 50);
};

// A server's answer to htmx may carry it: HX-Trigger: {"say": "Saved"}.
document.addEventListener("say", (event) => window.say(event.detail.value ?? event.detail));
