// Who was here before is offered while a telephone or a name is typed: arrow down, Enter. Nothing is
// filled in unasked. Without this file a button of the form asks.
(() => {
  "use strict";

  const form = document.querySelector("form[data-people-at]");
  if (!form) return;
  const PAUSE = 500; // ms after the last letter of a name: who is shown was looked at
  const place = form.querySelector("[data-people]");
  const told = form.querySelector("[data-told]");
  const field = (name) => form.elements[name];
  const hits = () => [...place.querySelectorAll("[data-like]")];
  let timer, asked = "", anchor = null;

  function close() {
    clearTimeout(timer);
    place.replaceChildren();
    anchor = null;
  }

  async function post(address, body) {
    try {
      const answer = await fetch(address, {
        method: "POST",
        headers: { "X-CSRFToken": field("csrfmiddlewaretoken").value },
        body: new URLSearchParams(body),
      });
      return answer.ok && !answer.redirected ? answer : null;
    } catch {
      return null; // no network: it is typed by hand
    }
  }

  // Who is known by the number already needs no list.
  function isWanted(input) {
    const value = input.value.trim();
    if (input === field("phone")) {
      const isEmpty = !field("applicant_name").value || !field("address").value;
      return isEmpty && value.replace(/\D/g, "").length >= 10;
    }
    return !field("applicant_id").value && /\p{L}.*\s\p{L}/u.test(value);
  }

  async function ask(input) {
    clearTimeout(timer);
    const key = `${input.name}=${input.value.trim()}`;
    if (!isWanted(input) || key === asked) return;
    asked = key;
    const answer = await post(form.dataset.peopleAt, { [input.name]: input.value });
    const html = answer ? await answer.text() : "";
    const at = document.activeElement;
    // What was asked is old by now, or the hand is beyond the line under which the list opens.
    const isNear = at.closest(".field-row") === field("applicant_name").closest(".field-row");
    if (key !== asked || !isNear) return;
    place.innerHTML = html;
    for (const element of place.querySelectorAll("[data-needs-script]")) element.hidden = false;
    for (const hit of hits()) hit.tabIndex = -1;
    anchor = hits().length ? at : null;
    // On a telephone it may lie below the screen.
    if (anchor) place.firstElementChild.scrollIntoView({ block: "nearest" });
  }
  form.askPeople = ask; // what was typed into the field for scans: intake-card.js

  async function take(hit) {
    const answer = await post(form.dataset.applicant, { like: hit.dataset.like });
    const known = answer ? await answer.json() : { found: false };
    const back = anchor;
    close();
    if (!known.found) return back?.focus();
    form.fillKnown(known, ["applicant_name"]);
    asked = `applicant_name=${field("applicant_name").value.trim()}`;
    told.textContent = known.told;
    const names = ["applicant_id", "applicant_name", "phone", "address"];
    const empty = names.map(field).find((one) => !one.value);
    if (empty) empty.focus();
    else form.goOn(field("address"));
  }

  for (const name of ["phone", "applicant_name"]) {
    const input = field(name);
    input.addEventListener("input", (event) => {
      if (!event.isTrusted) return; // filled in by a card or by this list
      close();
      timer = setTimeout(() => ask(input), name === "phone" ? 0 : PAUSE);
    });
  }
  form.addEventListener("focusin", ({ target }) => {
    if (anchor && target !== anchor && !place.contains(target)) close();
  });
  place.addEventListener("click", (event) => {
    const hit = event.target.closest("[data-like]");
    if (!hit) return;
    event.preventDefault();
    take(hit);
  });
  form.addEventListener("keydown", (event) => {
    const all = hits();
    if (!all.length || event.isComposing) return;
    const { target } = event;
    const at = all.indexOf(target);
    if (event.key === "ArrowDown" && (target === anchor || at >= 0)) all[Math.min(at + 1, all.length - 1)].focus();
    else if (event.key === "ArrowUp" && at >= 0) (all[at - 1] || anchor).focus();
    else if (event.key === "Escape") {
      anchor.focus();
      close();
    } else return;
    event.preventDefault();
  });
})();
