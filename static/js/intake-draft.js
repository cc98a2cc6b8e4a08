// What is typed at the counter is kept on the server within seconds, for this clerk alone. Without
// this file the button "Tạm giữ" does it.
(() => {
  "use strict";

  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const WAIT = 3000; // ms after the last change
  const MOST_LATE = 10000; // ms from the first change on, for who types without a pause
  const said = form.querySelector("[data-kept]");
  let timer, since = 0, changed = false, sent = false, kept = false;

  // What a scanner reads off a card is left out here already; the server leaves it out too.
  function typed() {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (name !== "scan" && name !== "q" && value.split("|").length < 3) fields.append(name, value);
    }
    return fields;
  }

  // What is doubtful stands at its field and blocks nothing: it counts as asked, once it was seen.
  function show(doubts) {
    for (const old of form.querySelectorAll("[data-doubt]")) {
      if (doubts.some((doubt) => doubt.key === old.dataset.doubt)) continue;
      const input = document.getElementById(old.dataset.of);
      input.classList.remove("is-doubted");
      input.removeAttribute("aria-describedby");
      old.remove();
    }
    for (const { field, sentence, key } of doubts) {
      const input = form.elements[field];
      if (!input || form.querySelector(`[data-doubt="${key}"]`)) continue;
      const words = document.createElement("p");
      words.className = "field-doubt";
      words.id = `ngo-${field}`;
      words.setAttribute("role", "status");
      words.dataset.doubt = key;
      words.dataset.of = input.id;
      words.textContent = sentence;
      const asked = document.createElement("input");
      Object.assign(asked, { type: "hidden", name: "asked", value: key });
      words.append(asked);
      input.after(words);
      input.classList.add("is-doubted");
      input.setAttribute("aria-describedby", words.id);
    }
  }

  async function keep() {
    clearTimeout(timer);
    if (!changed || sent) return kept;
    changed = kept = false;
    since = 0;
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body: typed(), keepalive: true });
      const isTold = answer.headers.get("content-type")?.startsWith("application/json");
      const told = isTold ? await answer.json() : {}; // else it asks to log in
      kept = Boolean(told.kept);
      if (kept) said.textContent = `Đã giữ bản đang gõ lúc ${told.kept}`;
      else if (answer.ok && isTold) said.textContent = ""; // nothing typed yet
      else said.textContent = told.why || "Chưa giữ được bản đang gõ";
      if (told.doubts) show(told.doubts);
    } catch {
      said.textContent = "Chưa giữ được bản đang gõ: mất kết nối";
      changed = true; // tried again after the next change
    }
    return kept;
  }
  form.keepDraft = keep; // before a scan opens another page: intake-card.js

  function note({ target }) {
    // All papers ticked at once are told by the form itself.
    if (target !== form && (!target.name || target.name === "scan" || target.name === "q")) return;
    changed = true;
    since ||= Date.now();
    clearTimeout(timer);
    timer = setTimeout(keep, Math.max(0, Math.min(WAIT, since + MOST_LATE - Date.now())));
  }
  form.addEventListener("input", note);
  form.addEventListener("change", (event) => {
    note(event);
    if (event.target.matches?.("[data-day]")) keep();
  });

  // After the form itself was sent there is nothing to keep: it is saved, or comes back.
  document.addEventListener("submit", (event) => {
    if (event.target === form && !event.defaultPrevented) sent = true;
  });
  for (const back of ["pageshow", "stayed"]) window.addEventListener(back, () => (sent = false));
  window.addEventListener("pagehide", keep);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep();
  });
})();
