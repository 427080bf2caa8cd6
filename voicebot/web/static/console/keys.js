// Keys of single characters: an element says by data-key which one presses it, or leads to it if it is a field. They can
// be switched off, and the browser remembers it (WCAG 2.2, 2.1.4). What a page does with other keys is its own matter.
"use strict";
(() => {
  const OFF = "letters-off";
  const TYPED_INTO = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";
  const box = document.getElementById("letters");
  const store = window.localStorage;

  // Whether a key that was pressed is for the page: not for a field, not part of a chord.
  const isForThePage = (event) => !event.ctrlKey && !event.altKey && !event.metaKey && !event.target.closest(TYPED_INTO);
  const isLetter = (event) => event.key.length === 1 && store.getItem(OFF) === null && isForThePage(event);
  window.keys = { isForThePage, isLetter };

  // Of several with the same key the next one after the keyboard's place, and after the last one the first.
  const pressedBy = (key) => {
    const found = [...document.querySelectorAll("[data-key]")].filter((one) => one.dataset.key === key && one.checkVisibility());
    const focused = document.activeElement;
    const here = focused && focused !== document.body ? focused : document.querySelector(":target");
    const next = here && found.find((one) => here.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING && !here.contains(one));
    return next ?? found[0];
  };

  document.addEventListener("keydown", (event) => {
    if (!isLetter(event) || event.key === " ") return;
    const found = pressedBy(event.key.toLowerCase());
    if (!found) return;
    event.preventDefault();
    if (found.matches("input:not([type=checkbox]), summary")) found.focus();
    if (found.matches(TYPED_INTO)) found.select?.();
    else found.click();
  });

  if (!box) return;
  box.checked = store.getItem(OFF) === null;
  box.addEventListener("change", () => {
    if (box.checked) store.removeItem(OFF);
    else store.setItem(OFF, "yes");
    window.say(box.checked ? "Single characters work as keys." : "Single characters do not work as keys.");
  });
})();
