// A day that was typed ("3/10/26", "031026") is shown as papers write it when the field is left, and
// in full words where the page has a place for them. The same ways as motcua/days.py; what it cannot
// read stays as it is, and the server says so. Every page works without this file.
(() => {
  "use strict";

  const WEEKDAYS = ["Chủ nhật", "thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy"];
  const WRITTEN = /^(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4}|\d{2})$/;
  const DIGITS = /^(\d\d)(\d\d)(\d{4}|\d{2})$/;
  const TIME = /(\d{1,2})\s*[:hg]\s*(\d{2})(?::\d{2}(?:\.\d+)?)?/gi;
  const two = (number) => String(number).padStart(2, "0");

  function readDay(text) {
    const found = WRITTEN.exec(text.trim()) || DIGITS.exec(text.trim());
    if (!found) return null;
    const [day, month] = [Number(found[1]), Number(found[2])];
    let year = Number(found[3]);
    if (found[3].length === 2) year += year >= 69 ? 1900 : 2000;
    const date = new Date(2000, month - 1, day);
    date.setFullYear(year, month - 1, day);
    const isThere = year > 0 && date.getMonth() === month - 1 && date.getDate() === day;
    return isThere ? date : null;
  }
  const written = (date) =>
    `${two(date.getDate())}/${two(date.getMonth() + 1)}/${String(date.getFullYear()).padStart(4, "0")}`;
  const inWords = (date) => `${WEEKDAYS[date.getDay()]} ${written(date)}`;

  function momentWritten(text) {
    const times = [...text.matchAll(TIME)];
    if (times.length !== 1) return null;
    const [found, hour, minute] = times[0];
    const around = [text.slice(0, times[0].index), text.slice(times[0].index + found.length)];
    const rest = around.map((one) => one.trim()).filter(Boolean);
    const day = rest.length === 1 ? readDay(rest[0].replace(/[ ,]+$/, "")) : null;
    return day && hour < 24 && minute < 60 ? `${two(Number(hour))}:${minute} ${written(day)}` : null;
  }

  function show(input) {
    for (const place of document.querySelectorAll(`[data-day-words="${input.id}"]`)) {
      const day = readDay(input.value);
      place.textContent = day ? inWords(day) : "";
    }
  }

  // Before "change" reaches those who ask the server what the field says.
  document.addEventListener(
    "change",
    ({ target }) => {
      if (!target.matches?.("[data-day], [data-moment]")) return;
      const day = target.matches("[data-day]") ? readDay(target.value) : null;
      const as = day ? written(day) : target.matches("[data-moment]") && momentWritten(target.value);
      if (as) target.value = as;
      show(target);
    },
    true,
  );
  document.addEventListener("input", ({ target }) => {
    if (target.matches?.("[data-day]")) show(target);
  });
  for (const input of document.querySelectorAll("[data-day]")) show(input);
})();
