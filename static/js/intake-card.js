// The intake by scanner: a card fills in who is meant, wherever it is scanned; the code of another
// dossier opens that one. The page works without this file.
(() => {
  "use strict";

  const form = document.querySelector("form[data-intake]");
  if (!form) return;
  const FIELDS_OF_A_CARD = 6;
  const NO_CARD = "Đây không phải mã trên thẻ căn cước. Mời quét lại, hoặc gõ số.";
  const PEOPLE = {
    applicant: { kind: "applicant_id_kind", card: ["applicant_id", "applicant_name", "address"], others: ["phone", "email"] },
    submitter: {
      kind: "submitter_id_kind",
      card: ["submitter_id", "submitter_name", "submitter_address"],
      others: ["submitter_phone"],
    },
  };
  const APPLICANT = ["applicant_id", "applicant_name", "phone", "address"];
  const scan = form.querySelector("[data-scan]");
  const told = form.querySelector("[data-told]");
  const warned = form.querySelector("[data-warned]");
  const isCard = (text) => text.split("|").length >= FIELDS_OF_A_CARD;
  const field = (name) => form.elements[name];
  const digits = (text) => text.replace(/\D/g, "");
  const inSight = (element) =>
    element.offsetParent !== null && !element.disabled && !element.closest("details:not([open])");

  function change(element, value) {
    if (element.value === value) return;
    element.value = value;
    element.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // The text of a card is sent to be read and stays nowhere.
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

  // The cursor waits in the first field that is empty.
  function goToEmpty(names) {
    const empty = names.map(field).find((one) => inSight(one) && !one.value);
    if (empty) empty.focus();
    else form.goOn(field("address"));
  }
  // Where an earlier dossier filled that one in meanwhile, it goes on to the next.
  form.addEventListener("recalled", ({ detail }) => {
    if (detail.includes(document.activeElement.name)) goToEmpty(APPLICANT);
  });

  async function readCard(text, asked) {
    const read = await post(form.dataset.card, { text });
    if (read === null) return (told.textContent = "Chưa đọc được thẻ vì mất kết nối. Mời quét lại.");
    if (!read.found) return (told.textContent = NO_CARD);
    // An organisation has no card: it is that of who comes for it.
    const isForOrganisation = field("applicant_kind").value === "organisation";
    const who = isForOrganisation ? "submitter" : asked;
    const { kind, card, others } = PEOPLE[who];
    if (who === "submitter") field(card[0]).closest("details")?.setAttribute("open", "");
    else for (const one of field("applicant_kind")) one.checked = one.value === "person";
    // What belongs to another person does not stay beside this one's number.
    const before = digits(field(card[0]).value);
    if (before && before !== digits(read.fields.number)) {
      for (const name of [...card, ...others]) change(field(name), "");
    }
    field(kind).value = "";
    const { number, name, address } = read.fields;
    const filled = [];
    [number, name, address].forEach((value, at) => {
      if (!value) return;
      change(field(card[at]), value);
      filled.push(["số", "họ tên", "địa chỉ"][at]);
    });
    warn(read.warnings);
    const isSubmitterAlone = who === "submitter" && !isForOrganisation;
    goToEmpty(isSubmitterAlone ? [...card, ...others] : APPLICANT);
    if (who === "applicant") await form.fillApplicant?.();
    const whose = isForOrganisation ? " của người nộp thay" : "";
    told.textContent = `Đã điền từ thẻ${whose}: ${filled.join(", ")}`;
  }

  // A number or telephone typed into the field for scans is that of the applicant.
  async function readTyped(text) {
    const number = text.replace(/[\s.\-+]/g, "");
    if (/^(0|84)[0-9]{9}$/.test(number) && number.length < 12) change(field("phone"), text.trim());
    else if (/[0-9]{6}/.test(number)) change(field("applicant_id"), text.trim());
    else change(field("applicant_name"), text.trim());
    const next = ["applicant_id", "applicant_name", "phone"].map(field).find((one) => !one.value);
    (next || field("address")).focus();
    await form.fillApplicant?.();
    if (!field("applicant_id").value) await form.askPeople?.(field(field("phone").value ? "phone" : "applicant_name"));
  }

  const whose = (target) => (target.name?.startsWith("submitter") ? "submitter" : "applicant");

  function read(text, target) {
    warn([]);
    if (isCard(text)) readCard(text, whose(target));
    else if (text.includes("|")) told.textContent = NO_CARD;
    else readTyped(text);
  }

  document.addEventListener("scanned", async (event) => {
    event.preventDefault();
    const { text, kind, search } = event.detail;
    if (kind !== "code") return read(text, event.target);
    // What is typed is kept first; then nothing is lost, and nobody needs to be asked.
    if (await form.keepDraft?.()) form.dataset.leftFreely = "";
    search();
  });
  for (const back of ["pageshow", "stayed"]) {
    window.addEventListener(back, () => delete form.dataset.leftFreely);
  }

  // A slow scanner types into the field that has the focus: what stood there comes back.
  let before = "";
  form.addEventListener("focusin", (event) => (before = event.target.value));
  form.addEventListener("beforeinput", (event) => {
    // A field's longest length would cut the card.
    if (event.data?.includes("|") && event.target.maxLength > 0) {
      event.target.dataset.longest = event.target.maxLength;
      event.target.removeAttribute("maxlength");
    }
  });
  form.addEventListener("focusout", ({ target }) => {
    if (target.dataset.longest) target.maxLength = target.dataset.longest;
  });
  form.addEventListener("keydown", (event) => {
    const { target } = event;
    if (event.defaultPrevented || event.isComposing || event.key !== "Enter") return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (target.tagName !== "INPUT" || !(target === scan ? scan.value.trim() : isCard(target.value))) return;
    event.preventDefault();
    const value = target.value;
    change(target, target === scan ? "" : before);
    read(target !== scan && value.startsWith(before) ? value.slice(before.length) : value, target);
  });
})();
