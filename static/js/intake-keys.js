// The intake by keyboard: Enter goes to the next field, Ctrl+Enter does the act, F8 ticks what is
// demanded. The page works without this file.
(() => {
  "use strict";

  const form = document.querySelector("form[data-intake]");
  if (!form) return;
  const inSight = (element) =>
    element.offsetParent !== null && !element.disabled && !element.closest("details:not([open])");

  // The stops of Enter: every field in reading order, a group of radios once, no buttons.
  function stops() {
    return [...form.querySelectorAll("input:not([type=hidden]), select, textarea")].filter(
      (one) => inSight(one) && (one.type !== "radio" || one.checked),
    );
  }

  function goOn(from) {
    const all = stops();
    const here = from.type === "radio" ? form.querySelector(`[name="${from.name}"]:checked`) : from;
    const next = all[all.indexOf(here) + 1];
    (next || form.querySelector("button[value=register]")).focus();
    if (next?.matches("input:not([type=checkbox], [type=radio])")) next.select();
  }

  form.goOn = goOn; // from what a card filled in: intake-card.js

  // Keys

  form.addEventListener("keydown", (event) => {
    const { target } = event;
    if (event.defaultPrevented || event.isComposing || event.key !== "Enter") return;
    if (event.ctrlKey || event.metaKey) return;
    if (event.altKey || event.shiftKey || !target.matches("input, select")) return;
    event.preventDefault();
    goOn(target);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    event.preventDefault();
    const own = event.target.closest(".otherwise .panel")?.querySelector("button[name=act]");
    const confirm = form.querySelector("[role=alert] button");
    (own || confirm || form.querySelector("button[value=register]")).click();
  });

  const all = form.querySelector("[data-all-papers]");
  function tickAll() {
    for (const tick of form.querySelectorAll("[data-required]")) tick.checked = true;
    form.dispatchEvent(new Event("change"));
  }
  all?.addEventListener("click", tickAll);
  document.addEventListener("keydown", (event) => {
    if (event.code !== "F8" || !all || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    tickAll();
  });

  // What is opened gets the cursor.
  for (const fold of form.querySelectorAll("details")) {
    fold.querySelector("summary").addEventListener("click", () => {
      if (fold.open || fold.matches(".why")) return;
      setTimeout(() => {
        fold.querySelector("input:not([type=hidden]), select, textarea")?.focus();
      });
    });
  }
})();
