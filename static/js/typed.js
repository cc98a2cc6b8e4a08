// A form that was typed into asks before its page is left; Back from a page that refused it finds
// what was typed. Every page works without this file.
(() => {
  "use strict";

  const typed = new Set();
  let sent = null;

  // Forms of a few words (search, log-in) are left freely; ticks alone are soon set again.
  const watched = (form) =>
    form?.method === "post" && !form.matches("[role=search], [data-left-freely]");
  const words = (field) =>
    /^(TEXTAREA|INPUT)$/.test(field.tagName) && !/^(checkbox|radio|hidden|submit)$/.test(field.type);
  const changed = (field) =>
    words(field) && (field.type === "file" ? field.files.length : field.value !== field.defaultValue);
  // What an answer shows again, with errors or to be sent again, is not saved either.
  const unsaved = (form) =>
    form.matches("[data-unsaved]") || form.querySelector(".has-error, .is-invalid") !== null;
  const loses = (form) =>
    form !== sent && form.isConnected && !form.matches("[data-left-freely]") && (unsaved(form) || [...form.elements].some(changed));

  function ask(event) {
    if (![...typed].some(loses)) return;
    event.preventDefault();
    // Comes only to who stays: the button that was pressed to leave may be pressed again.
    setTimeout(() => window.dispatchEvent(new Event("stayed")));
  }

  function watch(form) {
    typed.add(form);
    window.addEventListener("beforeunload", ask);
  }

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!watched(form) || !words(event.target)) return;
    if (sent === form) sent = null;
    watch(form);
  });
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    sent = event.target;
    if (watched(sent)) keep(sent);
  });
  for (const back of ["pageshow", "stayed"]) {
    window.addEventListener(back, () => (sent = null));
  }
  for (const form of document.forms) if (watched(form) && unsaved(form)) watch(form);

  // What was sent is kept in this tab only while a page shows that it was refused: pages are not kept
  // by the browser, so that Back after a log-out shows nobody's data.
  const KEPT = "typed-words";
  const here = () => location.pathname + location.search;
  const isKept = (field) =>
    /^(TEXTAREA|INPUT|SELECT)$/.test(field.tagName) && !/^(hidden|submit|file|password)$/.test(field.type) && !("scan" in field.dataset);

  function keep(form) {
    if (form.querySelector("[type=password]")) return;
    const fields = [...form.elements].map((field) =>
      isKept(field) ? { name: field.name, value: field.value, checked: field.checked } : null,
    );
    const at = [...document.forms].indexOf(form);
    try {
      sessionStorage.setItem(KEPT, JSON.stringify({ address: here(), at, fields }));
    } catch {
      // No storage is allowed, or none is left: Back then finds an empty form.
    }
  }

  function giveBack({ address, at, fields }) {
    const form = document.forms[at];
    if (address !== here() || !form || !watched(form)) return;
    fields.forEach((kept, place) => {
      const field = form.elements[place];
      if (!kept || !field || field.name !== kept.name || !isKept(field)) return;
      if (/^(checkbox|radio)$/.test(field.type)) field.checked = kept.checked;
      else field.value = kept.value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  function find() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(KEPT));
      const isRefusal = document.querySelector(".error-summary") || [...document.forms].some(unsaved);
      if (!kept || isRefusal) return;
      const came = performance.getEntriesByType("navigation")[0]?.type;
      if (came === "back_forward") giveBack(kept);
      sessionStorage.removeItem(KEPT);
    } catch {
      // No storage is allowed.
    }
  }
  find();
})();
