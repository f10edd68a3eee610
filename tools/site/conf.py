"""How Sphinx turns the staged lessons into the site; build_site.py stages them. Nothing on a page comes from another host."""

project = "Backpropagation"
author = "the authors of the course"
copyright = "the authors; text and pictures CC BY 4.0, code MIT"
language = "en-GB"
extensions = ["myst_nb", "sphinx.ext.mathjax"]
root_doc = "index"
nitpicky = True

nb_execution_mode = "off"  # shown as committed
nb_ipywidgets_js = {}  # no widget library from a CDN: explorers leave their picture
nb_mime_priority_overrides = [("html", "text/html", 0)]
myst_enable_extensions = ["amsmath", "dollarmath"]
myst_heading_anchors = 3
suppress_warnings = ["misc.highlighting_failure"]

mathjax_path = "mathjax/tex-chtml.js"  # the copy that build_site.py lays beside the pages
mathjax3_config = {"options": {"enableMenu": False}}  # its menu would load parts that are not copied

html_static_path = ["static"]
html_css_files = ["site.css"]
html_js_files = [(name, {"defer": "defer"}) for name in ("site.js", "predictions.js")]
html_favicon = "static/icon.svg"
html_context = {"default_mode": "auto"}
html_theme = "sphinx_book_theme"
html_title = "Backpropagation, down to the last derivative"
html_copy_source = False
html_theme_options = {
    "use_download_button": False,  # each page links its notebook as it is committed
    "use_fullscreen_button": False,
    "show_navbar_depth": 1,
    "navbar_persistent": [],  # the search stands in the sidebar
}
