"""What is left in Latin letters on a page that is in another script."""

from casebook.proof import translate
from casebook.words import editions

FOREIGN = "code, pre, kbd, script, style, math, [lang='en'], [hreflang]"
TEXTS = f"""() => {{
  const found = [];
  for (const place of document.querySelectorAll("wbr")) {{ // where a line may end, a word does not
    const text = place.parentElement;
    place.remove();
    text.normalize();
  }}
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {{
    const text = walk.currentNode.textContent.trim(), tag = walk.currentNode.parentElement;
    if (text && !tag.closest("{FOREIGN}") && tag.checkVisibility()) found.push(text);
  }}
  const heard = ["aria-label", "title", "placeholder", "alt"];
  heard.push("data-label", "data-said", "data-tip");
  for (const tag of document.querySelectorAll(heard.map((name) => `[${{name}}]`).join()))
    for (const name of heard)
      if (tag.getAttribute(name) && !tag.closest("[lang='en'], [hreflang], [role=img] *"))
        found.push(tag.getAttribute(name));
  return [...new Set([document.title, ...found])];
}}"""


def texts_of(page):
    """Every text that a page shows or says, once."""
    return page.evaluate(TEXTS)


def left_in_latin(texts):
    """Of the texts of a Chinese page those with Latin words that no list allows."""
    names = translate.latin_names(editions()["zh"])
    found = []
    for text in texts:
        words = [
            word
            for word in translate.LATIN.findall(translate.NOT_PROSE.sub(" ", text))
            if word not in names and not translate._identifier(word) and len(word) > 1
        ]
        if words:
            found.append(f"{' '.join(words)} in: {text[:80]}")
    return found
