/** The style of the HTML report: light and dark, for screens, phones and paper. */

export const STYLE = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1b1b1f; --dim: #5c5f66; --line: #c9ccd1; --soft: #f3f4f6; --bad: #b3141d; --bad-soft: #fde8e8; --odd: #7a5200; --odd-soft: #fdf3d8; --good: #14692f; --link: #0b57d0; }
@media (prefers-color-scheme: dark) { :root { --paper: #16171a; --ink: #e8e8ea; --dim: #a3a7af; --line: #44474d; --soft: #212327; --bad: #ff8a85; --bad-soft: #46191b; --odd: #f2c25b; --odd-soft: #3d3012; --good: #7ad596; --link: #8ab8ff; } }
@media print { :root { color-scheme: light; --paper: #fff; --ink: #000; --dim: #444; --line: #999; --soft: #f3f4f6; --bad: #900; --bad-soft: #fde8e8; --odd: #5c3d00; --odd-soft: #fdf3d8; --good: #063; --link: #000; } figure, tr, li { break-inside: avoid; } h2, h3, h4 { break-after: avoid; } .scroll { overflow: visible; } svg { max-width: 100%; height: auto; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 70rem; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1, h2, h3, h4 { line-height: 1.25; }
h2 { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: 1rem; }
a { color: var(--link); }
a:focus-visible, .scroll:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
code, dd.code, .said, svg text { font-family: ui-monospace, monospace; font-size: .875rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
caption { text-align: left; color: var(--dim); padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); font-weight: normal; }
thead th { font-weight: bold; }
.changed td { font-weight: bold; }
.unsafe, .wrong-word, .not-understood { color: var(--bad); font-weight: bold; }
.deviates, .inconclusive { color: var(--odd); font-weight: bold; }
.conforms { color: var(--good); font-weight: bold; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; }
dt { color: var(--dim); }
dd { margin: 0; }
ul.plain { list-style: none; margin: 0; padding: 0; }
figure { margin: 1rem 0; }
figcaption, .left-out { color: var(--dim); font-size: .875rem; }
.scroll { overflow-x: auto; border: 1px solid var(--line); }
svg { display: block; }
svg text { fill: var(--ink); font-size: 12px; white-space: pre; }
svg rect { fill: none; }
svg .wrong rect { fill: var(--bad-soft); }
svg .core rect { fill: var(--odd-soft); }
svg .wrong text { fill: var(--bad); font-weight: bold; }
svg .core text { font-weight: bold; }
svg .context text { fill: var(--dim); }
svg a text { text-decoration: underline; }
svg .lane line { stroke: var(--line); }
svg .lane text { font-weight: bold; }
svg circle { fill: var(--dim); stroke: var(--paper); }
svg .core circle { fill: var(--odd); }
svg .wrong circle { fill: var(--bad); }
svg .cross { stroke: var(--paper); stroke-width: 2; fill: none; }
svg .gap { stroke: var(--dim); stroke-dasharray: 2 4; }
svg .arrow { stroke: var(--dim); fill: none; stroke-width: 1.5; }
svg g:target rect { stroke: var(--link); stroke-width: 3; }
dt:target, dd:target { outline: 3px solid var(--link); }
.news { font-weight: bold; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin: 0 0 .6rem; } body { padding: .6rem; } }
`;
