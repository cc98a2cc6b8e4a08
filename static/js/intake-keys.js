// The intake by keyboard and scanner: Enter goes to the next field, Ctrl+Enter does the act, F8
// ticks what is demanded, a card fills in who is meant. The page works without this file.
(() => {
  "use strict";

  const form = document.querySelector("form[data-intake]");
  if (!form) return;
  const FIELDS_OF_A_CARD = 6;
  const scan = form.querySelector("[data-scan]");
  const told = form.querySelector("[data-told]");
  const warned = form.querySelector("[data-warned]");
  const isCard = (text) => text.split("|").length >= FIELDS_OF_A_CARD;
  const field = (name) => form.elements[name];
  const inSight = (element) =>
    element.offsetParent !== null && !element.disabled && !element.closest("details:not([open])");

  // The stops of Enter: every field in reading order, a group of radios once, no buttons.
  function stops() {
    return [...form.querySelectorAll("input:not([type=hidden]), select, textarea")].filter(
      (one) => inSight(one) && (one.type !== "radio" || one.checked),
    );
  }

  function goOn(from) {
    const all = stops();
    const here = from.type === "radio" ? form.querySelector(`[name="${from.name}"]:checked`) : from;
    const next = all[all.indexOf(here) + 1];
    (next || form.querySelector("button[value=register]")).focus();
    if (next?.matches("input:not([type=checkbox], [type=radio])")) next.select();
  }

  function change(element, value) {
    if (element.value === value) return;
    element.value = value;
    element.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Cards. Their text is sent to be read and stays nowhere.

  async function post(address, body) {
    try {
      const answer = await fetch(address, {
        method: "POST",
        headers: { "X-CSRFToken": field("csrfmiddlewaretoken").value },
        body: new URLSearchParams(body),
      });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  function warn(sentences) {
    warned.replaceChildren(
      ...sentences.map((sentence) => {
        const line = document.createElement("p");
        line.textContent = sentence;
        return line;
      }),
    );
    warned.hidden = sentences.length === 0;
  }

  // The cursor waits in an empty field; what an earlier dossier then fills in there is selected, so
  // that the next key writes over it.
  function waitIn(empty) {
    empty.focus();
    const select = (event) => {
      if (!event.isTrusted && document.activeElement === empty) empty.select();
    };
    empty.addEventListener("input", select, { once: true });
  }

  async function readCard(text, who) {
    const read = await post(form.dataset.card, { text });
    if (read === null) return (told.textContent = "Chưa đọc được thẻ vì mất kết nối. Mời quét lại.");
    if (!read.found) {
      told.textContent = "Đây không phải mã trên thẻ căn cước. Mời quét lại, hoặc gõ số.";
      return;
    }
    const { number, name, address } = read.fields;
    const kinds = { applicant: "applicant_id_kind", submitter: "submitter_id_kind" };
    const names = {
      applicant: ["applicant_id", "applicant_name", "address"],
      submitter: ["submitter_id", "submitter_name", "submitter_address"],
    };
    const filled = [];
    if (who === "applicant") for (const one of field("applicant_kind")) one.checked = one.value === "person";
    field(kinds[who]).value = "";
    [number, name, address].forEach((value, at) => {
      if (!value) return;
      change(field(names[who][at]), value);
      filled.push(["số", "họ tên", "địa chỉ"][at]);
    });
    warn(read.warnings);
    const next = [...names[who], who === "applicant" ? "phone" : "submitter_phone"]
      .map(field)
      .find((one) => inSight(one) && !one.value);
    if (next) waitIn(next);
    else goOn(field(names[who][2]));
    const words = `Đã điền từ thẻ: ${filled.join(", ")}`;
    if (who === "applicant") await form.fillApplicant?.();
    told.textContent = words;
  }

  // A number or telephone typed into the field for scans is that of the applicant.
  async function readTyped(text) {
    const digits = text.replace(/[\s.\-+]/g, "");
    if (/^(0|84)[0-9]{9}$/.test(digits) && digits.length < 12) change(field("phone"), text.trim());
    else if (/[0-9]{6}/.test(digits)) change(field("applicant_id"), text.trim());
    else change(field("applicant_name"), text.trim());
    const next = ["applicant_id", "applicant_name", "phone"].map(field).find((one) => !one.value);
    waitIn(next || field("address"));
    await form.fillApplicant?.();
  }

  function readScan() {
    const text = scan.value;
    scan.value = "";
    warn([]);
    if (isCard(text)) readCard(text, "applicant");
    else if (text.includes("|")) told.textContent = "Đây không phải mã trên thẻ căn cước. Mời quét lại, hoặc gõ số.";
    else readTyped(text);
  }

  // A scanner types into whatever field has the focus: what stood there comes back.
  let before = "";
  form.addEventListener("focusin", (event) => (before = event.target.value));
  form.addEventListener("beforeinput", (event) => {
    // A field's longest length would cut the card.
    if (event.data?.includes("|") && event.target.maxLength > 0) {
      event.target.dataset.longest = event.target.maxLength;
      event.target.removeAttribute("maxlength");
    }
  });
  function wasCard(target) {
    if (target === scan || target.tagName !== "INPUT" || !isCard(target.value)) return false;
    const text = target.value.startsWith(before) ? target.value.slice(before.length) : target.value;
    change(target, before);
    readCard(text, target.name.startsWith("submitter") ? "submitter" : "applicant");
    return true;
  }
  form.addEventListener("focusout", ({ target }) => {
    if (target.dataset.longest) target.maxLength = target.dataset.longest;
  });

  // Keys

  form.addEventListener("keydown", (event) => {
    const { target } = event;
    if (event.defaultPrevented || event.isComposing || event.key !== "Enter") return;
    if (event.ctrlKey || event.metaKey) return;
    if (event.altKey || event.shiftKey || !target.matches("input, select")) return;
    event.preventDefault();
    if (target === scan && scan.value.trim()) readScan();
    else if (!wasCard(target)) goOn(target);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    event.preventDefault();
    const own = event.target.closest(".otherwise .panel")?.querySelector("button[name=act]");
    const confirm = form.querySelector("[role=alert] button");
    (own || confirm || form.querySelector("button[value=register]")).click();
  });

  // The frame's scanner fills the field for scans and sends the form: that is a card, no dossier.
  form.addEventListener(
    "submit",
    (event) => {
      if (event.submitter || !scan.value.trim()) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      readScan();
    },
    true,
  );

  const all = form.querySelector("[data-all-papers]");
  function tickAll() {
    for (const tick of form.querySelectorAll("[data-required]")) tick.checked = true;
    form.dispatchEvent(new Event("change"));
  }
  all?.addEventListener("click", tickAll);
  document.addEventListener("keydown", (event) => {
    if (event.code !== "F8" || !all || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    tickAll();
  });

  // What is opened gets the cursor.
  for (const fold of form.querySelectorAll("details")) {
    fold.querySelector("summary").addEventListener("click", () => {
      if (fold.open || fold.matches(".why")) return;
      setTimeout(() => {
        fold.querySelector("input:not([type=hidden]), select, textarea")?.focus();
      });
    });
  }
})();
