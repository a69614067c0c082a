"""A widget on a plain page in Chromium, with Python behind it in place of a kernel.

What ipywidgets does between the two is done here: it sends `settings` on, and tells of what comes back.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Widgets</title>
<style>body { margin: 0; padding: 0 PADDINGpx; font-family: sans-serif } STYLE</style><main><h1>Widgets</h1></main>
<script type="module">
const bytes = (text) => new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
const unpack = (state) =>
  Object.fromEntries(Object.entries(state).map(([name, value]) => [name, value?.bytes === undefined ? value : bytes(value.bytes)]));
SCRIPT
STATES.forEach((packed, number) => {
  const state = unpack(packed), heard = {};
  const model = {
    get: (name) => state[name],
    set: (name, value) => (state[name] = value),
    on: (event, act) => (heard[event] = act),
    async save_changes() {
      heard["change:settings"]?.();
      const { changed, messages } = await window.python(number, state.settings);
      Object.assign(state, unpack(changed));
      heard["change:answer"]();
      for (const [content, buffers] of messages) heard["msg:custom"](content, buffers.map((each) => bytes(each.bytes)));
    },
  };
  widget.render({ model, el: document.querySelector("main") });
});
</script></html>"""


def open_widgets(
    context: BrowserContext,
    folder: Path,
    widgets: Sequence[Any],
    script: str,
    traits: Sequence[str],
    answers: Sequence[str],
    padding: int = 0,
) -> Page:
    """Return a page, written into `folder`, with anywidgets of one kind below each other.

    script: their JavaScript; traits: what it gets of a widget; answers: which of these follow from `settings`.
    """
    parts = {
        "PADDING": str(padding),
        "STYLE": str(widgets[0]._css),
        "STATES": json.dumps([packed(widget, traits) for widget in widgets]),
        "SCRIPT": script.replace("export default", "const widget ="),
    }
    path = folder / "page.html"
    path.write_text(re.sub("|".join(parts), lambda found: parts[found[0]], PAGE), encoding="utf-8")

    def python(number: int, settings: dict[str, Any]) -> dict[str, Any]:
        widget, messages = widgets[number], []
        widget.send = lambda content, buffers: messages.append([content, [as_json(each) for each in buffers]])
        widget.settings = settings
        return {"changed": packed(widget, answers), "messages": messages}

    page = context.new_page()
    page.expose_function("python", python)
    page.goto(path.as_uri())
    return page


def packed(widget: Any, traits: Sequence[str]) -> dict[str, Any]:
    """Return some of a widget's traits as the page gets them."""
    return {name: as_json(getattr(widget, name)) for name in traits}


def as_json(value: Any) -> Any:
    return {"bytes": base64.b64encode(value).decode()} if isinstance(value, bytes) else value
