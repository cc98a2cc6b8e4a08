// A scanner works wherever the cursor is: it types fast and ends with Enter. Where no field has the
// focus its keys are held back for a moment, so that none of them is taken for a shortcut; what a
// hand has typed is then given out as it was. In a field nothing is touched.
(() => {
  "use strict";

  const PAUSE = 80; // ms; slow scanners leave 20 between two keys, a hand leaves more than 100
  const SHORTEST = 8; // characters of a code
  let held = [];
  let timer;

  const taken = (element) =>
    element instanceof HTMLElement &&
    (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));
  const given = new WeakSet();

  // The events go on to whoever listens for shortcuts.
  function giveOut() {
    clearTimeout(timer);
    const keys = held;
    held = [];
    for (const { key, code, shiftKey, target } of keys) {
      const again = new KeyboardEvent("keydown", { key, code, shiftKey, bubbles: true, cancelable: true });
      given.add(again);
      (target.isConnected ? target : document.body).dispatchEvent(again);
    }
  }

  // The field of this page for scans, or else the search of the bar; the text is posted and does
  // not stay on the page.
  function open(text) {
    const own = document.querySelector("[data-scan]");
    const form = own ? own.form : document.querySelector("form.bar-search");
    if (!form) return;
    const field = own || form.querySelector("[name=q]");
    field.value = text;
    form.requestSubmit();
    if (!own) setTimeout(() => (field.value = ""));
  }

  document.addEventListener(
    "keydown",
    (event) => {
      if (given.has(event) || event.isComposing) return;
      if (taken(event.target) || document.querySelector("dialog[open]")) return giveOut();
      if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return giveOut();
      if (event.key === "Shift" || event.key === "CapsLock") return;
      if (event.key === "Enter") {
        const text = held.map(({ key }) => key).join("").replace(/^\//, "");
        if (text.length < SHORTEST) return giveOut();
        clearTimeout(timer);
        held = [];
        event.preventDefault();
        event.stopImmediatePropagation();
        return open(text);
      }
      if (event.key === "Backspace" && held.length) {
        held.pop(); // an input method that writes a letter anew
      } else if (event.key.length === 1 && (event.key !== " " || held.length)) {
        const { key, code, shiftKey, target } = event;
        held.push({ key, code, shiftKey, target });
      } else {
        return giveOut();
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      clearTimeout(timer);
      timer = setTimeout(giveOut, PAUSE);
    },
    true,
  );
})();
