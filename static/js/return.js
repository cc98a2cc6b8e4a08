// The return counter at the speed of a scanner. The page works without this file.
(() => {
  "use strict";

  const form = document.querySelector("form[data-return]");
  if (!form) return;
  const scan = form.querySelector("[data-scan]");
  const FIELDS_OF_A_CARD = 6;

  // A slip or code opens its dossier: it is posted alone, without anything else of the page. A card
  // is read together with what is shown and ticked.
  function open(text) {
    const alone = document.createElement("form");
    alone.method = "post";
    alone.action = form.action;
    alone.hidden = true;
    for (const [name, value] of [["csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value], ["q", text]]) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      field.value = value;
      alone.append(field);
    }
    document.body.append(alone);
    alone.requestSubmit();
  }
  document.addEventListener("scanned", (event) => {
    event.preventDefault();
    const { text, kind } = event.detail;
    if (kind !== "card") return open(text);
    scan.value = text;
    form.requestSubmit();
  });

  // A card scanned slowly into another field is a card all the same: its text goes where it is read,
  // and its Enter sends that.
  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || field === scan || !(field instanceof HTMLInputElement)) return;
    if (field.value.split("|").length < FIELDS_OF_A_CARD) return;
    event.preventDefault();
    scan.value = field.value;
    field.value = field.defaultValue;
    form.requestSubmit();
  });

  // What was scanned does not stay in the field for who comes back.
  form.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) setTimeout(() => (scan.value = ""));
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || document.querySelector("dialog[open], details.menu[open]")) return;
    if (scan.value) {
      scan.value = "";
      scan.focus();
      return;
    }
    const next = document.querySelector("[data-next-person]");
    if (next) location.assign(next.href);
  });

  const ticks = [...form.querySelectorAll("[name=ho-so]")];
  function count() {
    const given = ticks.filter((tick) => tick.checked);
    const owed = given.reduce((sum, tick) => sum + Number(tick.dataset.owed), 0);
    form.querySelector("[data-ticked-count]").textContent = given.length;
    const sum = form.querySelector("[data-owed-sum]");
    if (sum) sum.textContent = owed.toLocaleString("vi-VN");
  }
  for (const tick of ticks) tick.addEventListener("change", count);

  // Who types another person's name means that person.
  const name = form.querySelector("[name=name]");
  const other = form.querySelector("[name=collector][value=other]");
  let before = null; // who was chosen, for who empties the name again
  name?.addEventListener("input", () => {
    if (name.value && other && !other.checked) {
      before = form.querySelector("[name=collector]:checked");
      other.checked = true;
    } else if (!name.value && before) {
      before.checked = true;
      before = null;
    }
  });
})();
