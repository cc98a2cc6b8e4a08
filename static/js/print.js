// Printing a copy opens the browser's print dialog by itself, in the frame of the page where there
// is one. Without this file the copy opens in a page of its own.
(() => {
  "use strict";

  const frame = document.querySelector("iframe.print-frame");
  const words = document.querySelector("[data-print-words]");

  // A double press sends the same token and gets the same copy; a press later on asks for another.
  function token() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-print]")) return;
    const field = form.elements.namedItem("token");
    setTimeout(() => (field.value = token()), 3000);
    if (frame) {
      frame.hidden = false;
      form.target = frame.name;
      if (words) words.hidden = false;
    }
  });

  frame?.addEventListener("load", () => {
    if (frame.hidden) return;
    // Some browsers keep their own viewer of papers from being asked: the paper is then in sight,
    // with the viewer's own button.
    try {
      if (frame.contentDocument?.contentType === "text/html") throw new Error("no paper");
      const was = document.activeElement;
      frame.contentWindow.print();
      // The viewer takes the focus; the next press is for the page.
      window.focus();
      was?.focus?.();
    } catch {
      frame.classList.add("is-open");
      if (words) words.textContent = "Mời bấm nút in ở khung dưới đây.";
    }
  });

  if (frame) document.querySelector("[data-print-itself]")?.requestSubmit();
})();
