/* Compare two: of the table on the page of places only the chosen columns stay, and the choice
   stands in the address. Without script all columns stand there. */
(() => {
  "use strict";
  const form = document.querySelector(".compare-controls");
  if (!form) return;
  const selects = [form.elements.compare, form.elements.with];
  const codes = [...selects[0].options].map(({ value }) => value).filter(Boolean);
  const said = document.querySelector(".compare-said");
  const { inAddress, keep } = window.casebook;
  const address = inAddress(selects, ({ name }) => name, "");

  /* The columns of the tables, one table after the other: what stands in each, by its code. */
  const columns = new Map(codes.map((code) => [code, []]));
  let next = 0;
  for (const table of document.querySelectorAll("table.compare")) {
    const lines = [table.querySelector("colgroup"), ...table.rows];
    const count = table.rows[0].cells.length - 1;
    for (let at = 1; at <= count; at += 1) {
      columns.get(codes[next + at - 1])?.push(...lines.map((line) => line.children[at]));
    }
    next += count;
  }

  const show = () => {
    const chosen = selects.filter(({ value }) => value);
    const wanted = new Set(chosen.length ? chosen.map(({ value }) => value) : codes);
    for (const [code, cells] of columns) for (const cell of cells) cell.hidden = !wanted.has(code);
    const names = chosen.map((field) => field.selectedOptions[0].text);
    said.textContent = wanted.size === 2 && names.length === 2
      ? said.dataset.said.replace("{one}", names[0]).replace("{other}", names[1]) : "";
  };
  const read = () => { address.read(); show(); };
  form.addEventListener("input", () => { show(); keep(address.write()); });
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("popstate", read);
  read();
})();
