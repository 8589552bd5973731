"""Words of the package that are shown in many places: each under a key, in English.

casebook.po has them in the other languages. A comment above a key is for its translators.
"""

LABELS = {
    # the book, and what stands around a page
    "figure_n": "Figure {number}",
    "code_show": "Show the code",
    "code_hide": "Hide the code",
    # in a draft, below a sentence that has lost its ground
    "lost_ground": "To be written anew: what this stands on no longer holds ({claim}).",
    "search": "Search",
    "search_silent": (
        "Search does not answer here. It needs scripts, a browser of recent years and a server "
        "that names each file’s kind. Every practice stands in the register, which your browser "
        "can search."
    ),
    "search_needs_server": (
        "Search needs a server: opened from a disk, the browser may not read the index. Every "
        "practice stands in the register, which can be searched there; make serve serves the whole "
        "book."
    ),
    "register_go": "To the register",
    # the search page, in Pagefind's places for values
    "found_placeholder": "Search",
    "found_clear_search": "Clear",
    "found_load_more": "Load more results",
    "found_search_label": "Search this book",
    "found_zero_results": "No results for [SEARCH_TERM]",
    "found_many_results": "[COUNT] results for [SEARCH_TERM]",
    "found_one_result": "[COUNT] result for [SEARCH_TERM]",
    "found_searching": "Searching for [SEARCH_TERM]...",
    # each in the language of the edition that is offered: the switcher, an offer to who prefers it
    "edition": "Read this page in English",
    "offer": "There is an English edition of this book.",
    "offer_go": "Read it in English",
    "offer_no": "No, thanks",
    # an address of a page that has no such place; {anchor} as it was typed
    "lost_place": "This page has no place “{anchor}”. The link may be cut or old.",
    "lost": "There is no such page",
    "lost_why": (
        "The address leads to no page of this book: a page may have moved, or a link may be cut "
        "off."
    ),
    "lost_home": "To the beginning of the book",
    "pdf_contents": "Contents",
    "pdf_version": "Version {version}",
    # {title} in its marks
    "pdf_study": "A study of {author}, {title}, {journal}, {day}",
    # the theme's own words, of which its translations lack some
    "theme_skip": "Skip to main content",
    "theme_main": "Main",
    "theme_page": "Page",
    "theme_primary": "Toggle primary sidebar",
    "theme_secondary": "Toggle secondary sidebar",
    "theme_mode": "Color mode",
    "theme_system": "System Settings",
    "theme_light": "Light",
    "theme_dark": "Dark",
    "theme_heading": "Link to this heading",
    "theme_image": "Link to this image",
    "theme_warning": "Version warning",
    "theme_index": "Index",
    "theme_next": "next page",
    "theme_previous": "previous page",
    "theme_copyright": "© Copyright",
    # variables of the codebook: here their codes, in another language their names
    "variable_kind": "kind",
    "variable_instrument": "instrument",
    "variable_level": "level",
    "variable_status": "status",
    "variable_actors": "actors",
    "variable_relation": "relation",
    "variable_verdict": "verdict",
    "variable_missing": "missing",
    "variable_type": "type",
    "variable_role": "role",
    "variable_premise": "premise",
    "variable_element": "element",
    "variable_stage": "stage",
    "variable_layer": "layer",
    "variable_voice": "voice",
    "variable_promise": "promise",
    "variable_assessment": "assessment",
    "variable_lesson": "lesson",
    "variable_decision": "decision",
    "variable_answer": "answer",
    "variable_criterion": "criterion",
    # labelled missing values
    "not_mentioned": "not mentioned",
    "not_coded": "not coded",
    "not_applicable": "not applicable",
    "not_checked": "not checked",
    # the marks between words
    "comma": ", ",
    "semicolon": "; ",
    "both": " and ",
    "placed": "{name} ({more})",
    "valued": "{name}: {value}",
    "tied": "{rank}=",
    "source": "Source: {author}, {journal}, {day}, as coded in this book.",
    "sources": (
        "Sources: the article ({author}, {journal}, {day}) as coded in this book, and the public "
        "sources listed with the checks."
    ),
    "none": "none",
    # above a table: {meanings} are words, each with its columns if there are several
    "dash": "A dash (–) stands for: {meanings}.",
    # in the place of a table or chart of which no row is there yet
    "chart": "This chart",
    "nothing_coded": "no row of it is coded yet.",
    # of what kind a source is: on the issuer's own page or in a gazette, in a newspaper, or met on
    #   somebody else's page
    "source_official": "official",
    "source_press": "press",
    "source_copy": "seen as a copy",
    "no_year_seen": "no year seen",
    # headings of the table that stands beside each chart
    "subsection": "Sub-section",
    "jurisdiction": "Jurisdiction",
    "type": "Type",
    "practice": "Practice",
    "named": "Practices named",
    "coded_by": "Coded by",
    "question": "Question",
    "known_as": "What is known",
    "practices": "Practices",
    "code_name": "Code",
    "status": "Status",
    "date": "Date",
    "checked": "Checked",
    "level": "Level",
    "code": "This book’s reading",
    "in_article": "In the article",
    "in_source": "In a public source",
    "reason": "Reason",
    "claim": "Claim of the article",
    "verdict": "Verdict",
    "value": "Value",
    "direction": "Direction",
    "measure": "Step",
    "recommendation": "Section",
    "precedent": "Precedent",
    "relation": "Relation",
    "not_set": "not set",
    # of a figure in data/ without a date
    "undated": "undated",
    # the shortlist: its form
    "s_filters": "Filters",
    # {n} of them are set
    "s_filters_set": "Filters ({n} set)",
    # {words}: names of practices
    "s_find": "Look for, such as: {words}",
    "s_reset": "Take off all filters",
    # {n} practices are listed; closes the filters on a phone
    "s_show": "Show {n} practices",
    "s_show_one": "Show 1 practice",
    "s_ask": "In which order?",
    "s_ask_none": "In the article’s order",
    "s_ask_documented": "What is best documented?",
    "s_ask_law": "What has law behind it?",
    "s_ask_longest": "What has run longest?",
    "s_ask_alike": "What stands closest to a {type} like {place}?",
    "s_weights": "The weights behind this order, from 0 to 100",
    # for a screen reader
    "s_points": "{criterion}: points",
    # in the place of a slider
    "s_flat": "The same for all practices listed, so it tells none apart.",
    "s_own_off": "Off until you rate a practice, under its row.",
    # whether a public source was seen
    "s_seen": "seen in a source",
    "s_not_found": "looked up, not found",
    "s_not_looked_up": "not looked up",
    # whether all codings have a link
    "s_agreed": "all codings agree",
    "s_contested": "the codings differ",
    # … its rows; {n} of {all} practices are listed
    "s_caption": "Practices that are a precedent of a step: {n} of {all}",
    # the two pictures beside a row
    "s_pictures": (
        "Steps: how often a practice takes each place, from the first to the last, when weights, "
        "unknown dates and codings vary a little. Colours: what its score is made of, as at the "
        "weights."
    ),
    "s_silent": "silent",
    # heads of narrow columns: effect, how it works, where it fits, how it is done, what it costs
    "s_q_effect": "Effect",
    "s_q_mechanism": "Works",
    "s_q_moderators": "Fits",
    "s_q_implementation": "Done",
    "s_q_economics": "Costs",
    "s_all": "Show all {n} practices",
    "s_fewer": "Show the first {n}",
    # for a screen reader
    "s_pick": "Pick: {practice}",
    "s_more": "Reasons, sources, what to ask",
    "s_judge": "Your own judgement of it, for {place}",
    # a practice in the memo
    "s_heading": "{name} – {place}",
    # before what a line says
    "s_head": "{head}:",
    # {parts} is each s_weight, of what it adds in hundredths
    "s_parts": "Score {sum} of 100: {parts}.",
    # of what the reader has not rated
    "s_unset": "{criterion} (not set) {points}",
    "s_no_parts": "Score 0: nothing known that was asked for.",
    # … what to ask of a practice before a lesson is drawn
    "need_effect": "What has it changed, and who measured it?",
    "need_mechanism": "How does it work?",
    "need_moderators": "For which places is it meant?",
    "need_implementation": "What exactly is done, and by whom?",
    "need_economics": "What does it cost, and who pays?",
    "need_type": "It is a {type}’s: which tier would do it in {place}?",
    "need_planned": "It was only announced: was it ever done?",
    "need_later": "Is it still at work?",
    "need_source": "Where can it be read about?",
    "need_contested": "The codings differ: is it a precedent at all?",
    # … what it says of the order
    "s_listed": "{n} practices, in the article’s order.",
    "s_listed_one": "One practice fits.",
    "s_unrate": "Forget my ratings",
    # … and in the memo; {ratings} is each s_rated_one
    "s_rated_all": "Rated by the reader: {ratings}.",
    "s_rated_one": "{practice} – {criterion}: {level}",
    "s_rated": "Your ratings count once you choose an order.",
    "s_cleared": "Nothing is picked any more.",
    # for a screen reader: takes a practice out of the memo
    "s_drop": "Take out: {practice}",
    "s_none": "No practice fits. Change the words, or take off a filter.",
    # {names} has up to three names
    "s_first": "First: {names}.",
    "s_first_many": "{n} practices share the first place.",
    # {change} is s_more_points or one of the three below it
    "s_fragile": "{change} on “{criterion}” would put {name} first.",
    # as s_fragile, where {n} practices would share the first place
    "s_fragile_many": "{change} on “{criterion}” would put {n} practices first together.",
    "s_fixed": "No change of one weight alone puts another first.",
    "s_more_points": "{points} points more",
    "s_fewer_points": "{points} points fewer",
    "s_more_point": "1 point more",
    "s_fewer_point": "1 point fewer",
    "s_level": (
        "Nothing that you ask tells these practices apart, so they stand in the article’s order."
    ),
    # beside a row: how often it is among the first, and s_its_link or s_its_links
    "s_always": (
        "Among the first {k} in all {draws} tries with weights, dates and codings varied a little."
    ),
    "s_often": (
        "Among the first {k} in {n} of 10 tries with weights, dates and codings varied a little."
    ),
    "s_hardly": (
        "Among the first {k} in fewer than 1 of 10 tries with weights, dates and codings varied a "
        "little."
    ),
    "s_never": (
        "Among the first {k} in none of {draws} tries with weights, dates and codings varied a "
        "little."
    ),
    "s_its_link": "The codings differ on its link to the step.",
    "s_its_links": "The codings differ on {n} of its {of} links to steps.",
    "s_above": "{n} others stay ahead of it or level with it, whatever the weights.",
    "s_above_one": "One other stays ahead of it or level with it, whatever the weights.",
    # … what the reader chose, in the memo
    "s_chosen": "Chosen: {chosen}.",
    "s_weight": "{criterion} {points}",
    "s_weighted": "Ordered by a reader’s weights: {weights}.",
    # {question} is one of s_ask_…
    "s_asked": "Ordered by the question: {question}",
    # {topic} is a step or a recommendation
    "s_titled": "{title}: {topic}",
    # items of a line for which a memo has no room
    "s_left": "{n} more in the book",
    "s_saved": "Saved as {file}.",
    "s_article_order": "In the article’s order.",
    # {part} of the address
    "s_broken": "This part of the address could not be read and is left out: {part}.",
    "s_old": (
        "This link is of the explorer of steps that stood here before. It leads to the nearest "
        "choice of practices."
    ),
    # {limit} is the most points, {points} the weight as it was
    "s_not_number": "Enter a number from 0 to {limit}; the weight stays at {points}.",
    "s_below": "{typed} is below 0: set to 0.",
    "s_over": "{typed} is above {limit}: set to {limit}.",
    # … what is made of the rows
    "s_picked": "{n} picked",
    "s_full": "{n} picked: a memo has room for no more",
    "s_compare": "Compare",
    # where fewer or more are picked than can stand side by side
    "s_compare_how": "Pick two to {n} practices to compare them.",
    "s_memo": "Memo",
    "s_clear": "Clear",
    "s_beside": "Side by side",
    "s_rich": "Copy for Word or WPS",
    "s_plain": "Copy as plain text",
    "s_link": "Copy the link",
    "s_print": "Print",
    "s_docx": "Download .docx",
    "s_md": "Download Markdown",
    "s_copied": "Copied.",
    "s_not_copied": "The browser did not allow copying. Select the text and copy it.",
    # the name of a file, without its ending
    "s_file": "practices-for-{place}",
    # stands where there is nothing to list or to compare
    "nothing": "–",
    # the frame around a chart
    "table": "Table",
    "download": "Download",
    # after the words of a mark in a chart, which leads to its row
    "go": "Go there",
    "link": "Link",
    # a version of the book as GB/T 7714 names it
    "gbt_version": "version {version}",
    "link_said": "Link copied",
    # a chart in somebody else's page
    "embed": "Embed",
    "cite": "Cite",
    "address": "Address",
    # a heading where the site's address is not known
    "address_within": "Address, from the folder of the book’s chapters",
    "csv": "the drawn rows (CSV)",
    "svg": "the picture (SVG)",
    "png": "the picture (PNG, double size)",
    "json": "the specification (Vega-Lite JSON)",
    "filter_all": "all",
    "rows_shown": "{shown} of {all} rows shown",
    "practices_shown": "{shown} of {all} practices shown",
    "none_shown": "No practice fits. Clear a filter to see more.",
    "cite_text": (
        "{book}, version {version}, {name}: “{finding}”. Coding under {licence}. What it codes: "
        "{author}, {journal}, {day}."
    ),
    "municipality": "municipality",
    # in the heads of narrow columns
    "municipality_short": "municip.",
    "province": "province",
    "national": "national",
    "target": "target",
    # a period (first and last year), a year, a number with its unit, what stands between sentences
    "period": "{start}–{end}",
    "year": "{year}",
    "measured": "{value} {unit}",
    "stop": ". ",
    # the data dictionary: types of fields
    "string": "string",
    "integer": "integer",
    "number": "number",
    # the register as a workbook and a CSV for Excel: the sheet, and the headings of its columns
    "sheet": "register",
    "col_practice": "practice",
    "col_province": "province (code)",
    "col_province_name": "province_name",
    "col_type": "type",
    "col_section": "section",
    "col_section_name": "section_name",
    "col_name_en": "name_en",
    "col_name_zh": "name_zh",
    "col_kind": "kind",
    "col_instrument": "instrument",
    "col_level": "level",
    "col_status": "status",
    "col_dated": "dated",
    "col_actors": "actors",
    "col_evidence": "evidence",
    "col_locator": "locator",
    "col_verdicts": "verdicts",
    "col_checks": "checks",
    "col_note_en": "note_en",
    "col_note_zh": "note_zh",
}
