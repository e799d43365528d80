/// The style sheet of every page that Mynah writes: readable on telephone, screen and paper, light and dark.
enum PageStyle {
    static let css = """
        :root { color-scheme: light dark; --text: #1d2126; --soft: #5a626c; --ground: #ffffff; --line: #d5d9de; \
        --card: #f5f6f8; }
        @media (prefers-color-scheme: dark) {
          :root { --text: #e6e8eb; --soft: #a2abb5; --ground: #15181c; --line: #363c44; --card: #1d2126; }
        }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 66rem; padding: 1.2rem; color: var(--text); background: var(--ground);
          font: 1rem/1.55 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; overflow-wrap: break-word; }
        h1 { font-size: 1.5rem; line-height: 1.25; margin: .4rem 0; }
        h2 { font-size: 1.1rem; margin: 0 0 .3rem; }
        .lead { font-size: 1.15rem; margin: 0 0 1rem; }
        .soft, footer { color: var(--soft); font-size: .9rem; }
        section { display: grid; gap: .4rem 2rem; border-top: 1px solid var(--line); padding: 1.1rem 0; }
        section p { margin: 0 0 .6rem; }
        figure { margin: 0; }
        svg { display: block; width: 100%; height: auto; }
        .keys { display: flex; flex-wrap: wrap; gap: .2rem .9rem; list-style: none; margin: .3rem 0; padding: 0;
          font-size: .9rem; }
        .keys i { display: inline-block; width: 1.1rem; height: .25rem; margin-right: .35rem; \
        vertical-align: middle; border-radius: .1rem; }
        footer { border-top: 1px solid var(--line); padding: .8rem 0; }
        code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .88em; }
        @media (min-width: 52rem) { section { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); } }
        @media print {
          :root { --text: #000; --soft: #444; --ground: #fff; --line: #bbb; }
          body { max-width: none; padding: 0; } section { break-inside: avoid; }
        }
        """
}
