// A form that was typed into asks before its page is left. Every page works without this file.
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
    if (!event.defaultPrevented) sent = event.target;
  });
  for (const back of ["pageshow", "stayed"]) {
    window.addEventListener(back, () => (sent = null));
  }
  for (const form of document.forms) if (watched(form) && unsaved(form)) watch(form);
})();
