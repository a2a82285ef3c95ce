"""The style sheet of the HTML page, for light and dark, wide and narrow."""

from __future__ import annotations

STYLE = """
:root { --paper: #fff; --ink: #1c1e21; --soft: #5c636b; --line: #d9dde2; --card: #f6f7f9;
  --error: #b42318; --warning: #8a5a00; --info: #24663b; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14171a; --ink: #e6e8ea; --soft: #9aa3ad; --line: #343a41; --card: #1d2125;
    --error: #ff8a7a; --warning: #e8b44c; --info: #7fd19b; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 70rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; margin: 0 0 .5rem; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .75rem; padding-bottom: .25rem;
  border-bottom: 2px solid; }
h2 span { color: var(--soft); font-weight: normal; }
h3 { font-size: 1rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
.error > h2 { color: var(--error); } .warning > h2 { color: var(--warning); }
.info > h2 { color: var(--info); }
article { background: var(--card); border: 1px solid var(--line); border-radius: 6px;
  border-left: 4px solid var(--soft); padding: .75rem 1rem; margin: 0 0 .75rem; }
.error article { border-left-color: var(--error); }
.warning article { border-left-color: var(--warning); }
.info article { border-left-color: var(--info); }
article.approved { border-left-color: var(--soft); }
dl { display: grid; grid-template-columns: 6rem 1fr; gap: .15rem .75rem; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
ul { margin: 0; padding-left: 1.1rem; } dd ul { list-style: none; padding: 0; }
code { font: .9em ui-monospace, monospace; }
small { color: var(--soft); font-family: ui-monospace, monospace; }
details { margin-top: .5rem; } summary { cursor: pointer; color: var(--soft); }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { color: var(--soft); font-weight: normal; }
.tests { color: var(--soft); white-space: nowrap; }
.gap { color: var(--warning); font-weight: bold; white-space: nowrap; }
@media (max-width: 40rem) {
  dl { grid-template-columns: 1fr; } dt { margin-top: .25rem; font-size: .85rem; }
  thead { display: none; }
  tr { display: block; padding: .4rem 0; border-bottom: 1px solid var(--line); }
  td { display: block; border: 0; padding: 0; } td:empty { display: none; }
}
"""
