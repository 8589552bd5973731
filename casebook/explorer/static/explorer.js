/* The explorer's form, its chart and its ranking in words, kept in step. What is computed stands in ranking.js; the
   chart is the figure's own specification, whose parameters are the weights. Without this script the page shows the
   ranking of equal weights. */
(() => {
  "use strict";
  const source = document.querySelector(".explorer-data");
  if (!source) return;
  const data = JSON.parse(source.textContent);
  const { words } = data;
  const core = window.casebookPriorities;
  const form = document.querySelector(".explorer-form");
  const view = document.querySelector(".explorer-ranking");
  const frame = document.querySelector(`.chart[data-figure="${data.figure}"]`);
  const list = view.querySelector(".explorer-list");
  const pairForm = view.querySelector(".explorer-compare");
  const paragraph = view.querySelector(".explorer-paragraph");
  const said = form.querySelector(".explorer-said");
  const top = form.querySelector(".explorer-top");
  const notice = form.querySelector(".explorer-notice");
  const more = view.querySelector(".explorer-more");
  const finding = frame.querySelector(".chart-finding");
  const published = finding.textContent;
  const counted = frame.querySelector(".chart-counted");
  const explained = counted.textContent;
  const cited = frame.querySelector(".chart-cite p");
  const citation = cited.textContent;
  const inner = (text) => text.replaceAll("“", "‘").replaceAll("”", "’"); /* quotes within quotes, as explorer.py and publish.py have them */
  const twin = frame.querySelector(".chart-table");
  const items = new Map([...list.children].map((item) => [item.dataset.step, item]));
  const place = new Map(data.steps.map(([step], index) => [step, index]));
  const name = (index) => data.steps[index][1];
  const quoted = (index) => fill(words.x_quoted, inner(name(index)));
  const criterion = (column) => data.criteria[column][1];
  const fill = (text, ...parts) => text.replace(/\{(\d)\}/g, (_, index) => parts[index]);
  /* The same with elements in it: a list of texts and elements. */
  const woven = (text, ...parts) => text.split(/\{(\d)\}/).map((piece, index) => (index % 2 ? parts[piece] : piece));
  /* As casebook/words/edition.py has it: a blank between two sentences, and none after a mark that brings its own room. */
  const sentences = (lines) => lines.map((line) => (/[\u3000-\u303f\uff00-\uffef]$/.test(line) ? line : line + " ")).join("").replace(/ $/, "");
  const percent = (share) => Math.floor(100 * share + 0.5) + "%";
  const rounded = (number) => (Math.floor(100 * number + 0.5) / 100).toFixed(2);
  const band = () => state.near || data.bands[1];
  const element = (tag, text = "", attributes = {}) => {
    const made = document.createElement(tag);
    made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };

  let state = core.start(data);
  let all = false; /* every place shown, or the first ten */
  let now; /* the current answer */
  let live; /* the chart, once it is alive */
  let turn = 0; /* of the computation: an older one that is still under way gives up */

  /* ---- one answer */
  const answer = () => {
    const table = core.values(data, state);
    const ranked = core.rank(data, table, state.weights);
    const empty = !table.steps.length || !ranked.total;
    const apart = core.chosen(data, state).filter((step) => !table.steps.includes(step));
    return { table, ...ranked, empty, apart, shares: null, near: null, change: empty ? null : core.fragility(data, table, state.weights) };
  };

  /* The share of all weightings depends on no weight: it is kept as long as the values stay. */
  const kept = { key: "", shares: null };
  const sharesOf = function* (found) {
    const key = JSON.stringify([found.table.steps, [...found.table.values], found.table.play]);
    if (kept.key !== key) {
      const shares = yield* core.acceptability(data, found.table, core.weightings(data, found.table.play));
      Object.assign(kept, { key, shares });
    }
    const near = yield* core.acceptability(data, found.table, core.around(data, core.played(found.table, state.weights), band()));
    return { shares: kept.shares, near };
  };

  /* Runs for 8 ms at a time, so that a hand on a slider never waits; most answers need less. */
  const pause = new MessageChannel();
  const settle = (found, done) => {
    const own = turn += 1;
    const work = sharesOf(found);
    const go = () => {
      if (own !== turn) return;
      const until = performance.now() + 8;
      let step = work.next();
      while (!step.done && performance.now() < until) step = work.next();
      if (step.done) { Object.assign(found, step.value); done(); } else { pause.port1.onmessage = go; pause.port2.postMessage(null); }
    };
    go();
    if (!found.near) showChart(); /* so many steps that it takes longer: the bars go ahead of how sure they are */
  };

  /* ---- words */
  const best = (shares, n, row) => { let rank = 0; while (rank < n - 1 && !shares[row * n + rank]) rank += 1; return rank + 1; };
  const worst = (shares, n, row) => { let rank = n - 1; while (rank > 0 && !shares[row * n + rank]) rank -= 1; return rank + 1; };
  /* The rank by which a share of `edge` of the weightings is reached. */
  const reached = (shares, n, row, edge) => {
    let rank = 0;
    for (let sum = shares[row * n]; rank < n - 1 && !(sum > edge - data.tie); sum += shares[row * n + rank]) rank += 1;
    return rank + 1;
  };
  const sure = (found, row) => {
    const n = found.table.steps.length;
    const shares = state.near ? found.near : found.shares;
    const counted = state.near ? fill(words.x_of_near, state.near) : words.x_of_all;
    const [low, high] = [0.05, 0.95].map((edge) => reached(shares, n, row, edge));
    const ranks = fill(low === high ? words.x_place : words.x_places, low, high);
    return fill(words.x_sure, percent(shares[row * n]), counted, ranks, worst(shares, n, row));
  };
  const rankOf = (found, row) => {
    const own = found.ranks[row];
    return found.ranks.filter((rank) => rank === own).length > 1 ? fill(words.tied, own) : String(own);
  };
  const partsOf = (found, row) => {
    const { table } = found;
    const parts = data.criteria.flatMap(([, title], column) => (
      table.play[column] ? [fill(words.x_part, title, table.words[row][column], rounded(found.parts[row * table.count + column]))] : []));
    return fill(words.x_parts, rounded(found.scores[row]), parts.join(words.x_plus));
  };
  const stepsOf = (found, rows) => {
    const names = rows.map((row) => quoted(found.table.steps[row]));
    const last = names.pop();
    return names.length ? names.join(words.comma) + words.both + last : last;
  };
  const onlyOne = (found) => {
    const used = core.played(found.table, state.weights);
    return used.filter((weight) => weight > 0).length === 1 ? fill(words.x_one_criterion, criterion(used.findIndex((weight) => weight > 0))) : "";
  };
  const order = (found) => {
    if (!found.table.steps.length) return [words.x_nothing];
    if (!found.total) return [words.x_no_weight];
    const n = found.table.steps.length;
    const first = found.order.filter((row) => found.ranks[row] === 1);
    const lines = [];
    if (first.length > 3) lines.push(fill(words.x_first_many, first.length));
    else if (first.length > 1) lines.push(fill(words.x_first_shared, stepsOf(found, first)));
    else lines.push(fill(words.x_first, stepsOf(found, first), percent(found.shares[first[0] * n]), percent(found.near[first[0] * n]), band(), data.draws_said));
    const then = found.order.filter((row) => found.ranks[row] > 1).slice(0, 2);
    if (then.length) lines.push(fill(words.x_then, then.map((row) => quoted(found.table.steps[row])).join(words.comma)));
    if (first.length > 1) return [...lines, onlyOne(found)].filter(Boolean);
    if (n === 1) lines.splice(0, lines.length, words.x_one_step);
    else if (found.order.every((row) => row === first[0] || core.dominates(found.table, first[0], row))) lines.push(words.x_top);
    else if (!found.change) lines.push(words.x_fixed);
    else {
      const size = Math.abs(found.change.points);
      const how = words[`x_point${size === 1 ? "" : "s"}_${found.change.points > 0 ? "more" : "fewer"}`];
      lines.push(fill(size <= band() ? words.x_fragile : words.x_robust, fill(how, size), criterion(found.change.column), stepsOf(found, found.change.rows)));
    }
    if (onlyOne(found)) lines.push(onlyOne(found));
    return lines;
  };
  const settings = (found) => {
    const weights = data.criteria.flatMap(([, title], column) => (found.table.play[column] ? [fill(words.x_weight, title, state.weights[column])] : []));
    const chosen = (field) => form.elements[field].selectedOptions[0].textContent;
    const ticked = (field) => [...form.querySelectorAll(`input[name="${field}"]:checked`)].map((box) => box.parentElement.textContent);
    const places = ticked("jurisdictions").join(words.comma) || words.x_none;
    const relations = ticked("relations");
    const related = relations.length ? relations.reduce((before, one) => fill(words.x_relations, before, one)) : words.x_none;
    const steps = ["recommendation", "difficulty", "home"].filter((field) => form.elements[field].selectedIndex).map(chosen);
    const judged = data.steps.flatMap(([step, title]) => data.criteria.flatMap(([code, what, own]) => (
      own && step in state[code] ? [fill(words.x_own_value, title, what, data.scales[code][state[code][step]][1])] : [])));
    return sentences([
      fill(words.x_settings, weights.join(words.comma), [places, related].join(words.semicolon), steps.join(words.comma) || words.x_home_all),
      ...(judged.length ? [fill(words.x_judged, judged.join(words.semicolon))] : []),
      words.x_rounded,
    ]);
  };
  const address = () => {
    const url = new URL(location.href);
    const text = core.write(data, state);
    if (text === "1") url.searchParams.delete("explorer"); else url.searchParams.set("explorer", text);
    return url;
  };

  /* ---- the ranking in words */
  const precedent = ([title, href, where, kind, status, dated, relation, figure]) => {
    const item = element("li");
    const known = [where, kind, status, dated, figure].filter(Boolean).join(words.semicolon);
    item.append(...woven(words.x_precedent, element("a", title, { href }), known, element("strong", relation)));
    return item;
  };
  const listed = (links, skip) => { const made = element("ul"); made.append(...links.map((link) => precedent(link.slice(skip)))); return made; };
  const judgement = (step) => {
    const made = element("fieldset", "", { class: "explorer-own" });
    made.append(element("legend", words.x_judge));
    for (const [code, title, own] of data.criteria) {
      if (!own) continue;
      const label = element("label", title, { class: "explorer-select" });
      const select = element("select", "", { "data-own": code });
      const levels = Object.entries(data.scales[code]).sort((a, b) => b[1][0] - a[1][0]);
      select.append(new Option(words.not_set, ""), ...levels.map(([level, [, text]]) => new Option(text, level)));
      select.addEventListener("change", () => {
        if (select.value === "") delete state[code][step]; else state[code][step] = Number(select.value);
        update();
        keep();
      });
      label.append(select);
      made.append(label);
    }
    return made;
  };
  const unfold = (item) => {
    const details = item.querySelector("details");
    const row = now.table.steps.indexOf(place.get(item.dataset.step));
    if (!details.querySelector(".explorer-own")) details.append(element("div", "", { class: "explorer-links" }), judgement(item.dataset.step));
    for (const select of details.querySelectorAll("select")) select.value = state[select.dataset.own][item.dataset.step] ?? "";
    if (row < 0) return;
    const inside = [listed(now.table.links[row], 8)];
    const national = data.national.filter(([step]) => step === place.get(item.dataset.step));
    if (national.length) inside.push(element("p", words.x_national), listed(national, 1));
    const all = now.table.steps.map((_, other) => other);
    const below = all.filter((other) => core.dominates(now.table, row, other));
    const above = all.filter((other) => core.dominates(now.table, other, row));
    if (below.length) inside.push(element("p", fill(words.x_never_below, below.map((other) => name(now.table.steps[other])).join(words.semicolon))));
    if (above.length) inside.push(element("p", fill(words.x_never_above, above.map((other) => name(now.table.steps[other])).join(words.semicolon))));
    details.querySelector(".explorer-links").replaceChildren(...inside);
  };

  const put = (node, text) => { if (node.textContent !== text) node.textContent = text; };
  const showList = () => {
    const ordered = now.empty ? [] : now.order;
    const inOrder = ordered.map((row) => items.get(data.steps[now.table.steps[row]][0]));
    /* What has the focus stays in its place in the document, and the others move around it. */
    const held = inOrder.indexOf(document.activeElement.closest?.(".explorer-list > li"));
    if (inOrder.some((item, index) => list.children[index] !== item)) {
      if (held < 0) list.prepend(...inOrder);
      else { inOrder[held].before(...inOrder.slice(0, held)); inOrder[held].after(...inOrder.slice(held + 1)); }
    }
    const shown = new Set(inOrder);
    for (const item of items.values()) if (!shown.has(item)) item.hidden = true;
    ordered.forEach((row, index) => {
      const item = inOrder[index];
      item.hidden = !all && now.ranks[row] > data.shown;
      put(item.querySelector(".step-rank b"), rankOf(now, row));
      put(item.querySelector(".step-parts"), partsOf(now, row));
      put(item.querySelector("summary"), fill(words.x_open, now.table.links[row].length));
      if (item.querySelector("details").open) unfold(item);
    });
    list.hidden = now.empty;
    more.parentElement.hidden = !ordered.some((row) => now.ranks[row] > data.shown);
    put(more, all ? fill(words.x_less, data.shown) : fill(words.x_more, ordered.length));
    more.setAttribute("aria-expanded", String(all));
    const apart = view.querySelector(".explorer-apart");
    apart.hidden = now.empty || !now.apart.length;
    put(apart, fill(words.x_apart, now.apart.map(name).join(words.semicolon)));
    put(view.querySelector(".explorer-settings"), settings(now));
    list.dataset.ready = "";
  };
  const showSure = () => {
    if (now.empty) return;
    now.order.forEach((row) => put(items.get(data.steps[now.table.steps[row]][0]).querySelector(".step-sure"), sure(now, row)));
  };

  /* ---- two steps side by side */
  const showPair = () => {
    const box = view.querySelector(".explorer-pair");
    const [left, right] = state.compare.map((step) => place.get(step));
    if (left === undefined || right === undefined) {
      const one = pairForm.elements.left.value || pairForm.elements.right.value;
      box.replaceChildren(...(one ? [element("p", words.x_choose_other)] : []));
      return;
    }
    const rows = [left, right].map((step) => now.table.steps.indexOf(step));
    const table = element("table", "", { class: "casebook cards", role: "table" });
    const heads = ["", name(left), name(right)];
    const columns = element("colgroup");
    for (const width of [24, 38, 38]) columns.append(element("col", "", { style: `width: ${width}%` }));
    const head = element("tr", "", { role: "row" });
    for (const text of [words.x_criterion, heads[1], heads[2]]) head.append(element("th", text, { scope: "col", role: "columnheader" }));
    const thead = element("thead", "", { role: "rowgroup" });
    thead.append(head);
    const body = element("tbody", "", { role: "rowgroup" });
    const line = (title, cells) => {
      const made = element("tr", "", { role: "row" });
      made.append(element("th", title, { scope: "row", role: "rowheader" }));
      cells.forEach((cell, index) => {
        const td = element("td", "", { role: "cell", "data-label": heads[index + 1] });
        td.append(cell);
        made.append(td);
      });
      body.append(made);
    };
    const ranked = (row) => (row < 0 || now.empty ? words.x_not_ranked : fill(words.placed, rankOf(now, row), rounded(now.scores[row])));
    line(words.x_sum, rows.map(ranked));
    data.criteria.forEach(([, title], column) => {
      if (!now.table.play[column]) return;
      const value = (row) => now.table.values[row * now.table.count + column];
      const known = rows.every((row) => row >= 0) && rows.every((row) => !Number.isNaN(value(row)));
      line(title, rows.map((row, index) => {
        if (row < 0) return words.x_none;
        const said = now.table.words[row][column];
        const shown = Number.isNaN(value(row)) ? said : fill(words.placed, said, rounded(value(row)));
        return known && value(row) > value(rows[1 - index]) ? fill(words.x_better, shown) : shown;
      }));
    });
    line(words.x_precedents, rows.map((row) => (row < 0 ? words.x_none : listed(now.table.links[row], 8))));
    const of = [left, right].map((step) => data.steps[step][3]);
    const whole = element("tr", "", { role: "row" });
    whole.append(element("th", words.x_of_recommendation, { colspan: 3, scope: "rowgroup", role: "rowheader" }));
    body.append(whole);
    data.lessons[of[0]].forEach(([title], index) => line(title, of.map((recommendation) => data.lessons[recommendation][index][1])));
    line(words.x_silent, of.map((recommendation) => (data.silent[recommendation] || []).join(words.comma) || words.x_none));
    table.append(element("caption", words.x_compare, { class: "visually-hidden" }), columns, thead, body);
    const inside = [table];
    if (rows.every((row) => row >= 0) && left !== right) {
      const [a, b] = rows;
      const values = (row) => [...now.table.values.subarray(row * now.table.count, (row + 1) * now.table.count)];
      const text = core.dominates(now.table, a, b) ? fill(words.x_weights_cannot, inner(name(left)), inner(name(right)))
        : core.dominates(now.table, b, a) ? fill(words.x_weights_cannot, inner(name(right)), inner(name(left)))
          : values(a).every((value, column) => !now.table.play[column] || value === values(b)[column]) ? words.x_weights_same : words.x_weights_can;
      inside.unshift(element("p", text));
    }
    box.replaceChildren(...inside);
  };

  /* ---- the chart */
  const rowsFor = (spec) => {
    const [before] = Object.values(spec.datasets);
    const known = new Map(before.map((row) => [row.step, row]));
    if (now.empty) return [];
    const n = now.table.steps.length;
    const shares = (state.near ? now.near : now.shares) || new Float64Array(0);
    return now.table.steps.map((step, row) => {
      const made = { ...known.get(data.steps[step][0]) };
      for (let column = 0; column < now.table.count; column += 1) {
        const value = now.table.values[row * now.table.count + column];
        made[`v${column + 1}`] = Number.isNaN(value) ? data.middle : value;
        made[`u${column + 1}`] = Number(Number.isNaN(value));
      }
      const own = [...shares.subarray(row * n, (row + 1) * n)];
      made.taken = own.flatMap((share, rank) => (share >= 0.005 ? [rank + 1] : [])); /* what rounds to nothing is not drawn */
      made.share = own.filter((share) => share >= 0.005);
      return made;
    });
  };
  const signals = () => ({
    ...Object.fromEntries(data.criteria.map((_, column) => [`w${column + 1}`, now.table.play[column] ? state.weights[column] : 0])),
    shown: all ? data.steps.length : data.shown,
    ranks: Math.max(1, now.table.steps.length),
    counted: fill(words.rank_axis, state.near ? fill(words.axis_near, state.near) : words.axis_all),
  });
  let pushed; /* whose rows the chart has: they are only handed over when they changed */
  const showChart = () => {
    if (!live) return;
    const shares = now.empty ? [] : state.near ? now.near : now.shares;
    if (shares !== pushed) live.view.data(live.dataset, rowsFor(live.spec));
    pushed = shares;
    for (const [key, value] of Object.entries(signals())) live.view.signal(key, value);
    live.view.run();
    if (now.shares || now.empty) frame.querySelector(".chart-now svg").setAttribute("aria-label", sentences(order(now)));
  };

  let begun;
  const begin = () => begun ||= window.casebook.enliven(frame).then(({ view: drawn, spec }) => {
    live = { view: drawn, spec, dataset: Object.keys(spec.datasets)[0] };
    if (now.shares || now.empty) showChart();
  }).catch(() => { /* the ranking in words goes on; the drawing stays that of the page, and says whose it is */
    frame.querySelector(".chart-drawing").hidden = changed();
    live = null;
    broken = true;
  });
  let broken = false;
  const changed = () => core.write(data, state) !== "1" || all;

  /* ---- the table beside the chart, and what can be downloaded of it */
  const showTwin = () => {
    if (!twin.open || !(now.empty || now.shares)) return;
    const table = twin.querySelector("table");
    const heads = [...table.tHead.rows[0].cells];
    for (const head of heads) head.removeAttribute("aria-sort");
    const lines = now.empty ? [] : now.order.map((row) => [
      name(now.table.steps[row]), rankOf(now, row),
      data.criteria.flatMap(([, title], column) => (now.table.play[column] ? [fill(words.valued, title, now.table.words[row][column])] : [])).join(words.semicolon),
      percent((state.near ? now.near : now.shares)[row * now.table.steps.length]),
    ]);
    [...table.tBodies[0].rows].forEach((row, index) => {
      row.hidden = index >= lines.length;
      if (row.hidden) return;
      [...row.cells].forEach((cell, column) => {
        if (column) cell.textContent = lines[index][column];
        else cell.replaceChildren(element("a", lines[index][0], { href: "#step-" + data.steps[now.table.steps[now.order[index]]][0] }));
      });
    });
  };
  const csv = () => {
    const { table } = now;
    const n = table.steps.length;
    const used = core.played(table, state.weights);
    const titles = (...keys) => keys.map((key) => words[`x_csv_${key}`]);
    const heads = titles("rank", "step", "name", "section", "at_home", "score");
    for (const [code] of data.criteria) {
      const [own] = titles(code);
      heads.push(own, ...titles("in_words", "weight", "part").map((text) => fill(text, own)));
    }
    heads.push(...titles("first_all", "best", "worst"), fill(...titles("first_near"), band()), ...titles("precedents", "settings"));
    const lines = (now.shares ? now.order : []).map((row) => {
      const [step, title, section, , home] = data.steps[table.steps[row]];
      const cells = [rankOf(now, row), step, title, section, home ? words.x_yes : words.x_not_shown, now.scores[row]];
      data.criteria.forEach((_, column) => {
        const value = table.values[row * table.count + column];
        cells.push(Number.isNaN(value) ? words.x_unknown : Number(value.toFixed(10)), table.words[row][column], used[column], now.parts[row * table.count + column]);
      });
      cells.push(now.shares[row * n], best(now.shares, n, row), worst(now.shares, n, row), now.near[row * n]);
      cells.push(table.links[row].map((link) => fill(words.x_whose, link[8], link[10])).join(" | "), core.write(data, state));
      return cells;
    });
    return window.casebook.csv([heads, ...lines]);
  };
  frame.explorer = {
    changed,
    csv,
    words: () => settings(now),
    /* The chart as it is now, for a picture or a specification to take along. */
    fill: (spec) => {
      const [dataset] = Object.keys(spec.datasets);
      const values = signals();
      return { ...spec, datasets: { [dataset]: rowsFor(spec) }, params: spec.params.map((param) => ({ ...param, value: values[param.name] ?? param.value })) };
    },
  };

  /* ---- the form */
  const sync = () => {
    data.criteria.forEach(([code, , own], column) => {
      const slider = form.querySelector(`[data-weight="${code}"]`);
      const points = form.querySelector(`[data-points="${code}"]`);
      const off = Boolean(own) && !Object.keys(state[code]).length;
      slider.disabled = points.disabled = off;
      slider.closest(".explorer-weight").toggleAttribute("data-off", off);
      const n = now.table.steps.length;
      const values = now.table.steps.map((_, row) => now.table.values[row * now.table.count + column]);
      const rated = values.filter((value) => !Number.isNaN(value)).length;
      put(form.querySelector(`#q-${code}`), own ? (off ? words.x_own_off : fill(words.x_own_set, rated, n))
        : n > 1 && values.every((value) => value === values[0]) ? words.x_same : fill(words.x_highest, highest(code)));
      slider.value = state.weights[column];
      if (document.activeElement !== points) points.value = state.weights[column];
    });
    for (const field of ["recommendation", "difficulty", "home", "near"]) form.elements[field].value = String(state[field]);
    for (const field of ["jurisdictions", "relations"]) {
      for (const box of form.querySelectorAll(`input[name="${field}"]`)) box.checked = state[field].includes(box.value);
    }
    for (const button of form.querySelectorAll("[data-preset]")) {
      const evidence = data.presets[button.dataset.preset].filter((_, column) => !data.criteria[column][2]);
      button.setAttribute("aria-pressed", String(evidence.every((points, column) => points === state.weights[column])));
    }
    for (const button of form.querySelectorAll("[data-from]")) button.setAttribute("aria-pressed", String(state.jurisdictions.join() === fromType(button.dataset.from).join()));
    if (state.compare.length) [pairForm.elements.left.value, pairForm.elements.right.value] = state.compare;
  };
  const highest = (code) => Object.values(data.scales[code]).reduce((best, one) => (one[0] > best[0] ? one : best))[1];
  const fromType = (type) => data.jurisdictions.filter(([, , own]) => !type || own === type).map(([code]) => code);

  /* The ranking in words follows at once where it is in sight, and otherwise when the hand rests: half of the cost of a
     move of a slider would be a list that nobody sees. The message waits too: it must not interrupt at every step. */
  let seen = false;
  let stale = false;
  const showWords = () => {
    stale = false;
    showList();
    if (now.shares) showSure();
  };
  new IntersectionObserver(([entry]) => {
    seen = entry.isIntersecting;
    if (seen && stale) showWords();
  }, { rootMargin: "25%" }).observe(view);
  let resting = 0;
  const rest = () => {
    clearTimeout(resting);
    resting = setTimeout(() => {
      resting = 0;
      put(said, sentences(order(now)));
      put(paragraph, take());
      if (stale) showWords();
    }, 300);
  };
  const take = () => {
    const said = order(now);
    const result = now.empty || now.table.steps.length === 1 ? said : [fill(words.x_of, now.table.steps.length, said[0]), ...said.slice(1)];
    return fill(words.x_paragraph, sentences(result), settings(now), address().href);
  };
  /* The key in the words below the chart, of the criteria that count; as it is published, these are all but the reader's own. */
  const key = (play) => data.criteria.flatMap(([, title], column) => (play[column] ? [`${column + 1}\u00a0${title}`] : [])).join("  ");
  const publishedKey = key(data.criteria.map(([, , own]) => !own));
  /* The first three, at the lower edge of the window as long as the form is in sight: what a slider does shows at once. */
  const showTop = () => {
    const rows = now.empty ? [] : now.order.slice(0, 3);
    top.replaceChildren(...rows.map((row) => element("span", `${rankOf(now, row)} ${name(now.table.steps[row])}`)));
  };
  const update = () => {
    clearTimeout(resting);
    if (changed()) begin();
    now = answer();
    sync();
    showTop();
    stale = true;
    const finish = () => {
      if (seen || !live) showWords();
      showChart();
      showTwin();
      showPair();
      const title = changed() ? order(now)[0].replace(/[.。]$/, "") : published; /* a title has no full stop */
      put(finding, title);
      put(twin.querySelector("caption"), title);
      put(cited, citation.replace(inner(published), () => inner(title)));
      put(counted, explained.replace(publishedKey, () => key(now.table.play)));
      frame.querySelector(".chart-drawing").hidden = now.empty || (broken && changed());
      rest();
    };
    if (now.empty) { turn += 1; finish(); } else settle(now, finish);
  };
  const keep = () => { try { history.replaceState(null, "", address()); } catch { /* file:// may refuse */ } };
  const tell = (text, field = null) => {
    (field ? field.closest(".explorer-weight") : said.parentElement).append(notice);
    notice.hidden = !text;
    put(notice, text);
  };

  /* What a person may have typed or pasted: full-width digits, a percent sign, a decimal comma, a real minus. */
  const number = (text) => {
    const plain = text.normalize("NFKC").replace(/[\u2212\u2013]/g, "-").replace(/[\s%]/g, "").replace(",", ".");
    return /^-?\d+(\.\d+)?$/.test(plain) ? Math.round(Number(plain)) : NaN;
  };
  const setWeight = (code, points) => { state.weights[data.criteria.findIndex(([one]) => one === code)] = points; };
  const typed = (field, final) => {
    const column = data.criteria.findIndex(([code]) => code === field.dataset.points);
    const points = number(field.value);
    const inside = points >= 0 && points <= data.limit;
    if (!final) { if (inside && field.value.trim()) { setWeight(field.dataset.points, points); update(); } return; }
    if (Number.isNaN(points)) tell(fill(words.x_not_number, field.value, data.limit, state.weights[column]), field);
    else {
      tell(points < 0 ? fill(words.x_below, points) : points > data.limit ? fill(words.x_above, points, data.limit) : "", field);
      setWeight(field.dataset.points, Math.min(data.limit, Math.max(0, points)));
    }
    field.value = state.weights[column];
    update();
    keep();
  };

  form.addEventListener("input", ({ target }) => {
    if (target.dataset.weight) { tell(""); setWeight(target.dataset.weight, Number(target.value)); update(); }
    if (target.dataset.points) typed(target, false);
  });
  form.addEventListener("change", ({ target }) => {
    if (target.dataset.points) { typed(target, true); return; }
    if (["recommendation", "difficulty", "home"].includes(target.name)) state[target.name] = target.value;
    if (target.name === "near") state.near = Number(target.value);
    if (["jurisdictions", "relations"].includes(target.name)) {
      const every = target.name === "relations" ? data.relations : data.jurisdictions.map(([code]) => code);
      state[target.name] = every.filter((value) => form.querySelector(`input[name="${target.name}"][value="${value}"]`).checked);
    }
    if (!target.dataset.weight) { tell(""); update(); }
    keep();
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.preset) {
      data.criteria.forEach(([code, , own], column) => { if (!own) setWeight(code, data.presets[button.dataset.preset][column]); });
    } else if ("from" in button.dataset) state.jurisdictions = fromType(button.dataset.from);
    else return;
    tell("");
    update();
    keep();
  });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    state = core.start(data);
    pairForm.reset();
    tell("");
    update();
    keep();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  pairForm.addEventListener("submit", (event) => event.preventDefault());
  pairForm.addEventListener("change", () => {
    const pair = [pairForm.elements.left.value, pairForm.elements.right.value];
    state.compare = pair.every(Boolean) ? pair : [];
    showPair();
    put(paragraph, take());
    keep();
  });
  more.addEventListener("click", () => {
    all = !all;
    showList();
    if (!all) more.scrollIntoView({ block: "center" }); /* the page has become shorter */
    begin().then(() => { if (now.shares) showChart(); });
  });
  twin.addEventListener("toggle", showTwin);
  for (const item of items.values()) item.querySelector("details").addEventListener("toggle", () => unfold(item));

  const taken = view.querySelector(".explorer-taken");
  const copy = async (text) => {
    try { await navigator.clipboard.writeText(text); put(taken, words.x_copied); } catch { put(taken, words.x_not_copied); }
    setTimeout(() => put(taken, ""), 4000);
  };
  view.querySelector(".explorer-take").addEventListener("click", (event) => {
    const kind = event.target.closest("button")?.dataset.take;
    if (kind === "link") copy(address().href);
    if (kind === "text") copy(take());
    if (kind === "print") {
      document.documentElement.classList.add("only-explorer");
      addEventListener("afterprint", () => document.documentElement.classList.remove("only-explorer"), { once: true });
      print();
    }
    if (kind === "csv") window.casebook.save(new Blob([csv()], { type: "text/csv" }), `${data.figure}.csv`);
  });

  /* ---- the first look: what the address says, or the explorer's own settings */
  const look = () => {
    const text = new URLSearchParams(location.search).get("explorer");
    state = core.start(data);
    if (text !== null) {
      try { state = core.read(data, text); tell(""); } catch (error) { tell(fill(words.x_broken, error.message)); }
      begin();
    }
    update();
  };
  addEventListener("popstate", look);
  /* A link to a step that stands below the first places opens all of them. */
  const arrive = () => {
    const step = location.hash.replace("#step-", "");
    const row = now.table.steps.indexOf(place.get(step));
    if (now.empty || row < 0 || now.ranks[row] <= data.shown) return;
    all = true;
    showWords();
    items.get(step).scrollIntoView();
  };
  addEventListener("hashchange", arrive);
  for (const kind of ["pointerenter", "touchstart", "focusin"]) form.addEventListener(kind, begin, { once: true, passive: true });
  frame.querySelector(".chart-drawing").addEventListener("pointerenter", begin, { once: true });
  /* Resolves when nothing is under way any more: all computed, drawn, and said. */
  const settled = () => new Promise((done) => {
    const look = () => (resting || !(now.empty || now.near) || (begun && live === undefined) ? setTimeout(look, 5) : done());
    look();
  }).then(() => live?.view.runAsync()).then(() => {});
  window.casebook.explorer = { answer: () => now, state: () => state, settled, set: (text) => { state = core.read(data, text); update(); } };
  look();
  arrive();
})();
