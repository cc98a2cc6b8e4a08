// A search of procedures that answers while one types. The pages work without this file.
(() => {
  "use strict";

  const WAIT = 150; // ms after the last key before asking the server
  const LOOK_WAIT = 120; // ms on a line before its facts are asked for

  const CARD = "Đây là thẻ căn cước. Mời chọn thủ tục trước, rồi quét thẻ.";

  // Enter takes the first where the server is sure of it, otherwise it goes into the list; arrows
  // walk through it, Enter there takes, Esc goes back.
  function suggest(box) {
    const input = box.querySelector("[name=q]");
    const found = box.querySelector("[data-found]");
    const place = document.querySelector("[data-look-place]");
    let timer, lookTimer, looked = "", shown = input.value.trim(), pending = Promise.resolve();

    const answers = () => [...found.querySelectorAll(".hit, input[type=radio]")];
    const isSure = () => found.querySelector("[data-sure]") !== null;

    function address(name, value) {
      const made = new URL(box.dataset.suggest, location.href);
      made.searchParams.set(name, value);
      return made;
    }

    function show(html) {
      found.innerHTML = html;
      const look = found.querySelector("template[data-look-new]");
      if (place) place.innerHTML = look ? look.innerHTML : "";
      look?.remove();
      looked = found.querySelector("[data-look]")?.dataset.look ?? "";
    }

    // The text of a card is that of a person: it is sent nowhere and does not stay.
    const isCard = (text) => text.split("|").length > 2;
    const said = document.createElement("p");
    said.className = "notice notice-warn";
    said.setAttribute("role", "status");
    said.hidden = true;
    found.before(said);
    function refuseCard() {
      clearTimeout(timer);
      input.value = "";
      said.textContent = CARD;
      said.hidden = false;
    }
    box.addEventListener("scanned", (event) => {
      if (event.detail.kind !== "card" || document.querySelector("form[data-intake]")) return;
      event.preventDefault();
      refuseCard();
    });

    async function ask(question) {
      if (isCard(input.value)) refuseCard();
      const text = input.value.trim();
      const isNew = text !== shown;
      if (!isNew && !question) return;
      shown = text;
      const where = address("q", text);
      // What is chosen already stays among what may be chosen.
      const chosen = found.querySelector("input[type=radio]:checked");
      if (chosen) where.searchParams.set(chosen.name, chosen.value);
      if (question) where.searchParams.set("hoi", "1");
      const html = text || box.dataset.suggestEmpty ? await piece(where) : "";
      // An answer that comes after a newer question is too late.
      if (text === shown && html !== null) show(html);
    }
    const askNow = () => {
      clearTimeout(timer);
      return (pending = pending.then(() => ask(false), () => ask(false)));
    };

    async function enter() {
      if (isCard(input.value)) return refuseCard();
      await askNow();
      // Only now it is a question: what finds nothing is noted.
      if (!isSure() && found.querySelector("[data-nothing]")) await ask(true);
      const first = answers()[0];
      if (!first) return input.focus();
      first.focus();
      if (isSure()) first.click();
    }

    async function look(hit) {
      const key = hit.dataset.look;
      if (!place || !key || key === looked) return;
      looked = key;
      const html = await piece(address("xem", key));
      if (key === looked && html !== null) place.innerHTML = html;
    }

    box.addEventListener("submit", (event) => {
      if (!isCard(input.value)) return;
      event.preventDefault();
      refuseCard();
    });
    input.addEventListener("input", () => {
      if (input.value) said.hidden = true;
      clearTimeout(timer);
      timer = setTimeout(askNow, WAIT);
    });
    found.addEventListener("focusin", (event) => {
      const hit = event.target.closest("[data-look]");
      clearTimeout(lookTimer);
      if (hit) lookTimer = setTimeout(() => look(hit), LOOK_WAIT);
    });
    box.addEventListener("keydown", (event) => {
      const all = answers();
      const at = all.indexOf(document.activeElement);
      const isRadio = at >= 0 && all[at].type === "radio"; // arrows choose among these by themselves
      if (event.key === "Enter" && event.target === input) {
        event.preventDefault();
        if (input.value.trim()) enter();
      } else if (event.key === "ArrowDown" && all.length && !isRadio && (event.target === input || at >= 0)) {
        event.preventDefault();
        all[Math.min(at + 1, all.length - 1)].focus();
      } else if (event.key === "ArrowUp" && at >= 0 && !isRadio) {
        event.preventDefault();
        (all[at - 1] || input).focus();
      } else if (event.key === "Escape" && at >= 0) {
        input.focus();
      }
    });
  }

  async function piece(address) {
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" } });
      return answer.ok && !answer.redirected ? await answer.text() : null;
    } catch {
      return null; // no network: the page itself still searches, or says that it cannot
    }
  }

  for (const box of document.querySelectorAll("[data-suggest]")) {
    suggest(box);
    // Whoever opens it is about to type.
    box.addEventListener("toggle", () => box.open && box.querySelector("[name=q]").focus());
  }
})();
