/* The computation of the explorer: the same as casebook/priorities.py, which says what it is and where it comes from, from
   the same data. A test compares the two through 200 states. Nothing here touches the page.

   A table is { steps: [place of each step among all], count, values: Float64Array(steps × criteria), NaN for unknown }. */
(() => {
  "use strict";

  /* ---- settings: the part of an address */
  const start = (data) => ({
    weights: data.presets.equal.slice(), jurisdictions: codes(data), relations: data.relations.slice(),
    recommendation: "", difficulty: "", home: "all", priority: {}, feasibility: {}, near: data.bands[1], compare: [],
  });
  const codes = (data) => data.jurisdictions.map(([code]) => code);
  const short = (code) => code.split("-").pop();
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  const write = (data, state) => {
    const begin = start(data);
    const own = (levels) => data.steps.filter(([step]) => step in levels).map(([step]) => `${step}_${levels[step]}`).join("*");
    const parts = ["1"];
    if (!same(state.weights, begin.weights)) parts.push("w" + state.weights.join("-"));
    if (!same(state.jurisdictions, begin.jurisdictions)) parts.push("j" + state.jurisdictions.map(short).join("-"));
    if (!same(state.relations, begin.relations)) parts.push("l" + state.relations.join("-"));
    if (state.recommendation) parts.push("r" + state.recommendation);
    if (state.difficulty) parts.push("d" + state.difficulty);
    if (state.home !== begin.home) parts.push("h" + state.home);
    if (own(state.priority)) parts.push("p" + own(state.priority));
    if (own(state.feasibility)) parts.push("f" + own(state.feasibility));
    if (state.near !== begin.near) parts.push("n" + state.near);
    if (state.compare.length) parts.push("c" + state.compare.join("*"));
    return parts.join(".");
  };

  /* Throws an Error whose message is the part that cannot be read. */
  const read = (data, text) => {
    const steps = data.steps.map(([step]) => step);
    const wrong = (part) => { throw new Error(part); };
    const oneOf = (values, value, part) => (values.includes(value) ? value : wrong(part));
    const someOf = (values, rest, part) => {
      const chosen = rest ? rest.split("-") : [];
      if (new Set(chosen).size !== chosen.length || !chosen.every((value) => values.includes(value))) wrong(part);
      return values.filter((value) => chosen.includes(value));
    };
    const own = (rest, part) => {
      const found = rest.split("*").map((one) => one.split("_"));
      if (!found.every((one) => one.length === 2 && steps.includes(one[0]) && /^[0-4]$/.test(one[1]))) wrong(part);
      return Object.fromEntries(found.map(([step, level]) => [step, Number(level)]));
    };
    const readers = {
      w: (rest, part) => {
        const found = rest.split("-");
        if (found.length !== data.criteria.length || !found.every((one) => /^[0-9]{1,3}$/.test(one) && Number(one) <= data.limit)) wrong(part);
        return ["weights", found.map(Number)];
      },
      j: (rest, part) => ["jurisdictions", codes(data).filter((code) => someOf(codes(data).map(short), rest, part).includes(short(code)))],
      l: (rest, part) => ["relations", someOf(data.relations, rest, part)],
      r: (rest, part) => ["recommendation", oneOf(data.recommendations, rest, part)],
      d: (rest, part) => ["difficulty", oneOf(Object.keys(data.answers), rest, part)],
      h: (rest, part) => ["home", oneOf(data.home, rest, part)],
      p: (rest, part) => ["priority", own(rest, part)],
      f: (rest, part) => ["feasibility", own(rest, part)],
      n: (rest, part) => ["near", Number(oneOf(["0", ...data.bands.map(String)], rest, part))],
      c: (rest, part) => {
        const pair = rest.split("*");
        if (pair.length !== 2) wrong(part);
        return ["compare", pair.map((step) => oneOf(steps, step, part))];
      },
    };
    const [version, ...parts] = text.split(".");
    if (version !== "1") wrong(version);
    const found = {};
    for (const part of parts) {
      const reader = Object.hasOwn(readers, part[0] || "") ? readers[part[0]] : wrong(part);
      const [name, value] = reader(part.slice(1), part);
      if (name in found) wrong(part);
      found[name] = value;
    }
    return { ...start(data), ...found };
  };

  /* ---- from evidence to values */
  const counted = (data, state) => data.links.filter((link) => state.jurisdictions.includes(link[1]) && state.relations.includes(link[2]));

  /* Every step that the state compares, as places among all. */
  const chosen = (data, state) => data.steps.map((step, place) => [step, place]).filter(([[, , , recommendation, home]]) => (
    (!state.recommendation || recommendation === state.recommendation)
    && (!state.difficulty || data.answers[state.difficulty].includes(recommendation))
    && (state.home === "all" || Boolean(home) === (state.home === "only"))
  )).map(([, place]) => place);

  const values = (data, state) => {
    const byStep = new Map();
    for (const link of counted(data, state)) {
      if (!byStep.has(link[0])) byStep.set(link[0], []);
      byStep.get(link[0]).push(link);
    }
    const steps = chosen(data, state).filter((place) => byStep.has(place));
    const scale = (criterion, level) => data.scales[criterion][level][0];
    const ladder = Object.entries(data.scales.time_in_force).map(([years, [value]]) => [Number(years), value]).sort((a, b) => a[0] - b[0]);
    const since = (years) => {
      if (years <= ladder[0][0]) return ladder[0][1];
      for (let i = 1; i < ladder.length; i += 1) {
        const [[x0, y0], [x1, y1]] = [ladder[i - 1], ladder[i]];
        if (years <= x1) return y0 + ((y1 - y0) / (x1 - x0)) * (years - x0);
      }
      return ladder.at(-1)[1];
    };
    const count = data.criteria.length;
    const table = { steps, count, values: new Float64Array(steps.length * count).fill(NaN), words: [], links: [] };
    steps.forEach((place, row) => {
      const links = byStep.get(place);
      const [places, every] = [new Set(links.map((link) => link[1])).size, data.jurisdictions.length];
      const [none, all] = [scale("breadth", "none"), scale("breadth", "all")];
      const breadth = [none + (all - none) * (places / every),
        places === every ? data.scales.breadth.all[1] : data.words.of_pioneers.replace("{0}", places).replace("{1}", every)];
      const level = links.map((link) => link[3]).reduce((best, one) => (scale("legal_footing", one) > scale("legal_footing", best) ? one : best));
      const specificity = links.some((link) => link[4]) ? "named" : "general";
      const measured = links.some((link) => link[5]) ? "figure" : "no_figure";
      const years = links.map((link) => link[6]).filter((year) => year !== null);
      const begun = links.some((link) => link[7]) ? "begun" : "announced";
      const named = (criterion, one) => data.scales[criterion][one];
      const evidence = [breadth, named("legal_footing", level), named("specificity", specificity), named("measured", measured),
        years.length ? [since(data.year - Math.min(...years)), data.words.since.replace("{0}", Math.min(...years))] : [NaN, data.words.undated],
        named("begun", begun)];
      const own = ["priority", "feasibility"].map((name) => {
        const set = state[name][data.steps[place][0]];
        return set === undefined ? [NaN, data.words.not_set] : named(name, set);
      });
      [...evidence, ...own].forEach(([value], column) => { table.values[row * count + column] = value; });
      table.words.push([...evidence, ...own].map(([, words]) => words));
      table.links.push(links);
    });
    table.play = data.criteria.map(([, , own], column) => !own || steps.some((_, row) => !Number.isNaN(table.values[row * count + column])));
    return table;
  };

  /* ---- the order */
  const played = (table, weights) => Float64Array.from(weights, (weight, column) => (table.play[column] ? weight : 0));
  const add = (numbers) => numbers.reduce((sum, number) => sum + number, 0);

  /* { parts: Float64Array(steps × criteria), scores, ranks, order: rows, best first } for weights in points. */
  const rank = (data, table, weights) => {
    const used = played(table, weights);
    const total = add(used);
    const { count, steps } = table;
    const parts = new Float64Array(table.values.length);
    const scores = new Float64Array(steps.length);
    for (let row = 0; row < steps.length; row += 1) {
      for (let column = 0; column < count; column += 1) {
        const value = table.values[row * count + column];
        const part = total ? (Number.isNaN(value) ? data.middle : value) * (used[column] / total) : 0;
        parts[row * count + column] = part;
        scores[row] += part;
      }
    }
    const sorted = scores.slice().sort();
    const ranks = Array.from(scores, (score) => 1 + better(sorted, score + data.tie));
    const order = steps.map((_, row) => row).sort((a, b) => ranks[a] - ranks[b] || a - b);
    return { parts, scores, ranks, order, total };
  };

  /* How many of `sorted` (ascending) are above `limit`. */
  const better = (sorted, limit) => {
    let low = 0, high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] > limit) high = middle; else low = middle + 1;
    }
    return sorted.length - low;
  };

  /* Is row `one` at least as good as row `other` on every criterion in play, whatever is unknown; and better on one? */
  const dominates = (table, one, other) => {
    let ahead = false;
    for (let column = 0; column < table.count; column += 1) {
      if (!table.play[column]) continue;
      const low = table.values[one * table.count + column];
      const high = table.values[other * table.count + column];
      const [a, b] = [Number.isNaN(low) ? 0 : low, Number.isNaN(high) ? 1 : high];
      if (a < b) return false;
      if (a > b) ahead = true;
    }
    return ahead;
  };

  const fragility = (data, table, weights) => {
    const { count } = table;
    const n = table.steps.length;
    if (n < 2) return null;
    const used = played(table, weights);
    const value = (row, column) => { const found = table.values[row * count + column]; return Number.isNaN(found) ? data.middle : found; };
    const sums = (points) => Array.from({ length: n }, (_, row) => points.reduce((sum, weight, column) => sum + weight * value(row, column), 0));
    const now = sums(used);
    const first = now.findIndex((sum) => sum >= Math.max(...now) - data.tie);
    let best = null;
    for (let column = 0; column < count; column += 1) {
      if (!table.play[column]) continue;
      for (let other = 0; other < n; other += 1) {
        const slope = value(first, column) - value(other, column);
        if (other === first || Math.abs(slope) < data.tie) continue;
        const points = Math.floor((now[first] - now[other]) / Math.abs(slope) + data.tie) + 1;
        const change = slope > 0 ? -points : points;
        const changed = used.slice();
        changed[column] += change;
        if (changed[column] < 0 || changed[column] > data.limit || add(changed) <= 0 || (best && points >= Math.abs(best.points))) continue;
        best = { column, points: change, changed };
      }
    }
    if (!best) return null;
    const then = sums(best.changed);
    const rows = then.map((sum, row) => [sum, row]).filter(([sum]) => sum >= Math.max(...then) - data.tie).map(([, row]) => row);
    return { column: best.column, points: best.points, rows };
  };

  /* ---- how sure is it */
  const uniform = (data, number) => {
    let h = (Math.imul(number, 0x9e3779b9) + data.seed) | 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
  };

  const weightings = (data, play) => {
    const columns = play.flatMap((used, column) => (used ? [column] : []));
    const drawn = new Float64Array(data.draws * play.length);
    const edges = new Float64Array(columns.length + 1);
    for (let draw = 0; draw < data.draws; draw += 1) {
      for (let i = 0; i < columns.length - 1; i += 1) edges[i + 1] = uniform(data, draw * data.stride + i);
      edges[0] = 0;
      edges[columns.length] = 1;
      edges.sort();
      columns.forEach((column, i) => { drawn[draw * play.length + column] = edges[i + 1] - edges[i]; });
    }
    return drawn;
  };

  const around = (data, weights, band) => {
    const count = weights.length;
    const drawn = new Float64Array(data.draws * count);
    for (let column = 0; column < count; column += 1) {
      if (!(weights[column] > 0)) continue;
      const low = Math.max(0, weights[column] - band);
      const width = Math.min(data.limit, weights[column] + band) - low;
      for (let draw = 0; draw < data.draws; draw += 1) {
        drawn[draw * count + column] = low + uniform(data, data.draws * data.stride + draw * data.stride + column) * width;
      }
    }
    return drawn;
  };

  /* Shares of ranks, Float64Array(steps × ranks), after a number of steps of a generator that yields between them. */
  const acceptability = function* (data, table, drawn) {
    const { count } = table;
    const n = table.steps.length;
    const shares = new Float64Array(n * n);
    const known = table.values.map((value) => (Number.isNaN(value) ? 0 : value));
    const unknown = [];
    table.values.forEach((value, index) => { if (Number.isNaN(value) && table.play[index % count]) unknown.push(index); });
    const offset = 2 * data.draws * data.stride;
    const scores = new Float64Array(n);
    for (let draw = 0; draw < data.draws; draw += 1) {
      const from = draw * count;
      let total = 0;
      for (let column = 0; column < count; column += 1) total += drawn[from + column];
      for (let row = 0, index = 0; row < n; row += 1) {
        let sum = 0;
        for (let column = 0; column < count; column += 1, index += 1) sum += drawn[from + column] * known[index];
        scores[row] = sum;
      }
      for (const index of unknown) {
        const row = (index / count) | 0;
        const column = index - row * count;
        const weight = drawn[from + column];
        if (weight) scores[row] += weight * uniform(data, offset + (draw * data.steps.length + table.steps[row]) * data.stride + column);
      }
      for (let row = 0; row < n; row += 1) scores[row] /= total;
      for (let row = 0; row < n; row += 1) {
        const limit = scores[row] + data.tie;
        let above = 0;
        for (let other = 0; other < n; other += 1) above += scores[other] > limit ? 1 : 0;
        shares[row * n + above] += 1;
      }
      if ((draw & 31) === 31) yield;
    }
    for (let index = 0; index < shares.length; index += 1) shares[index] /= data.draws;
    return shares;
  };

  window.casebookPriorities = { start, read, write, counted, chosen, values, played, rank, dominates, fragility, uniform, weightings, around, acceptability };
})();
