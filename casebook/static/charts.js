/* Charts come alive when asked: the first pointer, touch or focus on a chart that has selections loads the book's own
   Vega runtime (one classic script, which also runs from file://) and puts the live chart in the static one's place.
   If anything fails, the static chart stays. */
(() => {
  "use strict";
  const here = document.currentScript && document.currentScript.src;
  let runtime;
  const load = () => runtime ||= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("vega.js", here);
    script.onload = () => (window.casebookEmbed ? resolve(window.casebookEmbed) : reject(new Error("no runtime")));
    script.onerror = () => reject(new Error("runtime not loaded"));
    document.head.append(script);
  });

  /* The same colours as the static chart, in the theme that the reader has now. */
  const themed = (spec) => {
    const style = getComputedStyle(document.documentElement);
    const now = {};
    for (const [name, light] of Object.entries(JSON.parse(style.getPropertyValue("--chart-names") || "{}"))) {
      now[light] = style.getPropertyValue("--chart-" + name).trim() || light;
    }
    return JSON.parse(JSON.stringify(spec), (key, value) => (typeof value === "string" && now[value]) || value);
  };

  const draw = async (frame) => {
    const specs = JSON.parse(frame.querySelector(".chart-spec").textContent);
    const drawing = frame.querySelector(".chart-drawing");
    const narrow = getComputedStyle(frame.querySelector(".chart-narrow")).display !== "none";
    const place = document.createElement("div");
    const embed = await load();
    await embed(place, themed(narrow ? specs.narrow : specs.wide), { actions: false, renderer: "svg", mode: "vega-lite" });
    place.className = "chart-now";
    drawing.replaceChildren(place);
  };

  for (const frame of document.querySelectorAll(".chart.live")) {
    const drawing = frame.querySelector(".chart-drawing");
    const start = document.createElement("button");
    start.type = "button";
    start.className = "chart-start";
    start.textContent = "Filter this chart";
    drawing.before(start);
    let begun = false;
    const begin = () => {
      if (begun) return;
      begun = true;
      const asked = document.activeElement === start;
      draw(frame).then(() => {
        start.remove();
        if (asked) frame.querySelector(".chart-now select")?.focus();
      }, () => { start.remove(); });
    };
    start.addEventListener("click", begin);
    drawing.addEventListener("pointerenter", begin);
    drawing.addEventListener("touchstart", begin, { passive: true });
  }
})();
