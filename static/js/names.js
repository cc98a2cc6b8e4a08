// A name that was typed all in small letters is offered with capitals, to be taken with one press;
// nothing changes by itself. Every page works without this file.
(() => {
  "use strict";

  const isSmall = (text) =>
    text !== text.toLocaleUpperCase("vi") && text === text.toLocaleLowerCase("vi");
  const withCapitals = (text) =>
    text
      .normalize("NFC")
      .replace(/(^|[\s\-])(\p{L})/gu, (_, before, letter) => before + letter.toLocaleUpperCase("vi"));

  // An organisation writes its name in its own way.
  const isPerson = (input) => {
    const kind = input.form?.querySelector("[name=applicant_kind]:checked, select[name=applicant_kind]");
    return input.name !== "applicant_name" || !kind || kind.value === "person";
  };

  function offer(input) {
    const place = input.closest(".field");
    let box = place.querySelector(".name-offer");
    if (!isSmall(input.value) || !isPerson(input)) {
      box?.remove();
      return;
    }
    if (!box) {
      box = document.createElement("button");
      box.type = "button";
      box.className = "btn btn-quiet name-offer";
      box.addEventListener("click", () => {
        input.value = withCapitals(input.value);
        input.dispatchEvent(new Event("input", { bubbles: true }));
        input.focus();
      });
      input.after(box);
    }
    box.textContent = `Viết hoa: ${withCapitals(input.value).trim()}`;
  }

  const names = () => document.querySelectorAll("input[data-name]");
  document.addEventListener("input", (event) => {
    if (event.target.matches?.("input[data-name]")) offer(event.target);
  });
  document.addEventListener("change", (event) => {
    if (event.target.name === "applicant_kind") names().forEach(offer);
  });
  names().forEach(offer);
})();
