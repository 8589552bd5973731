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
    "search_needs_scripts": (
        "Search needs scripts. Every practice stands in the register, which your browser can "
        "search."
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
    # the explorer (priorities): its chart
    "rank": "Rank",
    "score": "Weighted sum, 0 to 1",
    "values": "What its precedents are",
    "unknown": "unknown: middle of the scale",
    "undated": "undated",
    "since": "dated {year}",
    "of_pioneers": "{n} of {all} pioneers",
    "not_set": "not set",
    "rank_axis": "Takes rank, {weightings}",
    "rank_share": "rank {rank} in {share} of weightings",
    "first_in": "First in, of the weightings shown",
    "score_counted": (
        "A bar adds up what this book’s coding says of a step’s precedents: for each criterion the "
        "best among all that the article names, times its weight. It is no measure of effect. A "
        "pale part with “?” is unknown and counts as the middle of its scale. Right: the stronger "
        "the shade, the more weightings give the step that rank (under 0.5% blank); what is "
        "unknown is drawn at random there."
    ),
    "score_key": "Parts: {criteria}.",
    # the explorer: its form
    "x_start": "Start with one of these, then adjust:",
    "x_equal": "Equal",
    "x_equal_why": "Every criterion counts the same; nothing is held to matter more.",
    "x_wide": "Widely tried first",
    "x_wide_why": (
        "What several pioneers have a precedent for counts most, be it the same thing, a part of "
        "it or the same aim."
    ),
    "x_legal": "Legally grounded first",
    "x_legal_why": "What stands on legislation or on a document with a name counts most.",
    "x_long": "Long-tested first",
    "x_long_why": (
        "What is dated earliest counts most: it had most time to show its faults, if it ran."
    ),
    "x_reset": "Reset everything",
    "x_weights": "Your weights, in points from 0 to {limit}",
    # for a screen reader
    "x_points": "{criterion}: points",
    "x_own_off": "Off until you rate a step in the list below.",
    "x_filters": "Which steps, and whose precedents count",
    "x_recommendation": "Recommendation",
    "x_difficulty": "Takes up the difficulty",
    "x_all_steps": "all steps",
    "x_from": "Precedents from",
    "x_every_pioneer": "all pioneers",
    "x_only_provinces": "provinces only (as Jiangsu)",
    "x_only_municipalities": "municipalities only",
    "x_relation": "Precedents that are",
    "x_near": "Shading and percentages cover",
    "x_near_all": "all weightings ({draws}, spread evenly)",
    "x_near_band": "{draws} weightings within ±{band} points of mine",
    # … its ranking
    "x_ranked": "The ranking in words",
    "x_rank": "Rank",
    # {weightings} is x_of_all or x_of_near, {ranks} x_place or x_places
    "x_sure": (
        "First in {share} of {weightings}; {ranks} in nine of ten of them; lowest rank {lowest}."
    ),
    # within x_sure: the best and the worst of the middle nine tenths
    "x_place": "rank {low}",
    "x_places": "ranks {low} to {high}",
    # the name of a step, wherever it stands in a sentence
    "x_quoted": "“{step}”",
    # within x_sure
    "x_of_all": "all weightings",
    "axis_all": "of all weightings",
    "axis_given": "±{band} of starting weights",
    "axis_near": "within ±{band} points",
    # within x_sure
    "x_of_near": "weightings within ±{band} points of yours",
    # {parts} is each x_part, with x_plus between them
    "x_parts": "{sum} = {parts}",
    # {value} in words, {part} what it adds to the sum
    "x_part": "{criterion} ({value}) {part}",
    "x_plus": " + ",
    "x_more": "Show all {n} steps",
    "x_less": "Show the first {n} places",
    "x_open": "Precedents ({n}), and your own judgement",
    "x_national": "National acts, which are not counted; what is in force binds Jiangsu already:",
    "x_judge": "Your own judgement of this step",
    "x_never_below": "Whatever the weights, it is never below: {steps}.",
    "x_never_above": "Whatever the weights, it is never above: {steps}.",
    "x_apart": "Not ranked, because no chosen precedent is named for it: {steps}.",
    # … what it says of the order
    # {overall} and {near}: shares of all weightings and of those near
    "x_first": (
        "{step} is first with these weights, in {near} of {draws} weightings within ±{band} "
        "points of them, and in {overall} of {draws} over all there are."
    ),
    # two or three steps, with “both” between them
    "x_first_shared": "{steps} share the first place.",
    # a title, without full stop; {near} is a share of weightings
    "x_equal_first": (
        "With equal weights {step} is first; so it is in {near} of {draws} weightings within "
        "±{band} points of them"
    ),
    "x_first_many": "{n} steps share the first place.",
    # {sentence} is x_first, x_first_shared, x_first_many or x_one_step, with its full stop
    "x_of": (
        "Of {n} steps that the article recommends to Jiangsu and that have a precedent, {sentence}"
    ),
    "x_same": "The same for all steps compared: it changes no place.",
    # what the top of a criterion’s scale means
    "x_highest": "Highest: {value}",
    # {n} steps are rated, of {all} compared
    "x_own_set": "Rated for {n} of {all} steps; the others are unknown and count as the middle.",
    # a sentence after x_settings, with each x_own_value
    "x_judged": "Own judgement: {values}.",
    # the value that the reader gave
    "x_own_value": "{step} – {criterion}: {value}",
    # in the list of what is known of a precedent: numbers with their units
    "x_figure": "figure: {figures}",
    "x_choose_other": "Choose the other step, too.",
    # the places after the first, one or two steps
    "x_then": "Then: {steps}.",
    "x_top": (
        "At least as good as all others on every criterion: no weights can put another step above "
        "it."
    ),
    # {change} is x_points_more or one of the three below it, {step} one or several
    "x_fragile": "The order is fragile: {change} on {criterion} would put {step} first.",
    # as x_fragile
    "x_robust": "Changing one weight alone: {change} on {criterion} would put {step} first.",
    "x_fixed": "No change of one weight alone puts another step first.",
    # within x_fragile and x_robust
    "x_points_more": "{points} points more",
    "x_points_fewer": "{points} points fewer",
    "x_point_more": "1 point more",
    "x_point_fewer": "1 point fewer",
    "x_one_criterion": (
        "Only “{criterion}” has weight: this is the order of one criterion, with as many ties as "
        "it leaves."
    ),
    "x_no_weight": (
        "Every weight is 0, so there is nothing to rank by. Give a criterion some points, or start "
        "with one of the weightings above."
    ),
    "x_nothing": (
        "No step fits: none of those chosen has a precedent that counts. Change the choice of "
        "steps or precedents, or reset."
    ),
    "x_one_step": "Only one step fits, so there is no order to speak of.",
    # {limit} is the most points, {points} the weight as it was
    "x_not_number": "Enter a number from 0 to {limit}; the weight stays at {points}.",
    "x_below": "{typed} is below 0: set to 0.",
    "x_above": "{typed} is above {limit}: set to {limit}.",
    "x_broken": (
        "The settings in this address could not be read ({part}), so the explorer starts from its "
        "own."
    ),
    # … two steps side by side
    "x_compare": "Two steps side by side",
    "x_compare_first": "First step",
    "x_compare_second": "Second step",
    "x_choose": "choose a step",
    "x_criterion": "Criterion",
    "x_sum": "Rank and weighted sum",
    "x_not_ranked": "not ranked",
    "x_precedents": "Precedents that count",
    "x_weights_cannot": (
        "“{better}” is at least as good as “{other}” on every criterion: no weights can reverse "
        "them."
    ),
    "x_weights_can": "Neither is at least as good on every criterion: the weights decide.",
    "x_weights_same": "Both have the same value on every criterion: they always tie.",
    "x_of_recommendation": (
        "What to ask before a lesson is drawn: of the whole recommendation to which the step "
        "belongs"
    ),
    "x_silent": "The article is silent on",
    # in one of two cells side by side
    "x_better": "{value} ▲ higher",
    # {known}: where, kind, status, date, figures
    "x_precedent": "{precedent} – {known}; {relation}",
    # stands where there is nothing to list or to compare
    "x_none": "–",
    # … and what can be taken along
    "x_take": "Take it along",
    "x_copy_link": "Copy the link to these settings",
    "x_copy_text": "Copy the paragraph",
    "x_csv": "This ranking as CSV",
    # … in its cells
    "x_whose": "{precedent} – {place}",
    "x_unknown": "unknown",
    "x_print": "Print",
    # … the headings of its CSV
    "x_csv_rank": "rank",
    "x_csv_step": "step",
    "x_csv_name": "name",
    "x_csv_section": "section",
    "x_csv_score": "score",
    "x_csv_in_words": "{criterion}_in_words",
    "x_csv_weight": "{criterion}_weight",
    "x_csv_part": "{criterion}_part",
    "x_csv_first_all": "first_in_all_weightings",
    "x_csv_best": "best_rank",
    "x_csv_worst": "worst_rank",
    "x_csv_first_near": "first_within_{band}_points",
    "x_csv_precedents": "precedents",
    "x_csv_settings": "settings",
    "x_csv_breadth": "breadth",
    "x_csv_legal_footing": "legal_footing",
    "x_csv_specificity": "specificity",
    "x_csv_measured": "measured",
    "x_csv_time_in_force": "time_in_force",
    "x_csv_begun": "begun",
    "x_csv_priority": "priority",
    "x_csv_feasibility": "feasibility",
    "x_copied": "Copied.",
    "x_not_copied": "The browser did not allow copying; the address bar has the link.",
    # {weights} is each x_weight, {precedents} jurisdictions and relations
    "x_settings": "Weights: {weights}. Precedents: {precedents}. Steps: {steps}.",
    "x_weight": "{criterion} {points}",
    # relations that count, whose names may have commas of their own
    "x_relations": "{listed}, {next}",
    "x_rounded": "Parts are rounded.",
    # {order} in sentences, {settings} is x_settings and what follows it
    "x_paragraph": (
        "{order} The values are one book’s coding of one article, on fixed scales: for each "
        "criterion the best among the precedents that the article names. The article measures no "
        "effect: the order says what a reader’s weights make of the precedents, not which step "
        "would work, and it ranks no jurisdiction. {settings} {address}"
    ),
    # the frame around a chart
    "table": "Table",
    "download": "Download",
    "link": "Link",
    "link_said": "Link copied",
    "cite": "Cite",
    "address": "Address",
    "csv": "the drawn rows (CSV)",
    "svg": "the picture (SVG)",
    "png": "the picture (PNG, double size)",
    "json": "the specification (Vega-Lite JSON)",
    "filter_all": "all",
    "rows_shown": "{shown} of {all} rows shown",
    "practices_shown": "{shown} of {all} practices shown",
    "none_shown": "No practice fits. Clear a filter to see more.",
    "cite_text": (
        "{book}, version {version}, {name}: “{finding}”. Coding under CC BY 4.0. What it codes: "
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
