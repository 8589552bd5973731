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
    relations: Object.keys(data.relations), recommendation: "", difficulty: "",
    priority: {}, feasibility: {}, near: data.bands[1], compare: [],
  });
  const short = (code) => code.split("-").pop();

  /* Every setting as a part of an address, after its letter. */
  const parts = (data, settings) => {
    const judged = (levels) => data.measures.filter(({ measure }) => measure in levels)
      .map(({ measure }) => `${measure}_${levels[measure]}`).join("*");
    return [
      "w" + settings.weights.join("-"), "j" + settings.jurisdictions.map(short).join("-"),
      "l" + settings.relations.join("-"), "r" + settings.recommendation, "d" + settings.difficulty,
      "p" + judged(settings.priority), "f" + judged(settings.feasibility),
      "n" + settings.near, "c" + settings.compare.join("*"),
    ];
  };
  const write = (data, settings) => {
    const published = parts(data, start(data));
    return ["1", ...parts(data, settings).filter((part) => !published.includes(part))].join(".");
  };

  /* Each part is taken for what it may mean. It is right if the settings that come of it are
     written so. Throws an Error whose message is the part that cannot be read. */
  const read = (data, text) => {
    const steps = data.measures.map(({ measure }) => measure);
    const one = (values, rest, none) => (values.includes(rest) ? rest : none);
    const some = (values, rest, nameOf) => (
      values.filter((value) => rest.split("-").includes(nameOf(value))));
    const judged = (rest) => Object.fromEntries(rest.split("*").map((pair) => pair.split("_"))
      .filter(([, level]) => /^[0-4]$/.test(level)).map(([step, level]) => [step, Number(level)]));
    const readers = {
      w: (rest) => ({ weights: data.criteria.map((_, column) => (
        Math.min(rest.split("-")[column], data.limit) || 0)) }),
      j: (rest) => ({ jurisdictions: some(codes(data), rest, short) }),
      l: (rest) => ({ relations: some(Object.keys(data.relations), rest, String) }),
      r: (rest) => ({ recommendation: one(data.recommendations, rest, "") }),
      d: (rest) => ({ difficulty: one(Object.keys(data.answers), rest, "") }),
      p: (rest) => ({ priority: judged(rest) }),
      f: (rest) => ({ feasibility: judged(rest) }),
      n: (rest) => ({ near: one(data.bands, Number(rest), 0) }),
      c: (rest) => {
        const pair = rest.split("*").filter((step) => steps.includes(step));
        return { compare: pair.length === 2 ? pair : [] };
      },
    };
    /* What a part lists, in any order. */
    const listed = (part) => part.charAt(0) + part.slice(1).split(/[-*]/).sort();
    const [version, ...given] = text.split(".");
    if (version !== "1") throw new Error(version);
    const settings = start(data);
    const letters = given.map((part) => part.charAt(0));
    given.forEach((part, index) => {
      const known = Object.hasOwn(readers, letters[index]);
      if (known) Object.assign(settings, readers[letters[index]](part.slice(1)));
      const twice = letters.indexOf(letters[index]) < index;
      const written = parts(data, settings).map(listed);
      if (twice || !written.includes(listed(part))) throw new Error(part);
    });
    return settings;
  };

  /* ---- from evidence to values */
  const counted = (data, settings) => data.precedents.filter(({ practice, relation }) => (
    settings.jurisdictions.includes(data.practices[practice].province)
    && settings.relations.includes(relation)));

  /* Every step that the settings compare, as places in data.measures. */
  const chosen = (data, settings) => [...data.measures.keys()].filter((place) => {
    const { recommendation } = data.measures[place];
    return (!settings.recommendation || recommendation === settings.recommendation)
      && (!settings.difficulty || data.answers[settings.difficulty].includes(recommendation));
  });

  /* The best level on a criterion of the evidence that practices have. */
  const bestLevel = (criterion, scale, practices) => {
    if (criterion === "breadth") {
      return scale[new Set(practices.map(({ province }) => province)).size];
    }
    const levels = practices.map((practice) => practice[criterion]);
    if (criterion === "time_in_force") return scale[levels.sort()[0]]; /* the unknown last */
    return levels.map((level) => scale[level])
      .reduce((before, level) => (level.value > before.value ? level : before));
  };

  const values = (data, settings) => {
    const pairs = counted(data, settings);
    const id = (place) => data.measures[place].measure;
    const precedentsOf = (place) => pairs.filter(({ measure }) => measure === id(place));
    const steps = chosen(data, settings).filter((place) => precedentsOf(place).length);
    const precedents = steps.map(precedentsOf);
    const table = steps.map((place, row) => {
      const practices = precedents[row].map(({ practice }) => data.practices[practice]);
      return data.criteria.map(({ code, own }) => {
        const scale = data.scales[code];
        const judged = own && scale[settings[code][id(place)] ?? "unknown"];
        return judged || bestLevel(code, scale, practices);
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
  /* The values, with a number for the unknown ones. */
  const filled = (table, unknown) => (
    table.values.map((value) => (Number.isNaN(value) ? unknown : value)));
  const ofRow = ({ count }, numbers, row) => numbers.subarray(row * count, (row + 1) * count);

  /* For weights in points: { parts: Float64Array(steps × criteria), scores, ranks, total,
     order: rows, the best first }. */
  const rank = (data, table, weights) => {
    const used = played(table, weights);
    const total = add(used);
    const { count, steps } = table;
    const contributions = filled(table, data.middle).map((value, index) => (
      total ? value * (used[index % count] / total) : 0));
    const scores = Float64Array.from(steps, (_, row) => add(ofRow(table, contributions, row)));
    const above = (score) => scores.filter((other) => other > score + data.tie).length;
    const ranks = Array.from(scores, (score) => 1 + above(score));
    const order = [...steps.keys()].sort((one, other) => ranks[one] - ranks[other] || one - other);
    return { parts: contributions, scores, ranks, order, total };
  };

  /* Is row `one` at least as good as `other` on every criterion in play, whatever the unknown
     values are, and better on one? */
  const dominates = (table, one, other) => {
    const least = ofRow(table, filled(table, 0), one);
    const most = ofRow(table, filled(table, 1), other);
    const columns = [...least.keys()].filter((column) => table.play[column]);
    return columns.every((column) => least[column] >= most[column])
      && columns.some((column) => least[column] > most[column]);
  };

  /* The smallest change of one weight that changes the first place: { column, points, rows }
     with the rows that then lead; or null. */
  const fragility = (data, table, weights) => {
    const { count, steps } = table;
    if (steps.length < 2) return null;
    const used = played(table, weights);
    const values = filled(table, data.middle);
    const { scores, ranks, total } = rank(data, table, used);
    const first = ranks.indexOf(1);
    let best = null;
    for (let column = 0; column < count; column += 1) {
      if (!table.play[column]) continue;
      for (let other = 0; other < steps.length; other += 1) {
        const slope = values[first * count + column] - values[other * count + column];
        if (other === first || Math.abs(slope) < data.tie) continue;
        const behind = total * (scores[first] - scores[other]);
        const size = Math.floor(behind / Math.abs(slope) + data.tie) + 1;
        const changed = used.slice();
        changed[column] += slope > 0 ? -size : size;
        const allowed = changed[column] >= 0 && changed[column] <= data.limit && add(changed) > 0;
        if (allowed && (!best || size < best.size)) best = { column, size, changed };
      }
    }
    if (!best) return null;
    const { column, changed } = best;
    const then = rank(data, table, changed).ranks;
    const rows = [...then.keys()].filter((row) => then[row] === 1);
    return { column, points: changed[column] - used[column], rows };
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
    for (let draw = 0; draw < data.draws; draw += 1) {
      const cut = (_, index) => uniform(data, draw * data.stride + index);
      const cuts = Float64Array.from(columns.slice(1), cut).sort();
      columns.forEach((column, index) => {
        drawn[draw * play.length + column] = (cuts[index] ?? 1) - (cuts[index - 1] ?? 0);
      });
    }
    return drawn;
  };

  const around = (data, weights, band) => {
    const { length } = weights;
    return Float64Array.from({ length: data.draws * length }, (_, index) => {
      const column = index % length;
      const draw = (index - column) / length;
      const low = Math.max(0, weights[column] - band);
      const high = Math.min(data.limit, weights[column] + band);
      const number = (data.draws + draw) * data.stride + column;
      return weights[column] && low + uniform(data, number) * (high - low);
    });
  };

  /* Shares of ranks, Float64Array(steps × ranks): a generator, which yields while it computes. */
  const acceptability = function* (data, table, drawn) {
    const { count, steps, values: known } = table;
    const n = steps.length;
    const shares = new Float64Array(n * n);
    const scores = new Float64Array(n);
    for (let draw = 0; draw < data.draws; draw += 1) {
      const weights = ofRow(table, drawn, draw);
      const total = add(weights);
      const unknown = (row, column) => {
        const position = (2 * data.draws + draw * data.measures.length + steps[row]) * data.stride;
        return uniform(data, position + column);
      };
      for (let row = 0; row < n; row += 1) {
        scores[row] = 0;
        for (let column = 0; column < count; column += 1) {
          if (!weights[column]) continue;
          const value = known[row * count + column];
          scores[row] += weights[column] * (Number.isNaN(value) ? unknown(row, column) : value);
        }
        scores[row] /= total;
      }
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
