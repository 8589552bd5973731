"""What a page may run and ask for: its Content-Security-Policy.

If somebody forgets an escape, no browser runs what gets into the page.
"""

import base64
import hashlib
import re

CHARSET = re.compile(r'<meta charset="[^"]*" ?/?>')
INLINE = re.compile(r"<(script|style)((?:\s[^>]*)?)>(.*?)</\1>", re.S)


def policy(page):
    """The policy for a page’s HTML: what stands beside the page may be used, and nothing else.

    “Beside” is on the same host or the same disk. The scripts in a page’s head, where no text of
    the tables goes, are the theme’s; the policy knows them by their hashes, and no other script in
    the page runs. charts.js tells Vega to interpret its expressions, so that no text is ever run as
    a script. A page may ask for files of its site: the search page for the index, a tool that
    examines it for robots.txt. Only the search page may run Pagefind’s WebAssembly.
    """
    known = {"script": ["'self'"], "style": ["'self'"]}
    for kind, attributes, text in INLINE.findall(page.partition("</head>")[0]):
        if "src=" not in attributes:
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            known[kind] = list(dict.fromkeys([*known[kind], f"'sha256-{digest}'"]))
    search = "pagefind-ui.js" in page
    rules = {
        "default-src": "'none'",
        "script-src": " ".join([*known["script"], *(["'wasm-unsafe-eval'"] if search else [])]),
        "style-src-elem": " ".join(known["style"]),
        # A column's width, what Vega draws: attributes, which run nothing.
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        **({"worker-src": "'self'"} if search else {}),
        "form-action": "'self'",
        "base-uri": "'none'",
    }
    return "; ".join(f"{rule} {sources}" for rule, sources in rules.items())


def guarded(page):
    """A page's HTML with its policy in front of whatever it may ask for."""
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(page)}"/>'
    return CHARSET.sub(lambda charset: charset[0] + meta, page, count=1)
