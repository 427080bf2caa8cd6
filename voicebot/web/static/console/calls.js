// The list of calls: ticks all calls of the page at once. Without it each is ticked by hand.
"use strict";

{
  const all = document.getElementById("choose-all");
  const each = document.querySelectorAll("input[form=chosen][name=call]");
  if (all) {
    all.hidden = false;
    all.addEventListener("change", (event) => {
      for (const box of each) box.checked = event.target.checked;
    });
  }
}
