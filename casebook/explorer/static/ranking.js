/* What the explorer computes. ranking.py is its twin and says what each function is and where its
   method comes from; a test runs both from the same data. Nothing here touches the page.

   `data` is what page.py hands over. A table has
     steps: the place of each step in data.measures,   count: how many criteria,
     values: Float64Array(steps × criteria), NaN for unknown,   words: the same in words,
     precedents: those that count, a list a step,   play: whether a criterion counts, a list. */
(() => {
  "use strict";

  /* ---- settings: the part of an address */
  const codes = (data) => data.jurisdictions.map(({ province }) => province);
  const start = (data) => ({
    weights: data.presets.equal.slice(), jurisdictions: codes(data),
    relations: Object.keys(data.relations), recommendation: "", difficulty: "", home: "all",
    priority: {}, feasibility: {}, near: data.bands[1], compare: [],
  });
  const short = (code) => code.split("-").pop();

  const write = (data, settings) => {
    const judged = (levels) => data.measures.filter(({ measure }) => measure in levels)
      .map(({ measure }) => `${measure}_${levels[measure]}`).join("*");
    const parts = (from) => [
      "w" + from.weights.join("-"), "j" + from.jurisdictions.map(short).join("-"),
      "l" + from.relations.join("-"), "r" + from.recommendation, "d" + from.difficulty,
      "h" + from.home, "p" + judged(from.priority), "f" + judged(from.feasibility),
      "n" + from.near, "c" + from.compare.join("*"),
    ];
    const published = parts(start(data));
    return ["1", ...parts(settings).filter((part) => !published.includes(part))].join(".");
  };

  /* Throws an Error whose message is the part that cannot be read. */
  const read = (data, text) => {
    const steps = data.measures.map(({ measure }) => measure);
    const wrong = (part) => { throw new Error(part); };
    const oneOf = (values, value, part) => (values.includes(value) ? value : wrong(part));
    const someOf = (values, rest, part) => {
      const chosen = rest ? rest.split("-") : [];
      if (new Set(chosen).size !== chosen.length) wrong(part);
      chosen.forEach((value) => oneOf(values, value, part));
      return values.filter((value) => chosen.includes(value));
    };
    const weights = (rest, part) => {
      const points = rest.split("-");
      const valid = (weight) => /^[0-9]{1,3}$/.test(weight) && Number(weight) <= data.limit;
      if (points.length !== data.criteria.length || !points.every(valid)) wrong(part);
      return points.map(Number);
    };
    const judged = (rest, part) => Object.fromEntries(rest.split("*").map((judgement) => {
      const [step, level, ...more] = judgement.split("_");
      if (!/^[0-4]$/.test(level) || more.length) wrong(part);
      return [oneOf(steps, step, part), Number(level)];
    }));
    const pair = (rest, part) => {
      const compared = rest.split("*").map((step) => oneOf(steps, step, part));
      return compared.length === 2 ? compared : wrong(part);
    };
    const places = (rest, part) => {
      const chosen = someOf(codes(data).map(short), rest, part);
      return codes(data).filter((code) => chosen.includes(short(code)));
    };
    const readers = {
      w: ["weights", weights],
      j: ["jurisdictions", places],
      l: ["relations", (rest, part) => someOf(Object.keys(data.relations), rest, part)],
      r: ["recommendation", (rest, part) => oneOf(data.recommendations, rest, part)],
      d: ["difficulty", (rest, part) => oneOf(Object.keys(data.answers), rest, part)],
      h: ["home", (rest, part) => oneOf(data.home, rest, part)],
      p: ["priority", judged],
      f: ["feasibility", judged],
      n: ["near", (rest, part) => Number(oneOf(["0", ...data.bands.map(String)], rest, part))],
      c: ["compare", pair],
    };
    const [version, ...parts] = text.split(".");
    if (version !== "1") wrong(version);
    const settings = {};
    for (const part of parts) {
      if (!Object.hasOwn(readers, part.charAt(0))) wrong(part);
      const [name, reader] = readers[part.charAt(0)];
      if (name in settings) wrong(part);
      settings[name] = reader(part.slice(1), part);
    }
    return { ...start(data), ...settings };
  };

  /* ---- from evidence to values */
  const counted = (data, settings) => data.precedents.filter(({ practice, relation }) => (
    settings.jurisdictions.includes(data.practices[practice].province)
    && settings.relations.includes(relation)));

  /* Every step that the settings compare, as places in data.measures. */
  const chosen = (data, settings) => [...data.measures.keys()].filter((place) => {
    const { recommendation, at_home: atHome } = data.measures[place];
    return (!settings.recommendation || recommendation === settings.recommendation)
      && (!settings.difficulty || data.answers[settings.difficulty].includes(recommendation))
      && (settings.home === "all" || atHome === (settings.home === "only"));
  });

  /* The best level on each criterion of the evidence that practices have: { criterion: level }. */
  const bestLevels = (data, practices) => {
    const { scales } = data;
    const best = (criterion) => practices.map((practice) => scales[criterion][practice[criterion]])
      .reduce((before, level) => (level.value > before.value ? level : before));
    const years = practices.map((practice) => practice.time_in_force).sort(); /* the unknown last */
    return {
      breadth: scales.breadth[new Set(practices.map(({ province }) => province)).size],
      legal_footing: best("legal_footing"),
      specificity: best("specificity"),
      measured: best("measured"),
      time_in_force: scales.time_in_force[years[0]],
      begun: best("begun"),
    };
  };

  const values = (data, settings) => {
    const byStep = new Map();
    for (const precedent of counted(data, settings)) {
      if (!byStep.has(precedent.measure)) byStep.set(precedent.measure, []);
      byStep.get(precedent.measure).push(precedent);
    }
    const id = (place) => data.measures[place].measure;
    const steps = chosen(data, settings).filter((place) => byStep.has(id(place)));
    const precedents = steps.map((place) => byStep.get(id(place)));
    const table = steps.map((place, row) => {
      const practices = precedents[row].map(({ practice }) => data.practices[practice]);
      const known = bestLevels(data, practices);
      return data.criteria.map(({ code, own }) => {
        const level = own && (settings[code][id(place)] ?? "unknown");
        return own ? data.scales[code][level] : known[code];
      });
    });
    return {
      steps,
      count: data.criteria.length,
      values: Float64Array.from(table.flat(), ({ value }) => value ?? NaN),
      words: table.map((cells) => cells.map(({ name }) => name)),
      precedents,
      play: data.criteria.map(({ own }, column) => (
        !own || table.some((cells) => cells[column].value !== null))),
    };
  };

  /* ---- the order */
  const played = (table, weights) => Float64Array.from(weights, (weight, column) => (
    table.play[column] ? weight : 0));
  const add = (numbers) => numbers.reduce((sum, number) => sum + number, 0);

  /* For weights in points: { parts: Float64Array(steps × criteria), scores, ranks, total,
     order: rows, the best first }. */
  const rank = (data, table, weights) => {
    const used = played(table, weights);
    const total = add(used);
    const { count, steps } = table;
    const parts = table.values.map((value, index) => (
      total ? (Number.isNaN(value) ? data.middle : value) * (used[index % count] / total) : 0));
    const partsOf = (row) => parts.subarray(row * count, (row + 1) * count);
    const scores = Float64Array.from(steps, (_, row) => add(partsOf(row)));
    const above = (score) => scores.filter((other) => other > score + data.tie).length;
    const ranks = Array.from(scores, (score) => 1 + above(score));
    const order = [...steps.keys()].sort((one, other) => ranks[one] - ranks[other] || one - other);
    return { parts, scores, ranks, order, total };
  };

  /* Is row `one` at least as good as `other` on every criterion in play, whatever the unknown
     values are, and better on one? */
  const dominates = (table, one, other) => {
    let ahead = false;
    for (let column = 0; column < table.count; column += 1) {
      if (!table.play[column]) continue;
      const low = table.values[one * table.count + column];
      const high = table.values[other * table.count + column];
      const [least, most] = [Number.isNaN(low) ? 0 : low, Number.isNaN(high) ? 1 : high];
      if (least < most) return false;
      if (least > most) ahead = true;
    }
    return ahead;
  };

  /* The smallest change of one weight that changes the first place: { column, points, rows }
     with the rows that then lead; or null. */
  const fragility = (data, table, weights) => {
    const { count, steps } = table;
    if (steps.length < 2) return null;
    const used = played(table, weights);
    const filled = table.values.map((value) => (Number.isNaN(value) ? data.middle : value));
    const sums = (points) => steps.map((_, row) => (
      points.reduce((sum, weight, column) => sum + weight * filled[row * count + column], 0)));
    const leaders = (scores) => {
      const least = Math.max(...scores) - data.tie;
      return [...scores.keys()].filter((row) => scores[row] >= least);
    };
    const now = sums(used);
    const [first] = leaders(now);
    let best = null;
    for (let column = 0; column < count; column += 1) {
      if (!table.play[column]) continue;
      for (let other = 0; other < steps.length; other += 1) {
        const slope = filled[first * count + column] - filled[other * count + column];
        if (other === first || Math.abs(slope) < data.tie) continue;
        const size = Math.floor((now[first] - now[other]) / Math.abs(slope) + data.tie) + 1;
        const changed = used.slice();
        changed[column] += slope > 0 ? -size : size;
        const allowed = changed[column] >= 0 && changed[column] <= data.limit && add(changed) > 0;
        if (allowed && (!best || size < best.size)) best = { column, size, changed };
      }
    }
    if (!best) return null;
    const { column, changed } = best;
    return { column, points: changed[column] - used[column], rows: leaders(sums(changed)) };
  };

  /* ---- how sure is it */
  const uniform = (data, number) => {
    let h = (Math.imul(number, 0x9e3779b9) + data.seed) | 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
  };

  const weightings = (data, play) => {
    const columns = [...play.keys()].filter((column) => play[column]);
    const drawn = new Float64Array(data.draws * play.length);
    const edges = new Float64Array(columns.length + 1);
    for (let draw = 0; draw < data.draws; draw += 1) {
      for (let cut = 0; cut < columns.length - 1; cut += 1) {
        edges[cut + 1] = uniform(data, draw * data.stride + cut);
      }
      edges[0] = 0;
      edges[columns.length] = 1;
      edges.sort();
      columns.forEach((column, cut) => {
        drawn[draw * play.length + column] = edges[cut + 1] - edges[cut];
      });
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
        const number = data.draws * data.stride + draw * data.stride + column;
        drawn[draw * count + column] = low + uniform(data, number) * width;
      }
    }
    return drawn;
  };

  /* Shares of ranks, Float64Array(steps × ranks): a generator, which yields while it computes. */
  const acceptability = function* (data, table, drawn) {
    const { count } = table;
    const n = table.steps.length;
    const shares = new Float64Array(n * n);
    const known = table.values.map((value) => (Number.isNaN(value) ? 0 : value));
    const unknown = [...known.keys()].filter((index) => (
      Number.isNaN(table.values[index]) && table.play[index % count]));
    const offset = 2 * data.draws * data.stride;
    const scores = new Float64Array(n);
    for (let draw = 0; draw < data.draws; draw += 1) {
      const from = draw * count;
      let total = 0;
      for (let column = 0; column < count; column += 1) total += drawn[from + column];
      for (let row = 0, index = 0; row < n; row += 1) {
        let sum = 0;
        for (let column = 0; column < count; column += 1, index += 1) {
          sum += drawn[from + column] * known[index];
        }
        scores[row] = sum;
      }
      for (const index of unknown) {
        const row = (index / count) | 0;
        const column = index - row * count;
        const position = draw * data.measures.length + table.steps[row];
        const weight = drawn[from + column];
        if (weight) scores[row] += weight * uniform(data, offset + position * data.stride + column);
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
    return shares.map((times) => times / data.draws);
  };

  window.casebookPriorities = {
    start, read, write, chosen, values, played, rank, dominates, fragility, uniform, weightings,
    around, acceptability,
  };
})();
