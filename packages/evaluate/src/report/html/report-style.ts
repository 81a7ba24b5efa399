/** The page's only style sheet; colours have a contrast of 4.5 to 1 or more on their ground in both schemes. */
export const REPORT_STYLE = `
:root { color-scheme: light dark;
  --ground: #ffffff; --panel: #f6f7f9; --line: #d8dce2; --ink: #1a1d21; --quiet: #545b66;
  --good: #17663a; --bad: #b3261e; --warn: #855200; --added: #d7f2df; --removed: #fbdcd9; --bar: #3b6fb6; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #15181c; --panel: #1e2227; --line: #3a4048; --ink: #e8eaed; --quiet: #a9b1bc;
  --good: #6fd391; --bad: #ff9a91; --warn: #f0bb5b; --added: #1d4a2c; --removed: #5c2320; --bar: #7fb0f2; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main, header { max-width: 76rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 1.5rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .6rem; }
h3 { font-size: .85rem; margin: .2rem 0; color: var(--quiet); font-weight: 600; }
.suite { color: var(--quiet); margin: 0; }
.verdict { display: inline-block; padding: .1rem .6rem; border: 2px solid currentColor; border-radius: 1rem; font-size: .9rem; vertical-align: middle; }
.fail, .regressed, .removed, .failed, .invalid, .error { color: var(--bad); }
.non-inferior, .improved, .passed { color: var(--good); }
.flaky, .changed, .added { color: var(--warn); }
ul.told { margin: .6rem 0; padding-left: 1.2rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .4rem .7rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { color: var(--quiet); font-weight: 600; font-size: .85rem; }
tbody th { font-weight: 500; overflow-wrap: anywhere; }
td.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
.interval { color: var(--quiet); font-size: .85rem; }
.scale { position: relative; width: 10rem; height: 1.4rem; background: var(--panel); border-radius: 3px; }
.scale span { position: absolute; }
.scale .band { height: 3px; background: var(--quiet); } .scale .band.now { background: var(--bar); }
.scale .mark { width: 3px; height: 9px; margin-left: -1px; background: var(--quiet); } .scale .mark.now { background: var(--bar); }
fieldset { border: 0; padding: 0; margin: 0 0 .8rem; display: flex; gap: 1rem; flex-wrap: wrap; }
fieldset legend { float: left; margin-right: .6rem; color: var(--quiet); }
label { display: inline-flex; gap: .35rem; align-items: center; min-height: 24px; cursor: pointer; }
body:has(#only-changed:checked) .scenario.is-steady, body:has(#only-failed:checked) .scenario.is-good, body:has(#only-flaky:checked) .scenario:not(.is-flaky) { display: none; }
details.scenario { border: 1px solid var(--line); border-radius: 6px; margin-bottom: .4rem; background: var(--panel); }
details.scenario > summary { display: grid; grid-template-columns: 7rem minmax(0, 1fr) 10rem 10rem; gap: .8rem; padding: .5rem .8rem; cursor: pointer; align-items: baseline; }
details.scenario > summary::marker { content: ""; }
details.scenario > summary .status::before { content: "▸ "; color: var(--quiet); }
details.scenario[open] > summary .status::before { content: "▾ "; }
summary:focus-visible, input:focus-visible { outline: 2px solid var(--bar); outline-offset: 2px; }
.name { overflow-wrap: anywhere; } .name small { color: var(--quiet); display: block; }
.status { font-weight: 600; } .held { color: var(--quiet); font-weight: 400; display: block; font-size: .85rem; }
.dots { font-family: ui-monospace, monospace; letter-spacing: .15em; }
.inside { padding: .2rem .8rem .8rem; border-top: 1px solid var(--line); }
.sides { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem; }
.sides.alone { grid-template-columns: minmax(0, 1fr); }
@media (max-width: 800px) { .sides { grid-template-columns: minmax(0, 1fr); } details.scenario > summary { grid-template-columns: 1fr 1fr; } }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; padding: .6rem; background: var(--ground); border: 1px solid var(--line); border-radius: 4px; font: 13px/1.5 ui-monospace, monospace; max-height: 30rem; overflow: auto; }
ins { background: var(--added); text-decoration: none; } del { background: var(--removed); text-decoration: none; }
ul.tasks { list-style: none; margin: .3rem 0; padding: 0; font-size: .9rem; } ul.tasks li { overflow-wrap: anywhere; }
.trace { margin-top: .4rem; font-size: .85rem; } .trace > summary { cursor: pointer; min-height: 24px; }
ol.spans { list-style: none; margin: 0; padding: 0; }
ol.spans li { display: grid; grid-template-columns: minmax(0, 14rem) minmax(0, 1fr) 5rem; gap: .5rem; align-items: center; border-bottom: 1px solid var(--line); }
ol.spans .what { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
ol.spans .when { position: relative; height: .8rem; } ol.spans .when span { position: absolute; height: 100%; min-width: 2px; background: var(--bar); border-radius: 2px; }
ol.spans .when span.failed { background: var(--bad); } ol.spans .long { text-align: right; font-variant-numeric: tabular-nums; }
footer { max-width: 76rem; margin: 2rem auto; padding: 0 1.25rem; color: var(--quiet); font-size: .85rem; }
`;
