// The acts at the side of a dossier open in their place, with the cursor in the first field; the
// form is that of the act's own page, sent to that page's address. Without this file they are links.
(() => {
  "use strict";

  const LINKED = ["for", "aria-describedby", "aria-labelledby", "aria-controls", "list", "form"];
  const acts = [];

  function asDetails(link, number) {
    const details = document.createElement("details");
    details.className = link.className;
    details.dataset.address = link.href;
    const summary = document.createElement("summary");
    const words = document.createElement("span");
    words.textContent = link.textContent.trim();
    summary.append(words);
    if (number <= 9) {
      const key = document.createElement("kbd");
      key.textContent = number;
      key.setAttribute("aria-hidden", "true");
      summary.setAttribute("aria-keyshortcuts", number);
      summary.append(key);
    }
    const body = document.createElement("div");
    body.className = "act-body act-form";
    details.append(summary, body);
    details.addEventListener("toggle", () => details.open && opened(details, body));
    link.replaceWith(details);
    acts.push(details);
  }

  async function opened(details, body) {
    for (const other of acts) if (other !== details) other.open = false;
    if (!body.childElementCount && !(await fetched(details, body))) {
      location.assign(details.dataset.address);
      return;
    }
    if (details.open) first(body)?.focus();
  }

  async function fetched(details, body) {
    try {
      const answer = await fetch(details.dataset.address, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.querySelector(".act-form");
      if (!found || answer.redirected) return false;
      const form = found.querySelector("form");
      if (form) form.setAttribute("action", details.dataset.address);
      found.querySelector("form > .acts a")?.remove();
      ownIds(found, `viec-${acts.indexOf(details) + 1}-`);
      if (!body.childElementCount) body.append(...found.childNodes);
      return true;
    } catch {
      return false;
    }
  }

  // Several forms stand on one page: each field has an id of its own.
  function ownIds(part, prefix) {
    const own = (words) => words.split(" ").map((word) => prefix + word).join(" ");
    for (const element of part.querySelectorAll("*")) {
      if (element.id) element.id = own(element.id);
      for (const name of LINKED) {
        const words = element.getAttribute(name);
        if (words) element.setAttribute(name, own(words));
      }
      const anchor = element.getAttribute("href");
      if (anchor?.startsWith("#")) element.setAttribute("href", `#${prefix}${anchor.slice(1)}`);
    }
  }

  function first(body) {
    const fields = [...body.querySelectorAll("input:not([type=hidden]), select, textarea, button")];
    const shown = fields.filter((field) => field.checkVisibility?.() ?? field.offsetParent);
    const field = shown[0];
    const chosen = field?.type === "radio" && shown.find((one) => one.name === field.name && one.checked);
    return chosen || field;
  }

  const typing = (element) => /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);
  const openAct = () => acts.find((details) => details.open);

  function close(details) {
    details.open = false;
    details.querySelector("summary").focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey || event.isComposing) return;
    const act = openAct();
    if (event.ctrlKey) {
      if (event.code === "Enter" && act?.contains(event.target)) {
        event.preventDefault();
        const form = act.querySelector("form");
        form?.requestSubmit(form.querySelector("button.btn-primary, button.btn-danger"));
      }
      return;
    }
    if (event.code === "Escape") {
      if (act && (act.contains(event.target) || event.target === document.body)) close(act);
      return;
    }
    if (typing(event.target) || event.repeat || event.shiftKey) return;
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
    const details = digit && acts[digit[1] - 1];
    if (details) details.open = true; // of a hand: scanner.js keeps what a scanner types
  });

  document.querySelectorAll("a[data-act]").forEach((link, index) => asDetails(link, index + 1));
})();
