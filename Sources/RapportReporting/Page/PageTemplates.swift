import Mustache

/// The page's templates. Double braces escape; triple ones are for our own drawings only.
enum PageTemplates {
  /// Compiled once; a template that doesn't compile is a defect that every test of the page would meet.
  static func library() throws -> MustacheLibrary {
    var templates: [String: MustacheTemplate] = [:]
    for (name, text) in sources { templates[name] = try MustacheTemplate(string: text) }
    return MustacheLibrary(templates: templates)
  }

  private static let sources = ["page": page, "section": section, "search": search]

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
    {{#blocks}}{{{html}}}{{{managers}}}
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
    <option value="lowest -1">likeliest in the lowest tenth first</option><option value="health 1">lowest health first</option>\
    <option value="health -1">highest health first</option><option value="requests -1">most requests first</option></select></p>\
    <p id="found" role="status"></p></form>
    """
}
