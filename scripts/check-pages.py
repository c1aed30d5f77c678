#!/usr/bin/env python3
"""Runs what pages of the documentation tell to type, and checks that they show what comes out.

    scripts/check-pages.py [TOOL]        (default: .build/release/rapport)

A page's ```python and ```toml blocks make its files, in the order of the page, in a folder that sees Datasets. Each indented block that
begins with "$ rapport" is run; what the block shows must stand in the output in that order, up to spaces and line breaks. "…" stands
for anything. A sentence that Architecture.md shows as a block must be a finding's statement on the sample. CaseSystems.md must name the
columns that each profile reads.
"""
import json, os, pathlib, re, shlex, subprocess, sys, tempfile, textwrap

root = pathlib.Path(__file__).resolve().parent.parent
tool = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else root / ".build/release/rapport").resolve()
pages = root / "docs/Rapport.docc"
mistakes = []


def run(words, folder):
    return subprocess.run(
        [tool, *words], cwd=folder, capture_output=True, text=True, env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1"})


def document(words):
    done = run([*words, "--format", "json", "--quiet"], root)
    assert done.returncode == 0, f"rapport {' '.join(map(str, words))}: {done.stderr}"
    return json.loads(done.stdout)


def plain(text):
    return " ".join(text.split())


def check_session(page, line, block, folder):
    command, *shown = block.splitlines()
    done, position = run(shlex.split(command)[2:], folder), 0
    output = plain(done.stdout + done.stderr)
    if not shown or done.returncode != 0 and not any("Error:" in row for row in shown):
        mistakes.append(f"{page}:{line}: {command}\n  shows nothing, or ends with {done.returncode}: {done.stderr.strip()}")
        return
    for segment in "\n".join(shown).split("…"):
        found = output.find(plain(segment), position)
        if found < 0:
            rows = [row for row in segment.splitlines() if row.strip()]
            missing = next((row for row in rows if plain(row) not in output), rows[0] if rows else "")
            mistakes.append(f"{page}:{line}: {command}\n  doesn't print: {missing.strip()}")
            return
        position = found + len(plain(segment))


def check(page):
    text = (pages / page).read_text()
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(root / "Datasets", pathlib.Path(folder) / "Datasets")
        lines, i = text.splitlines(), 0
        while i < len(lines):
            line = lines[i]
            if line in ("```python", "```toml"):
                end = lines.index("```", i)
                code = "\n".join(lines[i + 1:end]) + "\n"
                if line == "```toml":
                    (pathlib.Path(folder) / "rapport.toml").write_text(code)
                else:
                    subprocess.run([sys.executable, "-c", code], cwd=folder, check=True)
                i = end
            elif line.lstrip().startswith("$ rapport ") and line.startswith("    "):
                indent = len(line) - len(line.lstrip())
                end = i + 1
                while end < len(lines) and (not lines[end].strip() or lines[end].startswith(" " * indent)):
                    end += 1
                check_session(page, i + 1, textwrap.dedent("\n".join(lines[i:end])), folder)
                i = end - 1
            i += 1


check("FromExportToReport.md")

quotes = re.findall(r"^    \S+ answers (?:.*\n)(?:^    .*\n)*", (pages / "Architecture.md").read_text(), re.M)
assert quotes, "Architecture.md shows no finding"
sample = root / "Datasets/sample"
found = document(["favouritism", sample / "events.csv", "--config", sample / "rapport.toml"])
statements = [plain(pair["statement"]) for pair in found["favouritism"]["pairs"]]
for quote in quotes:
    words = plain(quote)
    if words not in statements:
        near = next((s for s in statements if s.split()[:3] == words.split()[:3]), "nothing like it")
        mistakes.append(f"Architecture.md: no finding says: {words}\n  but: {near}")

sections = (pages / "CaseSystems.md").read_text().split("\n### ")
for profile in document(["profiles"])["profiles"]:
    uses = re.compile(rf"(--profile|rapport profiles) {profile['name']}\b")
    section = next((part for part in sections[1:] if uses.search(part)), "")
    rows = [line.split("|") for line in section.splitlines() if line.startswith("| `")]
    for column, names in profile["columns"].items():
        told = [name for row in rows if f"`{column}`" in row[1] for name in re.split(r"`?, ?`?|`| or ", row[2].strip())]
        # Categories are told by one name each.
        missing = [name for name in names if name not in told] if column not in ("topic", "priority", "channel") else []
        if missing:
            mistakes.append(f"CaseSystems.md: the row for {column} of {profile['name']} doesn't name {', '.join(missing)}")

if mistakes:
    sys.exit("\n".join(mistakes) + "\nPages show what rapport no longer prints; renew them, and the sentences around.")
print(f"Pages checked against {tool.name}: FromExportToReport.md, Architecture.md, CaseSystems.md")
