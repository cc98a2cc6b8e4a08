// A scanner works wherever the focus is: it types fast and ends with Enter. On what takes no text its
// keys are held back for a moment, so that none of them is taken for a shortcut; what a hand has
// typed is then given out as it was. In a field they are let through, and at the Enter of a scan
// the field is put back as it was. No form is sent and nothing is ticked by a scan's own keys.
(() => {
  "use strict";

  const SLOWER = slower(); // a wireless scanner, or an old computer
  const PAUSE = 80 * SLOWER; // ms; scanners leave 20 between two keys, a hand more than 100
  const BETWEEN = 35 * SLOWER; // ms between two keys of a scan in a field; a computer may stall once
  const HAND = 80; // ms between two keys: no hand types many of them faster, however slow the scanner
  const MOST_STALLS = 0.2; // of all keys
  const SHORTEST = 8; // characters of a code
  const WITHOUT_TEXT = /^(button|checkbox|color|file|image|radio|range|reset|submit)$/;
  const UNKNOWN = "\uFFFD"; // a key that an input method took
  let held = [];
  let timer;
  let burst = null;

  // How many times slower than usual the scanner of this computer is, as its keeper has set it in
  // the browser; nobody else knows.
  function slower() {
    try {
      return Number(localStorage.getItem("may-quet-cham")) || 1;
    } catch {
      return 1; // no storage is allowed
    }
  }

  const takesText = (element) =>
    element instanceof HTMLElement &&
    (element.isContentEditable ||
      /^(TEXTAREA|SELECT)$/.test(element.tagName) ||
      (element.tagName === "INPUT" && !WITHOUT_TEXT.test(element.type)));
  const given = new WeakSet();

  function keep(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }

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

  // A code that came without its Enter is no shortcut either.
  function rest() {
    const isQuick = held.every(({ timeStamp }, at) => !at || timeStamp - held[at - 1].timeStamp <= HAND);
    if (held.length > 3 && isQuick) held = [];
    giveOut();
  }

  // What was scanned

  function kindOf(text) {
    if (text.split("|").length > 2) return "card";
    return /^\S*-\d{6}-\d+\S*$/.test(text) || /^\S*\?(\S*&)?ma=\S+$/i.test(text) ? "code" : "";
  }

  // The text is posted and does not stay on the page.
  function search(text) {
    const form = document.querySelector("form.bar-search");
    if (!form) return;
    const field = form.querySelector("[name=q]");
    field.value = text;
    form.requestSubmit();
    setTimeout(() => (field.value = ""));
  }

  // A page that does something of its own with a scan prevents the search.
  function deliver(text, target) {
    const detail = { text, kind: kindOf(text), search: () => search(text) };
    const scanned = new CustomEvent("scanned", { detail, bubbles: true, cancelable: true });
    if (target.dispatchEvent(scanned)) search(text);
  }

  // In a field

  function begin(target) {
    const isSelect = target.tagName === "SELECT";
    return {
      target,
      keys: [],
      stalls: 0,
      value: isSelect ? target.selectedIndex : target.value,
      start: isSelect ? null : target.selectionStart,
      end: isSelect ? null : target.selectionEnd,
    };
  }

  // An input method may have written other letters than those of the keys; a field may have cut them.
  function textOf({ target, keys, value, start, end }) {
    const typed = keys.join("");
    if (start === null || start === undefined) return typed;
    const written = target.value.slice(start, target.value.length - (value.length - end));
    return written.length >= typed.length || typed.includes(UNKNOWN) ? written : typed;
  }

  function putBack({ target, value, start, end }) {
    const tell = (name) => target.dispatchEvent(new Event(name, { bubbles: true }));
    if (target.tagName === "SELECT") {
      if (target.selectedIndex === value) return;
      target.selectedIndex = value;
      tell("input");
      tell("change");
      return;
    }
    target.value = value;
    if (typeof start === "number") target.setSelectionRange(start, end);
    tell("input");
  }

  // Numbers and words may be meant for the field; the Enter behind a number sends no form, though.
  function staysInField(text, { form, type, dataset }) {
    if (kindOf(text)) return false;
    const searches = type === "search" || "scan" in dataset || !form || form.matches("[role=search], [data-intake]");
    return searches || /\s/.test(text) || !/\d/.test(text) ? "sent" : "kept";
  }

  function follow(event) {
    const { target, key, timeStamp } = event;
    if (key === "Shift" || key === "CapsLock") return;
    const isNext = burst && burst.target === target;
    if (key === "Enter" && !event.isComposing && isNext && timeStamp - burst.last <= PAUSE) {
      const done = burst;
      burst = null;
      const text = textOf(done);
      if (text.length < SHORTEST || done.stalls > MOST_STALLS * text.length) return;
      const stays = staysInField(text, target);
      if (stays === "sent") return;
      keep(event);
      if (stays) return;
      putBack(done);
      deliver(text, target);
      return;
    }
    const isLetter = key.length === 1 || /^(Process|Unidentified|Dead)$/.test(key);
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || !(isLetter || key === "Backspace")) {
      burst = null;
      return;
    }
    const goesOn = isNext && timeStamp - burst.last <= PAUSE;
    const isQuick = goesOn && timeStamp - burst.last <= BETWEEN;
    if (!goesOn) burst = begin(target);
    else if (!isQuick) burst.stalls += 1;
    burst.last = timeStamp;
    if (key === "Backspace") burst.keys.pop(); // an input method that writes a letter anew
    else burst.keys.push(key.length === 1 ? key : UNKNOWN);
    if (isQuick && target.tagName === "SELECT") keep(event);
  }

  // Letters that come without a key of their own belong to it.
  document.addEventListener(
    "input",
    ({ target, timeStamp }) => {
      if (burst?.target === target && timeStamp - burst.last <= PAUSE) burst.last = timeStamp;
    },
    true,
  );

  // Elsewhere

  document.addEventListener(
    "keydown",
    (event) => {
      if (given.has(event)) return;
      if (takesText(event.target)) {
        giveOut();
        if (!event.target.isContentEditable) follow(event);
        return;
      }
      burst = null;
      if (event.isComposing) return;
      if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return giveOut();
      if (event.key === "Shift" || event.key === "CapsLock") return;
      if (event.key === "Enter") {
        const text = held.map(({ key }) => key).join("").replace(/^\//, "");
        if (text.length < SHORTEST) return giveOut();
        clearTimeout(timer);
        held = [];
        keep(event);
        return deliver(text, event.target);
      }
      if (event.key === "Backspace" && held.length) {
        held.pop(); // an input method that writes a letter anew
      } else if (event.key.length === 1 && (event.key !== " " || held.length)) {
        const { key, code, shiftKey, target, timeStamp } = event;
        held.push({ key, code, shiftKey, target, timeStamp });
      } else {
        return giveOut();
      }
      keep(event);
      clearTimeout(timer);
      timer = setTimeout(rest, PAUSE);
    },
    true,
  );
  // Some browsers press a button when Space is let go, whatever became of its pressing.
  document.addEventListener(
    "keyup",
    (event) => {
      if (event.key === " " && held.some(({ key }) => key === " ")) keep(event);
    },
    true,
  );
})();
