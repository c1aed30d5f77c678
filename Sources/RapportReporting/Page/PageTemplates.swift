import Mustache

/// The page's templates. Double braces escape (``PageText``); triple ones are for our own drawings and code, and for sentences, which
/// ``PageText/sentence(_:)`` has escaped.
enum PageTemplates {
  /// Compiled once; a template that doesn't compile is a defect that every test of the page would meet.
  static func library() throws -> MustacheLibrary {
    MustacheContentTypes.register(PageText(), named: PageText.name)
    var templates: [String: MustacheTemplate] = [:]
    // Each says it for itself: a partial starts with the library's own escaping.
    for (name, text) in sources {
      templates[name] = try MustacheTemplate(string: "{{% CONTENT_TYPE:\(PageText.name) }}\(text)")
    }
    return MustacheLibrary(templates: templates)
  }

  private static let sources = [
    "page": page, "section": section, "search": search, "manager": manager, "block": block, "table": table,
  ]

  private static let page = """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{{{styleHash}}}'; \
    script-src 'sha256-{{{scriptHash}}}'; base-uri 'none'; form-action 'none'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="referrer" content="no-referrer">
    <title>Rapport: {{title}}</title>
    <style>{{{style}}}</style>
    </head>
    <body>
    <a class="skip" href="#summary">Skip to the summary</a>
    <header>
    <h1>Working relationships between HR and line managers</h1>
    <p class="muted">{{title}}</p>
    <nav aria-label="Sections"><ul>{{#sections}}<li><a href="#{{anchor}}">{{heading}}</a></li>{{/sections}}</ul></nav>
    </header>
    <main>
    {{#sections}}{{> section}}{{/sections}}
    </main>
    <footer><p>Made by rapport {{version}}. Every figure is an estimate with its uncertainty; none is a judgement of a \
    person.</p></footer>
    <script>{{{script}}}</script>
    </body>
    </html>

    """

  private static let section = """
    <section aria-labelledby="{{anchor}}"{{#isDeferred}} class="deferred"{{/isDeferred}}>
    <h2 id="{{anchor}}">{{heading}}</h2>
    {{#search}}{{> search}}{{/search}}
    {{#blocks}}{{> block}}{{#managers}}{{> manager}}{{/managers}}
    {{/blocks}}{{#parts}}<script type="text/plain" id="part-{{number}}">{{{data}}}</script>{{/parts}}
    </section>

    """

  /// Hidden until the script shows it, since it does nothing without.
  private static let search = """
    <form class="search" hidden><p><label for="find">Find a manager</label><input id="find" type="search" \
    autocomplete="off" spellcheck="false"></p>{{#groups}}<p><label for="choose-{{number}}">{{title}}</label>\
    <select id="choose-{{number}}" class="choose"><option value="">all</option>{{#values}}\
    <option value="{{number}}">{{value}}</option>{{/values}}</select></p>{{/groups}}\
    <p><label for="order">Order</label><select id="order"><option value="">by identifier</option>\
    <option value="lowest -1">{{lowestFirst}}</option><option value="health 1">lowest health first</option>\
    <option value="health -1">highest health first</option><option value="requests -1">most requests first</option></select></p>\
    <p id="found" role="status"></p></form>
    """

  private static let manager = """
    <details class="manager" id="{{anchor}}" data-choices="{{choices}}" data-health="{{health}}" \
    data-lowest="{{lowest}}" data-requests="{{requests}}">\
    <summary><span class="name"><bdi>{{id}}</bdi></span><span>{{headline}}</span>\
    <span class="muted">{{place}}</span></summary><div>{{{details}}}</div></details>

    """

  private static let block = """
    {{#heading}}<h3>{{.}}</h3>{{/heading}}{{#paragraphs}}<p>{{{.}}}</p>{{/paragraphs}}\
    {{#note}}<p class="note">{{{.}}}</p>{{/note}}\
    {{#hasBullets}}<ul>{{#bullets}}<li>{{{.}}}</li>{{/bullets}}</ul>{{/hasBullets}}\
    {{#hasLinks}}<p class="links">Open: {{#links}}<a href="#{{anchor}}">{{name}}</a> {{/links}}</p>{{/hasLinks}}\
    {{#drawing}}<div class="scroll">{{{.}}}</div>{{/drawing}}{{#table}}{{> table}}{{/table}}
    """

  /// The first cell of a row names it. Of the others, those of a kind that follow one another are one run, and a cell that holds nothing
  /// but its text is `.`: of the thousands of cells on a page each costs as much as the names that are looked up for it.
  private static let table = """
    <div class="scroll"><table><caption>{{caption}}</caption>\
    <thead><tr>{{#headings}}{{#words}}<th scope="col">{{.}}</th>{{/words}}\
    {{#numbers}}<th scope="col" class="n">{{.}}</th>{{/numbers}}{{/headings}}</tr></thead>\
    <tbody>{{#rows}}<tr>{{#.}}\
    {{#heads}}<th scope="row"{{#isNumber}} class="n"{{/isNumber}}{{#isLong}} class="long"{{/isLong}}>\
    {{#anchor}}<a href="#{{.}}">{{/anchor}}{{text}}{{#anchor}}</a>{{/anchor}}</th>{{/heads}}\
    {{#words}}<td>{{.}}</td>{{/words}}{{#numbers}}<td class="n">{{.}}</td>{{/numbers}}\
    {{#others}}<td{{#isNumber}} class="n"{{/isNumber}}{{#isLong}} class="long"{{/isLong}}>\
    {{#anchor}}<a href="#{{.}}">{{/anchor}}{{text}}{{#anchor}}</a>{{/anchor}}</td>{{/others}}{{/.}}</tr>{{/rows}}\
    </tbody></table></div>
    """
}
