/* What people type and paste, on every page and before every other script of the book. */
(() => {
  "use strict";
  /* A text as it is looked for (lines.py has the same): in one width and case, quotation marks as
     nothing, other marks as blanks. */
  const sought = (text) => text.normalize("NFKC").replace(/[“”‘’《》〈〉「」"']/g, "").toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_]+/gu, " ").trim();
  /* Does what is typed in a field, but nothing while an input method composes. */
  const typed = (field, act) => {
    field.addEventListener("input", (event) => { if (!event.isComposing) act(event); });
    field.addEventListener("compositionend", act);
  };
  /* An address that somebody pasted with the mark after it: “CN-ZJ）” is CN-ZJ. */
  const unmarked = (text) => text.replace(/[^\p{L}\p{N}]+$/u, "");

  window.casebook = { sought, typed, unmarked };
})();
