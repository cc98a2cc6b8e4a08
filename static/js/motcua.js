// Small helps at the keyboard. Every page works without this file.
(() => {
  "use strict";

  const typing = (element) =>
    element instanceof HTMLElement &&
    (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));

  function openDialog(id) {
    const dialog = document.getElementById(id);
    if (!dialog || typeof dialog.showModal !== "function") return false;
    if (!dialog.open) dialog.showModal();
    return true;
  }

  // Who switched letters off as shortcuts: before any shortcut hears of them, after the scanner.
  if (document.body.dataset.letterKeys === "off") {
    document.addEventListener(
      "keydown",
      (event) => {
        const modified = event.ctrlKey || event.altKey || event.metaKey;
        if (event.key.length === 1 && !modified && !typing(event.target)) event.stopImmediatePropagation();
      },
      true,
    );
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") {
      // Only menus close; a folded form with typed words in it stays as it is.
      const menu = document.querySelector("details.menu[open]");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    } else if (typing(event.target)) {
      return;
    } else if (event.key === "/") {
      const search = document.getElementById("tim-ho-so");
      if (search) {
        event.preventDefault();
        search.focus();
        search.select();
      }
    } else if (event.key === "?" && openDialog("tro-giup-ban-phim")) {
      event.preventDefault();
    }
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener && openDialog(opener.dataset.opens)) {
      event.preventDefault();
      opener.closest("details.menu")?.removeAttribute("open");
    }
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    const copier = event.target.closest("[data-copy]");
    if (copier) copy(copier);
  });

  async function copy(button) {
    const words = button.textContent;
    const done = await write(button.dataset.copy);
    button.textContent = done ? "Đã sao chép" : "Chưa sao chép được";
    setTimeout(() => (button.textContent = words), 2000);
  }

  // The clipboard interface exists only on https and localhost; an office network has neither.
  async function write(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const field = document.createElement("textarea");
      field.value = text;
      field.className = "visually-hidden";
      document.body.append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      return done;
    }
  }

  // A second press of "save" must not make a second dossier. The server refuses it too.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || "noGuard" in form.dataset) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    // After the browser has read the form: a disabled button would not send its name.
    if (event.submitter) setTimeout(() => (event.submitter.disabled = true));
  });

  // Who comes back with the back button, or stays (typed.js), finds the page as it was left: let
  // it be sent again.
  function letSendAgain() {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("button:disabled:not([data-off])")) {
        button.disabled = false;
      }
    }
  }
  for (const back of ["pageshow", "stayed"]) window.addEventListener(back, letSendAgain);

  for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;
  // A table wider than the screen is scrolled with the arrow keys too; others cost no Tab.
  for (const wrap of document.querySelectorAll(".table-wrap")) {
    if (wrap.scrollWidth > wrap.clientWidth) wrap.tabIndex = 0;
  }
  (
    document.querySelector(".error-summary") || document.querySelector("[data-focus]")
  )?.focus();
})();
