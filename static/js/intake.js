// The intake made quicker. The page works without this file.
(() => {
  "use strict";

  async function piece(address) {
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" } });
      return answer.ok && !answer.redirected ? await answer.text() : null;
    } catch {
      return null; // no network: the page itself still saves, or says that it cannot
    }
  }

  const form = document.querySelector("form[data-intake]");
  if (!form) return;

  // The slip on the right follows what is typed.

  for (const place of document.querySelectorAll("[data-mirrors]")) {
    const input = document.getElementById(place.dataset.mirrors);
    const mirror = () => (place.textContent = input.value);
    input.addEventListener("input", mirror);
    mirror();
  }

  const count = document.querySelector("[data-counts-papers]");
  const inLabel = document.querySelector("[data-given]");
  const ticks = () => [...form.querySelectorAll("[type=checkbox][name^=paper-]")];
  function countPapers() {
    const others = [...form.querySelectorAll("[name=other-name]")].filter((one) => one.value.trim());
    const given = ticks().filter((tick) => tick.checked).length + others.length;
    count.textContent = `${given} loại đã nhận`;
    const listed = ticks();
    inLabel.textContent = `đã nhận ${given} / ${Math.max(listed.length, given)}`;
  }
  form.addEventListener("change", countPapers);
  countPapers();

  // The promise follows the moment of receipt, and the clock when the page is looked at again.

  const promise = document.querySelector("[data-promise]");
  const moment = document.getElementById("id_received_at");
  const solver = document.getElementById("id_solver");
  async function promiseAgain() {
    const address = new URL(form.dataset.due, location.href);
    address.searchParams.set("thu-tuc", form.dataset.key);
    address.searchParams.set("luc", moment.value);
    if (solver) address.searchParams.set("cho", solver.value);
    const open = promise.querySelector("details")?.open;
    const html = await piece(address);
    if (html === null) return;
    promise.innerHTML = html;
    const foot = document.querySelector("[data-due-foot]");
    if (foot) foot.textContent = promise.querySelector(".due-large")?.textContent ?? "";
    if (open) promise.querySelector("details")?.setAttribute("open", "");
  }
  moment.addEventListener("change", promiseAgain);
  solver?.addEventListener("change", promiseAgain);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") promiseAgain();
  });

  // A known ID number fills what is still empty.

  const number = document.getElementById("id_applicant_id");
  const told = form.querySelector("[data-told]");
  let asked = number.value;
  // Fills what is empty, and of what is not only the fields named in `over`.
  function fillKnown(known, over = []) {
    const filled = [];
    for (const [name, value] of Object.entries(known.fields)) {
      if (name === "applicant_kind") {
        for (const radio of form.elements[name]) radio.checked = radio.value === value;
      } else if (value && (!form.elements[name].value || over.includes(name))) {
        form.elements[name].value = value;
        form.elements[name].dispatchEvent(new Event("input", { bubbles: true }));
        filled.push(name);
      }
    }
    asked = number.value;
    form.dispatchEvent(new CustomEvent("recalled", { detail: filled }));
  }
  form.fillKnown = fillKnown; // somebody chosen from a list: intake-people.js
  async function fillApplicant() {
    if (number.value === asked) return;
    asked = number.value;
    told.textContent = "";
    if (number.value.replace(/\D/g, "").length < 4) return;
    const kind = document.getElementById("id_applicant_id_kind").value;
    const body = new URLSearchParams({ applicant_id: number.value, applicant_id_kind: kind });
    let known;
    try {
      const answer = await fetch(form.dataset.applicant, {
        method: "POST",
        headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
        body,
      });
      known = await answer.json();
    } catch {
      return;
    }
    if (!known.found || number.value !== asked) return;
    fillKnown(known);
    told.textContent = known.told;
  }
  number.addEventListener("change", fillApplicant);
  form.fillApplicant = fillApplicant; // a card fills the number too: intake-card.js

  // One more line for other papers as soon as the last one is used.

  const others = form.querySelector("[data-others]");
  others.addEventListener("input", () => {
    const last = others.lastElementChild;
    if (!last.querySelector("[name=other-name]").value) return;
    const line = last.cloneNode(true);
    const place = others.children.length + 1;
    for (const input of line.querySelectorAll("input")) input.value = input.type === "number" ? 1 : "";
    line.querySelector("label").htmlFor = `khac-${place}`;
    line.querySelector("label").textContent = `Tên giấy tờ khác, dòng ${place}`;
    line.querySelector("[name=other-name]").id = `khac-${place}`;
    // What was wrong with the line before is not wrong with this one.
    for (const words of line.querySelectorAll(".errorlist")) words.remove();
    for (const field of line.querySelectorAll("input, select")) {
      field.classList.remove("is-invalid");
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
      const label = field.getAttribute("aria-label");
      if (label) field.setAttribute("aria-label", label.replace(/\d+$/, place));
    }
    others.append(line);
  });

  // Where to send the result matters only by post.

  const byPost = form.querySelector("[data-with-return]");
  function showReturn() {
    const chosen = form.querySelector("[name=return_method]:checked")?.value;
    byPost.hidden = chosen !== byPost.dataset.withReturn;
  }
  form.addEventListener("change", showReturn);
  showReturn();

  // The folded line says what is chosen in it.

  form.addEventListener("change", ({ target }) => {
    const place = form.querySelector(`[data-says="${target.name}"]`);
    if (place) place.textContent = target.labels && target.type === "radio" ? target.labels[0].textContent.trim() : target.value;
  });

  // Form 02 begins with what is missing.

  const otherwise = form.querySelector("[data-missing-into]");
  const items = document.getElementById(otherwise.dataset.missingInto);
  const missing = () => ticks()
    .filter((tick) => tick.dataset.required && !tick.checked)
    .map((tick) => tick.dataset.required)
    .join("\n");
  const lines = (text) => text.trim().replace(/\r\n/g, "\n");
  // What a person wrote stays; what was filled in follows the ticks.
  let filledIn = lines(items.value) === missing() ? missing() : "";
  function fillItems() {
    if (!otherwise.open || lines(items.value) !== filledIn) return;
    items.value = filledIn = missing();
  }
  otherwise.addEventListener("toggle", fillItems);
  form.addEventListener("change", fillItems);
})();
