/* The other edition: its links lead to where the reader is, section and settings; and a reader whose browser prefers its
   language gets one quiet offer. Nobody is redirected. Without this script the links lead to the other edition's page. */
(() => {
  "use strict";
  /* The theme's button for the whole screen: the page's policy runs no handler that stands in markup (inert.py). */
  document.querySelector("[data-full-screen]")?.addEventListener("click", () => window.toggleFullScreen());

  const links = [...document.querySelectorAll(".edition-switch, .edition-offer a")];
  if (!links.length) return;

  /* The hash in the address while its place is in view, else the section at the top of the window. */
  const place = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const box = target && target.getBoundingClientRect();
    if (box && box.bottom > 0 && box.top < innerHeight) return location.hash;
    const sections = [...document.querySelectorAll("article section[id]")].slice(1);
    const passed = sections.filter((section) => section.getBoundingClientRect().top < innerHeight / 4);
    return passed.length ? "#" + passed.at(-1).id : "";
  };
  const keep = () => {
    for (const link of links) {
      const page = link.getAttribute("href").replace(/[?#].*/, "");
      link.setAttribute("href", page + location.search + place());
    }
  };
  /* Before a click, a key, a long press or a middle click can use it. */
  for (const link of links) for (const kind of ["pointerenter", "pointerdown", "focus", "click"]) link.addEventListener(kind, keep);

  const remember = (choice) => { try { localStorage.setItem("casebook-edition", choice); } catch { /* not kept, then */ } };
  const chosen = () => { try { return localStorage.getItem("casebook-edition"); } catch { return null; } };
  for (const link of links) link.addEventListener("click", () => remember("chosen"));

  const own = document.documentElement.lang.slice(0, 2);
  const offers = [...document.querySelectorAll(".edition-offer")];
  const known = [own, ...offers.map((offer) => offer.dataset.edition)];
  const preferred = navigator.languages.map((language) => language.slice(0, 2)).find((language) => known.includes(language));
  const offer = offers.find((one) => one.dataset.edition === preferred);
  if (!offer || chosen()) return;
  offer.hidden = false;
  offer.querySelector("button").addEventListener("click", () => { offer.hidden = true; remember("refused"); });
})();
