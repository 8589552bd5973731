/* Charts: what a reader can do with one, on top of a page that is complete without this script.
   - words of a mark beside it, by pointer, touch and keyboard; Escape dismisses them;
   - filters that bring a chart alive: the first pointer, touch or focus on it loads the book's own Vega runtime (one classic
     script, which also runs from file://) and puts the live chart in the static one's place. If anything fails, the static
     chart stays and the filters go;
   - the table beside it filtered alike and sortable, downloads of what is shown, the state in the address. */
(() => {
  "use strict";
  const here = document.currentScript && document.currentScript.src;

  /* ---- the words of a mark ---- */
  const tip = document.createElement("div");
  tip.className = "chart-tip";
  tip.setAttribute("role", "tooltip");
  tip.id = "chart-tip";
  tip.hidden = true;
  let owner = null;
  let leaving = 0;

  const hideTip = () => {
    tip.hidden = true;
    owner?.removeAttribute("aria-describedby");
    owner = null;
  };
  const showTip = (text, box, mark = null) => {
    clearTimeout(leaving);
    if (!tip.isConnected) document.body.append(tip);
    if (owner !== mark) hideTip();
    owner = mark;
    tip.textContent = text;
    tip.hidden = false;
    const size = tip.getBoundingClientRect();
    const left = Math.min(Math.max(8, box.left + box.width / 2 - size.width / 2), document.documentElement.clientWidth - size.width - 8);
    const above = box.top - size.height - 6;
    tip.style.left = left + scrollX + "px";
    tip.style.top = (above > 0 ? above : box.bottom + 6) + scrollY + "px";
  };
  /* Time enough to reach the words with the pointer. */
  const leaveTip = () => { clearTimeout(leaving); leaving = setTimeout(hideTip, 250); };
  tip.addEventListener("pointerenter", () => clearTimeout(leaving));
  tip.addEventListener("pointerleave", leaveTip);
  addEventListener("keydown", (event) => { if (event.key === "Escape") hideTip(); });
  addEventListener("scroll", () => { if (!tip.hidden && !owner) hideTip(); }, { passive: true });

  /* The browser's own tooltips of a static drawing give way to these, once somebody is there. */
  const ready = new WeakSet();
  const prepare = (svg) => {
    if (ready.has(svg)) return;
    ready.add(svg);
    for (const title of svg.querySelectorAll("title")) {
      const mark = title.parentElement;
      mark.dataset.tip = title.textContent;
      (mark.closest("a") || mark).setAttribute("aria-label", title.textContent);
      title.remove();
    }
    /* One stop for the tab key; the arrow keys go from mark to mark. */
    const links = [...svg.querySelectorAll("a")];
    links.forEach((link, index) => { link.tabIndex = index ? -1 : 0; });
    svg.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const at = links.indexOf(event.target.closest("a"));
      if (!step || at < 0) return;
      event.preventDefault();
      const next = links[(at + step + links.length) % links.length];
      links[at].tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    });
  };
  const markOf = (element) => element?.closest?.("[data-tip]") || element?.closest?.("a")?.querySelector("[data-tip]");

  for (const drawing of document.querySelectorAll(".chart-drawing")) {
    const look = (event) => {
      const svg = event.target.closest?.("svg.chart-svg");
      if (!svg) return;
      prepare(svg);
      const mark = markOf(event.target);
      if (mark) showTip(mark.dataset.tip, mark.getBoundingClientRect(), mark);
    };
    drawing.addEventListener("pointerover", look);
    drawing.addEventListener("pointerout", (event) => { if (markOf(event.target)) leaveTip(); });
    drawing.addEventListener("focusin", look);
    drawing.addEventListener("focusout", hideTip);
  }

  /* ---- alive on demand ---- */
  let runtime;
  const load = () => runtime ||= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("vega.js", here);
    script.onload = () => (window.casebookEmbed ? resolve(window.casebookEmbed) : reject(new Error("no runtime")));
    script.onerror = () => reject(new Error("runtime not loaded"));
    document.head.append(script);
  });
  /* Expressions are interpreted and no style is added: the page's policy runs no text as a script (inert.py). */
  const options = { actions: false, renderer: "svg", mode: "vega-lite", ast: true, defaultStyle: false, tooltip: false };

  const liveTooltip = (handler, event, item, value) => {
    if (value === null || value === undefined || value === "") return leaveTip();
    const text = typeof value === "object" ? Object.values(value).join(" ") : String(value);
    showTip(text, { left: event.clientX, width: 0, top: event.clientY - 8, bottom: event.clientY + 8 });
  };

  const enliven = async (frame) => {
    const specs = JSON.parse(frame.querySelector(".chart-spec").textContent);
    const drawing = frame.querySelector(".chart-drawing");
    const narrow = getComputedStyle(frame.querySelector(".chart-narrow")).display !== "none";
    const embed = await load();
    const place = document.createElement("div");
    place.className = "chart-now";
    const { view } = await embed(place, structuredClone(narrow ? specs.narrow : specs.wide), { ...options, tooltip: liveTooltip });
    const before = drawing.querySelector(narrow ? ".chart-narrow svg" : ".chart-wide svg");
    const svg = place.querySelector("svg");
    svg.classList.add("chart-svg");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", before.getAttribute("aria-label"));
    for (const name of ["role", "aria-roledescription", "aria-label"]) place.removeAttribute(name); /* Vega's own, in English */
    drawing.replaceChildren(place);
    return { view, specs, spec: narrow ? specs.narrow : specs.wide };
  };

  /* ---- one frame ---- */
  const plain = (text) => text.replace(/\s+/g, " ").trim();
  /* Lines of at most so many Latin characters: between words, and between any two Chinese characters with the marks at them
     (charts.lines_of in Python). */
  const PIECE = /[（《〈〔“‘]*(?:(?:[^\s\u2e80-\u9fff\uff00-\uff60]*\d)?[\u2e80-\u9fff\uff00-\uff60]|[^\s（《〈〔“‘\u2e80-\u9fff\uff00-\uff60]+|)[，。、；：？！）》〉〕”’,.;:?!)\]%]*\s*/g;
  const wrap = (text, width) => {
    const lines = [""];
    for (const piece of text.match(PIECE)) {
      const line = lines.at(-1) + piece;
      const wide = line.match(/[\u2e80-\u9fff\uff00-\uff60]/g)?.length || 0;
      if (line.trimEnd().length + 0.8 * wide > width) lines.push(piece);
      else lines[lines.length - 1] = line;
    }
    return lines.filter((line) => line);
  };
  const save = (blob, name) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  /* CSV for a spreadsheet: text that one would run as a formula gets an apostrophe in front, a number stays one (inert.cell in Python). */
  const cell = (value) => {
    const text = String(value);
    const inert = /^[=+\-@＝＋－＠\t\r\n]/.test(text) && !/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? "'" + text : text;
    return `"${inert.replaceAll('"', '""')}"`;
  };
  const csv = (lines) => "\ufeff" + lines.map((line) => line.map(cell).join(",")).join("\r\n") + "\r\n";
  window.casebook = { enliven, save, csv };

  const setUp = (frame) => {
    const name = frame.dataset.figure;
    const form = frame.querySelector(".chart-filters");
    const twin = frame.querySelector(".chart-table");
    const table = twin.querySelector("table");
    const rows = [...table.tBodies[0].rows];
    const said = frame.querySelector(".chart-said");
    const fields = form ? [...form.elements] : [];
    const chosen = () => Object.fromEntries(fields.map((field) => [field.name, field.value]));
    /* What is chosen, as a reader sees it; the values are codes, and so are the rows' own. */
    const chosenWords = () => fields.filter((field) => field.value !== "all").map((field) => field.selectedOptions[0].text).join(form?.dataset.comma);
    /* A chart whose parameters are set elsewhere on the page (explorer.js) answers for itself. */
    const filtered = () => frame.explorer?.changed() || Object.values(chosen()).some((value) => value !== "all");
    let alive;

    const begin = () => alive ||= enliven(frame).catch(() => {
      form.remove(); /* nothing to filter with; the static chart and the whole table stay */
      for (const row of rows) row.hidden = false;
      return null;
    });

    const apply = async () => {
      const values = chosen();
      for (const row of rows) {
        row.hidden = Object.entries(values).some(([param, value]) => value !== "all" && row.dataset[param] !== value);
      }
      if (said) said.textContent = filtered() ? said.dataset.said.replace("{0}", rows.filter((row) => !row.hidden).length).replace("{1}", rows.length) : "";
      if (!filtered() && !alive) return;
      const live = await begin();
      if (!live) return;
      for (const [param, value] of Object.entries(values)) live.view.signal(param, value);
      await live.view.runAsync();
    };

    if (form) {
      const read = () => {
        const state = new URLSearchParams(location.search);
        for (const field of fields) {
          const value = state.get(`${name}.${field.name}`) || "all";
          field.value = value;
          if (field.value !== value) field.value = "all"; /* an unknown value */
        }
        apply();
      };
      const write = () => {
        const state = new URLSearchParams(location.search);
        for (const [param, value] of Object.entries(chosen())) {
          if (value === "all") state.delete(`${name}.${param}`);
          else state.set(`${name}.${param}`, value);
        }
        const query = state.toString();
        try { history.pushState(null, "", (query ? "?" + query : location.pathname) + location.hash); } catch { /* file:// may refuse */ }
      };
      form.addEventListener("change", () => { write(); apply(); });
      form.addEventListener("submit", (event) => event.preventDefault());
      addEventListener("popstate", read);
      for (const kind of ["pointerenter", "focusin"]) form.addEventListener(kind, begin, { once: true });
      const drawing = frame.querySelector(".chart-drawing");
      drawing.addEventListener("pointerenter", begin, { once: true });
      drawing.addEventListener("touchstart", begin, { once: true, passive: true });
      read();
    }

    /* Headings of the table sort it, from the first time it is opened. */
    twin.addEventListener("toggle", () => {
      [...table.tHead.rows[0].cells].forEach((head, index) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = head.textContent;
        head.replaceChildren(button);
        button.addEventListener("click", () => {
          const down = head.getAttribute("aria-sort") === "ascending";
          for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
          head.setAttribute("aria-sort", down ? "descending" : "ascending");
          const key = (row) => plain(row.cells[index].textContent);
          const order = [...rows].sort((a, b) => key(a).localeCompare(key(b), document.documentElement.lang, { numeric: true }) * (down ? -1 : 1));
          table.tBodies[0].append(...order);
        });
      });
    }, { once: true });

    /* While a filter is set, the downloads are of what is shown. */
    const shown = async (kind) => {
      if (kind === "csv" && frame.explorer) return new Blob([frame.explorer.csv()], { type: "text/csv" });
      if (kind === "csv") {
        const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
        const lines = rows.filter((row) => !row.hidden).map((row) => [...row.cells].map((cell) => plain(cell.textContent)));
        return new Blob([csv([heads, ...lines])], { type: "text/csv" });
      }
      const specs = JSON.parse(frame.querySelector(".chart-spec").textContent);
      const words = (part) => plain(frame.querySelector(`.chart-${part}`).textContent);
      const state = wrap(frame.explorer?.words() || chosenWords(), 95);
      const style = getComputedStyle(document.documentElement);
      const drawn = frame.explorer ? frame.explorer.fill(specs.wide) : specs.wide;
      const text = JSON.stringify({ ...drawn, title: { text: wrap(words("finding"), 80), subtitle: [...state, ...wrap(words("counted"), 95), ...wrap(words("caveat"), 95)] } });
      const spec = JSON.parse(text.replace(/var\((--[\w-]+)\)/g, (_, variable) => style.getPropertyValue(variable).trim()));
      spec.params = spec.params.map((param) => (param.name in chosen() ? { ...param, value: chosen()[param.name] } : param));
      if (kind === "json") return new Blob([JSON.stringify(spec, null, 1)], { type: "application/json" });
      spec.background = style.getPropertyValue("--pst-color-background").trim() || "#ffffff";
      const { view } = await (await load())(document.createElement("div"), spec, options);
      if (kind === "svg") return new Blob([await view.toSVG()], { type: "image/svg+xml" });
      const canvas = await view.toCanvas(2);
      return new Promise((resolve) => { canvas.toBlob(resolve); });
    };
    frame.querySelector(".chart-download").addEventListener("click", async (event) => {
      const kind = event.target.closest("a")?.dataset.kind;
      if (!kind || !filtered()) return;
      event.preventDefault();
      save(await shown(kind), `${name}.${kind}`);
    });

    const link = frame.querySelector(".chart-link");
    link.addEventListener("click", async () => {
      const address = new URL(link.hash, location.href).href;
      try {
        await navigator.clipboard.writeText(address);
        const before = link.textContent;
        link.textContent = link.dataset.said;
        setTimeout(() => { link.textContent = before; }, 2000);
      } catch { /* the address bar has it */ }
    });
  };
  for (const frame of document.querySelectorAll(".chart")) setUp(frame);
})();
