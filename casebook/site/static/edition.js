/* The other edition: its links lead to where the reader is, section and settings, and a reader
   whose browser prefers its language gets one quiet offer. Nobody is redirected. Without this
   script the links lead to the other edition's page. */
(() => {
  "use strict";
  /* The theme's button for the whole screen: the page's policy runs no handler that stands in
     markup (policy.py). */
  const button = document.querySelector("[data-full-screen]");
  button?.addEventListener("click", () => window.toggleFullScreen());

  const links = [...document.querySelectorAll(".edition-switch, .edition-offer a")];
  if (!links.length) return;

  /* The hash of the address while its place is in view, else the section at the window's top. */
  const place = () => {
    const target = window.casebook.place();
    const box = target?.getBoundingClientRect();
    if (box && box.bottom > 0 && box.top < innerHeight) return location.hash;
    const sections = [...document.querySelectorAll("article section[id]")].slice(1);
    const passed = (section) => section.getBoundingClientRect().top < innerHeight / 4;
    const last = sections.findLast(passed);
    return last ? "#" + last.id : "";
  };
  const keepPlace = ({ currentTarget: link }) => {
    const page = link.getAttribute("href").replace(/[?#].*/, "");
    link.setAttribute("href", page + location.search + place());
  };
  /* None for a reader who lets nothing be kept. */
  const store = () => { try { return localStorage; } catch { return null; } };
  const remember = (choice) => store()?.setItem("casebook-edition", choice);
  for (const link of links) {
    /* Before a click, a key, a long press or a middle click can use it. */
    for (const kind of ["pointerenter", "pointerdown", "focus", "click"]) {
      link.addEventListener(kind, keepPlace);
    }
    link.addEventListener("click", () => remember("chosen"));
  }

  const offers = [...document.querySelectorAll(".edition-offer")];
  const own = document.documentElement.lang.slice(0, 2);
  const known = [own, ...offers.map(({ dataset }) => dataset.edition)];
  const preferred = navigator.languages.map((language) => language.slice(0, 2))
    .find((language) => known.includes(language));
  const offer = offers.find(({ dataset }) => dataset.edition === preferred);
  if (!offer || store()?.getItem("casebook-edition")) return;
  offer.hidden = false;
  offer.querySelector("button").addEventListener("click", () => {
    offer.hidden = true;
    remember("refused");
  });
})();
