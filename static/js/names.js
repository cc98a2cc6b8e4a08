// A name that was typed all in small letters is offered with capitals, to be taken with one press;
// nothing changes by itself. Every page works without this file.
(() => {
  "use strict";

  // A letter before an apostrophe is a word of its own: K'Brếp, H'Hen.
  const ALONE = /(^|[\s\-])\p{L}['’‘ʼ`´]/gu;
  const BEGINS = /(^|[\s\-])(\p{L}['’‘ʼ`´])?\p{L}/gu;
  // TNHH, HTX, UBND: letters that nobody can say as one syllable.
  const ABBREVIATIONS = /(^|[\s\-(])([bcdđfghjklmnpqrstvwxz]{2,}|ubnd|ubmttq)(?=$|[\s\-.,)])/giu;

  const capital = (text) => text.toLocaleUpperCase("vi");
  const isSmall = (text) => {
    const words = text.replace(ALONE, "$1");
    return words !== capital(words) && words === words.toLocaleLowerCase("vi");
  };
  const withCapitals = (text) =>
    text.normalize("NFC").replace(BEGINS, capital).replace(ABBREVIATIONS, capital);

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
