#!/usr/bin/env python3
"""Writes the man pages of a built rapport, one per command, from what the tool says of itself.

    scripts/man-pages.py .build/release/rapport FOLDER

The tool's --experimental-dump-help is JSON; nothing here knows of a particular command or option.
"""
import json
import pathlib
import subprocess
import sys


def text(words):
    """Words as roff: escaped, and nothing that the font or the terminal's encoding could lose."""
    out = []
    for c in words:
        if c == "\\":
            out.append("\\e")
        elif c == "-":
            out.append("\\-")
        elif c in "'`^~\"":
            out.append({"'": "\\(aq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti", '"': "\\(dq"}[c])
        else:
            out.append(c if ord(c) < 128 else "\\[u%04X]" % ord(c))
    line = "".join(out)
    return "\\&" + line if line.startswith(".") else line


def blocks(discussion):
    """Paragraphs, and blocks of indented lines, in their order: (is indented, lines)."""
    result = []
    for line in (discussion or "").split("\n"):
        indented = line.startswith("  ")
        if not line.strip():
            result.append((None, []))
            continue
        if not result or result[-1][0] != indented:
            result.append((indented, []))
        result[-1][1].append(line.strip())
    return [(indented, lines) for indented, lines in result if lines]


def spelled(name):
    return ("-" if name["kind"] == "short" else "--") + name["name"]


def synopsis(argument):
    value = "\\fI%s\\fR" % text(argument["valueName"])
    if argument["kind"] == "positional":
        shown = value
    else:
        shown = "\\fB%s\\fR" % text(spelled(argument["preferredName"]))
        if argument["kind"] == "option":
            shown += "\\ " + value
    if argument.get("isRepeating"):
        shown += " \\&..."
    return "[%s]" % shown if argument["isOptional"] else shown


def option(argument):
    value = "\\fI%s\\fR" % text(argument["valueName"])
    if argument["kind"] == "positional":
        head = value
    else:
        names = ["\\fB%s\\fR" % text(spelled(name)) for name in argument["names"]]
        head = ", ".join(names) + (" " + value if argument["kind"] == "option" else "")
    lines = [".TP", head, text(argument.get("abstract") or "") or "\\&"]
    if argument.get("allValues"):
        lines.append("One of %s." % ", ".join(text(value) for value in argument["allValues"]))
    return lines


def page(command, path, version):
    name = "-".join(path)
    shown = [a for a in command.get("arguments", []) if a.get("shouldDisplay", True)]
    children = [c for c in command.get("subcommands", []) if c["commandName"] != "help"]
    lines = [
        '.TH "%s" 1 "" "rapport %s" "Rapport"' % (text(name.upper()), text(version)),
        ".SH NAME",
        "%s \\- %s" % (text(name), text(command["abstract"].rstrip("."))),
        ".SH SYNOPSIS",
        ".ad l", ".hy 0", ".nh",
        "\\fB%s\\fR" % text(" ".join(path)),
    ]
    if children:
        lines.append("\\fIcommand\\fR \\&...")
    lines += [synopsis(a) for a in shown]
    lines += [".SH DESCRIPTION", text(command["abstract"])]
    status, examples, in_examples = [], [], False
    for indented, words in blocks(command.get("discussion")):
        if words == ["Examples:"]:
            in_examples = True
        elif indented and in_examples:
            examples += words
        elif words[0].startswith("Exit codes: "):
            status = [" ".join(words)[len("Exit codes: "):]]
        elif words[-1] == "Examples:":
            lines += [".PP"] + [text(word) for word in words[:-1]]
            in_examples = True
        else:
            lines += [".PP"] + [text(word) for word in words]
    if children:
        lines.append(".SH COMMANDS")
        for child in children:
            lines += [".TP", "\\fB%s\\fR(1)" % text("-".join(path + [child["commandName"]])), text(child["abstract"])]
    titles = []
    for argument in shown:
        if argument.get("sectionTitle") not in titles:
            titles.append(argument.get("sectionTitle"))
    if shown:
        lines.append(".SH OPTIONS")
    for title in sorted(titles, key=lambda title: title is not None):
        if title:
            lines.append('.SS "%s"' % text(title))
        for argument in shown:
            if argument.get("sectionTitle") == title:
                lines += option(argument)
    if examples:
        lines += [".SH EXAMPLES", ".nf"] + [text(example) for example in examples] + [".fi"]
    if status:
        lines.append(".SH EXIT STATUS")
        for part in " ".join(status).rstrip(".").split("; "):
            code, meaning = part.split(" ", 1)
            lines += [".TP", "\\fB%s\\fR" % code, text(meaning)]
    others = [path[:-1]] if len(path) > 1 else [path + [c["commandName"]] for c in children]
    if len(path) > 2:
        others.insert(0, path[:1])
    if others:
        lines.append(".SH SEE ALSO")
        lines.append(", ".join("\\fB%s\\fR(1)" % text("-".join(other)) for other in others))
    yield name, "\n".join(lines) + "\n"
    for child in children:
        yield from page(child, path + [child["commandName"]], version)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    tool, folder = sys.argv[1], pathlib.Path(sys.argv[2])

    def ask(option):
        return subprocess.run([tool, option], check=True, capture_output=True, text=True).stdout

    root = json.loads(ask("--experimental-dump-help"))["command"]
    version = ask("--version").strip()
    folder.mkdir(parents=True, exist_ok=True)
    for name, page_text in page(root, [root["commandName"]], version):
        (folder / (name + ".1")).write_text(page_text, encoding="ascii")


main()
