// The queues at the keyboard: rows, ticks, the filter. The page works without this file.
(() => {
  "use strict";

  const table = document.querySelector("table[data-desk]");
  const rows = table ? [...table.tBodies[0].rows] : [];
  const tick = (row) => row.querySelector("[name=ho-so]");
  const ticks = rows.map(tick).filter(Boolean);
  const filter = document.querySelector(".filter [type=search]");
  const store = table ? `ticks-${table.dataset.desk}` : "";
  let here = -1;
  let last = -1;

  const typing = (element) =>
    element instanceof HTMLElement &&
    (element.isContentEditable ||
      (/^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) && !/^(checkbox|radio)$/.test(element.type)));

  // Ticks

  const main = document.querySelector("[data-main]");
  const sum = document.querySelector("[data-sum]");
  const all = document.querySelector("[data-all]");
  const page = document.querySelector("[data-tick-page]");
  const intake = document.querySelector("[data-key=n]");
  const words = { main: main?.textContent, sum: sum?.textContent };

  function fill(button, filled) {
    button?.classList.toggle("btn-primary", Boolean(filled));
    button?.classList.toggle("btn-outline-primary", !filled);
  }

  function count() {
    const ticked = rows.filter((row) => tick(row)?.checked);
    for (const row of rows) row.classList.toggle("is-ticked", ticked.includes(row));
    sessionStorage.setItem(store, JSON.stringify(ticked.map((row) => tick(row).value)));
    all.checked = ticked.length === ticks.length;
    all.indeterminate = ticked.length > 0 && !all.checked;
    page.textContent = ticked.length ? "Bỏ chọn" : "Chọn cả trang";
    main.textContent = ticked.length ? main.dataset.counted.replace("#", ticked.length) : words.main;
    // One filled button: the act on the ticked rows, or receiving the next dossier.
    fill(main, ticked.length);
    fill(intake, !ticked.length);
    const places = new Map();
    for (const row of ticked) places.set(row.dataset.place, (places.get(row.dataset.place) || 0) + 1);
    const goes = "goes" in main.dataset && ticked.length;
    const told = [...places].map(([place, many]) => `${many} đến ${place}`).join("; ");
    sum.textContent = ticked.length ? (goes ? told : "") : words.sum;
  }

  function set(boxes, checked) {
    for (const box of boxes) box.checked = checked;
    count();
  }

  if (ticks.length) {
    // Who opened a dossier and comes back finds the ticks as they were left.
    const kept = JSON.parse(sessionStorage.getItem(store) || "[]");
    if (!ticks.some((box) => box.checked)) {
      for (const box of ticks) box.checked = kept.includes(box.value);
    }
    count();
    table.addEventListener("change", (event) => {
      if (event.target === all) set(ticks, all.checked);
      else count();
    });
    table.addEventListener("click", (event) => {
      const at = ticks.indexOf(event.target);
      if (at < 0) return;
      if (event.shiftKey && last >= 0) range(at);
      last = at;
    });
    page.addEventListener("click", (event) => {
      event.preventDefault();
      set(ticks, !ticks.some((box) => box.checked));
    });
    main.form.addEventListener("submit", () => sessionStorage.removeItem(store));
  }

  function range(to) {
    const [first, end] = [Math.min(last, to), Math.max(last, to)];
    set(ticks.slice(first, end + 1), ticks[last].checked);
  }

  // The row where the keyboard is: its code has the focus, so that Enter opens the dossier.

  function stand(at) {
    if (!rows[at]) return;
    rows[at].querySelector("a.code").focus();
    rows[at].scrollIntoView({ block: "nearest" });
  }

  table?.addEventListener("focusin", (event) => {
    const row = event.target.closest("tbody tr");
    if (!row) return;
    rows[here]?.classList.remove("is-here");
    here = rows.indexOf(row);
    row.classList.add("is-here");
  });

  function leave() {
    rows[here]?.classList.remove("is-here");
    here = -1;
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  }

  function toggle(withRange) {
    const box = rows[here] && tick(rows[here]);
    if (!box) return;
    if (withRange && last >= 0) range(here);
    else set([box], !box.checked);
    last = here;
  }

  const KEYS = {
    KeyJ: () => stand(Math.min(here + 1, rows.length - 1)),
    KeyK: () => stand(Math.max(here - 1, 0)),
    KeyX: (event) => toggle(event.shiftKey),
    KeyV: () => rows[here]?.dataset.act && location.assign(rows[here].dataset.act),
    KeyN: () => intake?.click(),
    KeyF: () => filter?.select(),
    Escape: leave,
  };

  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    if (event.ctrlKey && event.code === "Enter" && main && ticks.some((box) => box.checked)) {
      event.preventDefault();
      main.click();
    }
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (typing(event.target) && !(event.code === "Escape" && event.target === filter)) return;
    const act = KEYS[event.code];
    if (!act || (event.shiftKey && event.code !== "KeyX")) return;
    if (event.code !== "Escape") event.preventDefault();
    act(event);
  });
})();
