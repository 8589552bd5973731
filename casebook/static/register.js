/* The register: search, filters and sorting, with their state in the address. Without script all rows simply stand there. */
(() => {
  "use strict";
  const form = document.querySelector(".register-controls");
  const table = document.querySelector("table.register");
  if (!form || !table) return;
  const rows = [...table.querySelectorAll("tbody tr")];
  const groups = [...table.tBodies];
  const count = document.querySelector(".register-count");
  const fields = ["find", ...[...form.querySelectorAll("select")].map((select) => select.name)];
  const text = new Map(rows.map((row) => [row, row.textContent.normalize("NFKC").toLowerCase()]));
  const names = ["practice", "jurisdiction", "coded", "status", "checked"];
  const heads = [...table.tHead.rows[0].cells];
  let sorted = null;

  const filter = () => {
    const wanted = Object.fromEntries(fields.map((name) => [name, form.elements[name].value.trim()]));
    const words = wanted.find.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const fits = words.every((word) => text.get(row).includes(word))
        && fields.every((name) => name === "find" || !wanted[name] || row.dataset[name] === wanted[name]);
      row.hidden = !fits;
      shown += fits;
    }
    count.textContent = shown ? count.dataset.said.replace("{0}", shown).replace("{1}", rows.length) : count.dataset.none;
  };

  const sort = (index, down) => {
    for (const head of heads) head.removeAttribute("aria-sort");
    if (index === null) {
      for (const row of rows) document.getElementById(`cell-${row.dataset.section}-${row.dataset.province}`).append(row);
      return;
    }
    heads[index].setAttribute("aria-sort", down ? "descending" : "ascending");
    const key = (row) => row.cells[index].textContent.trim();
    const order = [...rows].sort((a, b) => key(a).localeCompare(key(b), document.documentElement.lang) * (down ? -1 : 1));
    groups[0].append(...order);
  };

  const read = () => {
    const state = new URLSearchParams(location.search);
    for (const name of fields) {
      const value = state.get(name) || "";
      const field = form.elements[name];
      field.value = value;
      if (field.value !== value) field.value = "";
    }
    const index = names.indexOf((state.get("sort") || "").replace("-", ""));
    sorted = index < 0 ? null : [index, (state.get("sort") || "").startsWith("-")];
    sort(...(sorted || [null]));
    filter();
  };

  const write = () => {
    const state = new URLSearchParams();
    for (const name of fields) if (form.elements[name].value) state.set(name, form.elements[name].value);
    if (sorted) state.set("sort", (sorted[1] ? "-" : "") + names[sorted[0]]);
    const query = state.toString();
    try { history.replaceState(null, "", (query ? "?" + query : location.pathname) + location.hash); } catch { /* file:// may refuse */ }
  };

  heads.forEach((head, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      sorted = !sorted || sorted[0] !== index ? [index, false] : sorted[1] ? null : [index, true];
      sort(...(sorted || [null]));
      write();
    });
  });
  form.addEventListener("input", () => { filter(); write(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("popstate", read);
  read();
  /* A link to a row must find it, whatever the filters say. */
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target) { if (target.hidden) { form.reset(); filter(); } target.scrollIntoView(); }
})();
