extension Page {
  /// The page's only style sheet: two colours that everyone can tell apart, light and dark, and print.
  static let style = """
    :root{color-scheme:light dark;--ink:#1b1f24;--muted:#57606a;--paper:#fff;--panel:#f6f8fa;--line:#d0d7de;\
    --blue:#0b5cad;--orange:#a84300;--focus:#0b5cad}
    @media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--muted:#a3adb8;--paper:#0d1117;--panel:#161b22;\
    --line:#30363d;--blue:#79b8ff;--orange:#ffab70;--focus:#79b8ff}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
    header,footer{max-width:60rem;margin:0 auto;padding:0 1.25rem}
    h1{font-size:1.8rem;line-height:1.2;margin:1.5rem 0 .25rem}
    h2{font-size:1.35rem;margin:2.5rem 0 .5rem;padding-top:.5rem;border-top:1px solid var(--line)}
    h3{font-size:1.05rem;margin:1.5rem 0 .25rem}
    p,ul{margin:.4rem 0 .6rem;max-width:46rem}
    a{color:var(--blue)}
    a:focus-visible,summary:focus-visible,input:focus-visible,select:focus-visible,button:focus-visible,\
    .scroll:focus-visible{outline:3px solid var(--focus);\
    outline-offset:2px}
    nav ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem}
    .skip{position:absolute;left:-100rem}.skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.5rem}
    .muted{color:var(--muted)}
    .note{border-left:4px solid var(--orange);background:var(--panel);padding:.5rem .75rem;max-width:46rem}
    .scroll{overflow-x:auto;margin:.5rem 0 1rem;background:\
    linear-gradient(to right,var(--paper) 40%,transparent) left/3rem 100% no-repeat local,\
    linear-gradient(to left,var(--paper) 40%,transparent) right/3rem 100% no-repeat local,\
    linear-gradient(to right,var(--line),transparent) left/1rem 100% no-repeat scroll,\
    linear-gradient(to left,var(--line),transparent) right/1rem 100% no-repeat scroll}
    section>.scroll{width:max-content;max-width:100%}
    section{padding:0 1.25rem 0 max(1.25rem,calc(50vw - 28.75rem))}
    section>h2{max-width:57.5rem}
    .deferred{content-visibility:auto;contain-intrinsic-size:auto 60rem}
    .deferred details.manager{content-visibility:auto;contain-intrinsic-size:auto 4.5rem}
    .links a{margin-right:.75rem;unicode-bidi:isolate}
    table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
    caption{text-align:left;color:var(--muted);padding:.25rem 0;position:sticky;left:0;max-width:calc(100vw - 3.5rem)}
    details caption{max-width:calc(100vw - 5.75rem)}
    th,td{padding:.25rem .75rem .25rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
    th{font-weight:600;overflow-wrap:normal}tbody th{font-weight:400;unicode-bidi:isolate}
    .n{text-align:right;white-space:nowrap}
    td,th{max-width:24rem}td{unicode-bidi:isolate;overflow-wrap:normal}.long{overflow-wrap:anywhere}
    details.manager{border:1px solid var(--line);border-radius:6px;margin:.4rem 0;background:var(--paper);max-width:57.5rem}
    details.manager>div{padding:0 1rem 1rem}
    summary{cursor:pointer;padding:.5rem 1rem;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;align-items:baseline}
    summary::before{content:"▸"}
    details[open]>summary::before{content:"▾"}
    summary .name{font-weight:600}summary .muted{flex-basis:100%;padding-left:1.6rem}
    label{display:block;font-weight:600;margin:.75rem 0 .25rem}
    input,select,button{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--muted);border-radius:6px;\
    padding:.4rem .6rem}
    .search{display:flex;flex-wrap:wrap;gap:0 1rem;align-items:end}.search[hidden]{display:none}.search p{margin:.2rem 0}
    .search input,.search select{width:100%;max-width:16rem}
    #found{flex-basis:100%;color:var(--muted);min-height:1.5em}
    button{font-size:.85rem;padding:.1rem .5rem;cursor:pointer}
    th button{border:0;padding:0;background:none;font:inherit;text-align:inherit;text-decoration:underline dotted;\
    min-width:24px;min-height:24px}
    th[aria-sort] button{text-decoration:underline}
    th[aria-sort=ascending] button::after{content:" ▲"}th[aria-sort=descending] button::after{content:" ▼"}
    caption button{margin-left:.75rem}
    svg a .t{fill:var(--blue);text-decoration:underline}
    svg{display:block;max-width:max(100%,34rem);height:auto}
    \(PlotStyle.page.rules)
    footer{margin-top:3rem;padding-bottom:2rem;color:var(--muted)}
    @media print{nav,.search,.skip,caption button{display:none}th button::after{content:none}body{font-size:10pt}\
    details.manager{break-inside:avoid;border-width:1px 0 0;border-radius:0;margin-bottom:0}details.manager>div{padding-bottom:0}\
    details.manager>div>:last-child{margin-bottom:0}\
    .scroll{overflow:visible;background:none}table{font-size:7pt}th,td{padding-right:.3rem}.n{white-space:normal}\
    .deferred,.deferred details.manager{content-visibility:visible}a{color:inherit}}
    """
}
