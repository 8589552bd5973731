/* Code stands folded. The button that copies it comes when somebody unfolds it. */
(() => {
  "use strict";
  const { src } = document.currentScript;
  const look = ({ target }) => {
    if (!target.querySelector(".highlight")) return;
    removeEventListener("toggle", look, true);
    for (const name of ["clipboard.min.js", "copybutton.js"]) {
      const script = document.createElement("script");
      document.head.append(Object.assign(script, { src: new URL(name, src), async: false }));
    }
  };
  addEventListener("toggle", look, true);
})();
