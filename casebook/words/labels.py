"""Words of the package that are shown in many places: each under a key, in English.

casebook.po has them in the other languages. A comment above a key is for its translators. Its
lines after the first begin with three blanks.
"""

LABELS = {
    # the book, and what stands around a page
    "figure_n": "Figure %s",
    "code_show": "Show the code",
    "code_hide": "Hide the code",
    # in a draft, below a sentence that has lost its ground: {0} its claim
    "lost_ground": "To be written anew: what this stands on no longer holds ({0}).",
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
    # each said in the language of the edition that is offered: on the switcher, and in the offer
    #   to a reader who prefers it
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
    "pdf_version": "Version {0}",
    # {0} the author, {1} the title in its marks, {2} the journal, {3} the day
    "pdf_study": "A study of {0}, {1}, {2}, {3}",
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
    "placed": "{0} ({1})",
    # {0} what has a value, {1} the value in words
    "valued": "{0}: {1}",
    # {0} a rank that several share
    "tied": "{0}=",
    "reading": "this book’s reading",
    "source": "Source: {author}, {journal}, {day}, as coded in data/.",
    "sources": (
        "Sources: the article ({author}, {journal}, {day}) as coded in data/, and the public "
        "sources listed in Method."
    ),
    "none": "none",
    # in the place of a table or chart of which no row is there yet
    "chart": "This chart",
    "nothing_coded": "no row of it is coded yet.",
    "not_looked_up": "not looked up",
    # headings of the table that stands beside each chart
    "subsection": "Sub-section",
    "jurisdiction": "Jurisdiction",
    "type": "Type",
    "practice": "Practice",
    "named": "Practices named",
    "status": "Status",
    "date": "Date",
    "checked": "Checked",
    "level": "Level",
    "actor": "Actor",
    "code": "This book’s reading",
    "in_article": "In the article",
    "in_source": "In a public source",
    "first_list": "Member",
    "second_list": "Joined with",
    "line": "Line",
    "reason": "Reason",
    "no_line": "no line",
    "full": "full",
    "dashed": "dashed",
    "character": "Character",
    "claim": "Claim of the article",
    "verdict": "Verdict",
    "given_by": "Given by",
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
    "since": "dated {0}",
    "of_pioneers": "{0} of {1} pioneers",
    "not_set": "not set",
    "rank_axis": "Takes rank, {0}",
    "rank_share": "rank {1} in {0} of weightings",
    "first_in": "First in, of the weightings shown",
    "score_counted": (
        "A bar adds up what this book’s coding says of a step’s precedents: for each criterion the "
        "best among all that the article names, times its weight. It is no measure of effect. A "
        "pale part with “?” is unknown and counts as the middle of its scale. Right: the stronger "
        "the shade, the more weightings give the step that rank (under 0.5% blank); what is "
        "unknown is drawn at random there."
    ),
    # {0} the numbers of the criteria with their names
    "score_key": "Parts: {0}.",
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
    # {0} the most points
    "x_weights": "Your weights, in points from 0 to {0}",
    # for a screen reader: {0} a criterion
    "x_points": "{0}: points",
    "x_own_off": "Off until you rate a step in the list below.",
    "x_filters": "Which steps, and whose precedents count",
    "x_recommendation": "Recommendation",
    "x_difficulty": "Takes up the difficulty",
    "x_home": "Already at home in Jiangsu",
    "x_home_all": "all steps",
    "x_home_without": "only steps not shown to be at home",
    "x_home_only": "only steps already at home",
    "x_from": "Precedents from",
    "x_every_pioneer": "all pioneers",
    "x_only_provinces": "provinces only (as Jiangsu)",
    "x_only_municipalities": "municipalities only",
    "x_relation": "Precedents that are",
    "x_near": "Shading and percentages cover",
    # {0} how many weightings
    "x_near_all": "all weightings ({0}, spread evenly)",
    # {0} points, {1} how many weightings
    "x_near_band": "{1} weightings within ±{0} points of mine",
    # … its ranking
    "x_ranked": "The ranking in words",
    "x_rank": "Rank",
    "x_at_home": "already at home",
    # {0} a share, {1} x_of_all or x_of_near, {2} x_place or x_places, {3} the number of a rank
    "x_sure": "First in {0} of {1}; {2} in nine of ten of them; lowest rank {3}.",
    # within x_sure: {0} the number of a rank; {0} and {1} the best and the worst of the middle
    #   nine tenths
    "x_place": "rank {0}",
    "x_places": "ranks {0} to {1}",
    # {0} the name of a step, wherever it stands in a sentence
    "x_quoted": "“{0}”",
    # within x_sure
    "x_of_all": "all weightings",
    "axis_all": "of all weightings",
    "axis_given": "±{0} of starting weights",
    "axis_near": "within ±{0} points",
    # within x_sure: {0} points
    "x_of_near": "weightings within ±{0} points of yours",
    # {0} the weighted sum, {1} each x_part, with x_plus between them
    "x_parts": "{0} = {1}",
    # {0} a criterion, {1} the step’s value in words, {2} what it adds to the sum
    "x_part": "{0} ({1}) {2}",
    "x_plus": " + ",
    # {0} how many steps
    "x_more": "Show all {0} steps",
    # {0} how many places
    "x_less": "Show the first {0} places",
    # {0} how many precedents
    "x_open": "Precedents ({0}), and your own judgement",
    "x_national": "National acts, which are not counted; what is in force binds Jiangsu already:",
    "x_judge": "Your own judgement of this step",
    # {0} names of steps
    "x_never_below": "Whatever the weights, it is never below: {0}.",
    # {0} names of steps
    "x_never_above": "Whatever the weights, it is never above: {0}.",
    # {0} names of steps
    "x_apart": "Not ranked, because no chosen precedent is named for it: {0}.",
    # … what it says of the order
    # {0} a step, {1} the share of all weightings, {2} the share of those near, {3} points, {4}
    #   how many weightings
    "x_first": (
        "{0} is first with these weights, in {2} of {4} weightings within ±{3} points of them, and "
        "in {1} of {4} over all there are."
    ),
    # {0} two or three steps, with “both” between them
    "x_first_shared": "{0} share the first place.",
    # a title, without full stop: {0} a step, {1} the share of the weightings near, {2} points,
    #   {3} how many weightings
    "x_equal_first": (
        "With equal weights {0} is first; so it is in {1} of {3} weightings within ±{2} points of "
        "them"
    ),
    # {0} how many steps
    "x_first_many": "{0} steps share the first place.",
    # {0} how many steps, {1} the sentence x_first, x_first_shared, x_first_many or x_one_step,
    #   with its full stop
    "x_of": "Of {0} steps that the article recommends to Jiangsu and that have a precedent, {1}",
    "x_same": "The same for all steps compared: it changes no place.",
    # {0} what the top of a criterion’s scale means
    "x_highest": "Highest: {0}",
    # {0} how many steps are rated, {1} how many are compared
    "x_own_set": "Rated for {0} of {1} steps; the others are unknown and count as the middle.",
    # a sentence after x_settings: {0} each x_own_value
    "x_judged": "Own judgement: {0}.",
    # {0} a step, {1} a criterion, {2} the value that the reader gave
    "x_own_value": "{0} – {1}: {2}",
    # in the list of what is known of a precedent: {0} numbers with their units
    "x_figure": "figure: {0}",
    "x_choose_other": "Choose the other step, too.",
    # the places after the first: {0} one or two steps
    "x_then": "Then: {0}.",
    "x_top": (
        "At least as good as all others on every criterion: no weights can put another step above "
        "it."
    ),
    # {0} x_points_more or one of the three below it, {1} a criterion, {2} the step that would be
    #   first, or several with “both” between them
    "x_fragile": "The order is fragile: {0} on {1} would put {2} first.",
    # as x_fragile
    "x_robust": "Changing one weight alone: {0} on {1} would put {2} first.",
    "x_fixed": "No change of one weight alone puts another step first.",
    # within x_fragile and x_robust: {0} points by which one weight changes
    "x_points_more": "{0} points more",
    "x_points_fewer": "{0} points fewer",
    "x_point_more": "1 point more",
    "x_point_fewer": "1 point fewer",
    # {0} a criterion
    "x_one_criterion": (
        "Only “{0}” has weight: this is the order of one criterion, with as many ties as it leaves."
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
    # {1} the most points, {2} the weight as it was ({0} what was typed)
    "x_not_number": "Enter a number from 0 to {1}; the weight stays at {2}.",
    # {0} what was typed
    "x_below": "{0} is below 0: set to 0.",
    # {0} what was typed, {1} the most points
    "x_above": "{0} is above {1}: set to {1}.",
    # {0} the part of the address that could not be read
    "x_broken": (
        "The settings in this address could not be read ({0}), so the explorer starts from its own."
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
    # {0} the better step, {1} the other
    "x_weights_cannot": (
        "“{0}” is at least as good as “{1}” on every criterion: no weights can reverse them."
    ),
    "x_weights_can": "Neither is at least as good on every criterion: the weights decide.",
    "x_weights_same": "Both have the same value on every criterion: they always tie.",
    "x_of_recommendation": (
        "What to ask before a lesson is drawn: of the whole recommendation to which the step "
        "belongs"
    ),
    "x_silent": "The article is silent on",
    # in one of two cells side by side: {0} the value that is higher than the other’s
    "x_better": "{0} ▲ higher",
    # {0} a precedent, {1} what is known of it (where, kind, status, date, figures), {2} its
    #   relation to the step
    "x_precedent": "{0} – {1}; {2}",
    # stands where there is nothing to list or to compare
    "x_none": "–",
    # … and what can be taken along
    "x_take": "Take it along",
    "x_copy_link": "Copy the link to these settings",
    "x_copy_text": "Copy the paragraph",
    "x_csv": "This ranking as CSV",
    # … in its cells: {0} a precedent, {1} whose it is
    "x_whose": "{0} – {1}",
    "x_yes": "yes",
    "x_not_shown": "not shown",
    "x_unknown": "unknown",
    "x_print": "Print",
    # … the headings of its CSV: {0} the heading of a criterion, but in x_csv_first_near points
    "x_csv_rank": "rank",
    "x_csv_step": "step",
    "x_csv_name": "name",
    "x_csv_section": "section",
    "x_csv_at_home": "at_home",
    "x_csv_score": "score",
    "x_csv_in_words": "{0}_in_words",
    "x_csv_weight": "{0}_weight",
    "x_csv_part": "{0}_part",
    "x_csv_first_all": "first_in_all_weightings",
    "x_csv_best": "best_rank",
    "x_csv_worst": "worst_rank",
    "x_csv_first_near": "first_within_{0}_points",
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
    # {0} each x_weight, {1} jurisdictions and relations, {2} which steps are compared
    "x_settings": "Weights: {0}. Precedents: {1}. Steps: {2}.",
    # {0} a criterion, {1} its points
    "x_weight": "{0} {1}",
    # relations that count, whose names may have commas of their own: {0} one, or several already
    #   listed, {1} the next
    "x_relations": "{0}, {1}",
    "x_rounded": "Parts are rounded.",
    # {0} what is said of the order, in sentences, {1} x_settings and what follows it, {2} the
    #   address
    "x_paragraph": (
        "{0} The values are one book’s coding of one article, on fixed scales: for each criterion "
        "the best among the precedents that the article names. The article measures no effect: the "
        "order says what a reader’s weights make of the precedents, not which step would work, and "
        "it ranks no jurisdiction. {1} {2}"
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
    "rows_shown": "{0} of {1} rows shown",
    "practices_shown": "{0} of {1} practices shown",
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
    # a year or a period (first and last year); a number with its unit; what stands between
    #   sentences
    "period": "{0}–{1}",
    "year": "{0}",
    "measured": "{0} {1}",
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
