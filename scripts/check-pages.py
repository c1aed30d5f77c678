#!/usr/bin/env python3
"""Runs what pages of the documentation tell to type, and checks that they show what comes out.

    scripts/check-pages.py [TOOL]        (default: .build/release/rapport)

A page's ```python and ```toml blocks make its files, in the order of the page, in a folder that sees Datasets. Each indented line that
begins with "$ rapport", with those that a backslash joins to it, is run; what stands below it up to the next command or the end of the
block must stand in the output in that order, up to spaces and line breaks. "…" stands for anything. A block of output without a command
above it is a mistake on these pages. A sentence that Architecture.md shows as a block must be a finding's statement on the sample.
CaseSystems.md must name the columns that each profile reads. README.md's excerpt must be printed on the sample, paragraph by paragraph.
Some figures in sentences and tables are compared with assessments, and README.md's of the validity study with its tables: those of
`told` below.
"""
import csv, json, os, pathlib, re, shlex, subprocess, sys, tempfile, textwrap

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


def check_shown(place, command, segments, output):
    position = 0
    for segment in segments:
        found = output.find(plain(segment), position)
        if found < 0:
            rows = [row for row in segment.splitlines() if row.strip()]
            missing = next((row for row in rows if plain(row) not in output), rows[0] if rows else "")
            mistakes.append(f"{place}: {command}\n  doesn't print: {missing.strip()}")
            return
        position = found + len(plain(segment))


def check_session(page, line, block, folder):
    # As a shell reads it, a backslash joins what it stands between.
    command, *shown = block.replace("\\\n", "").splitlines()
    done = run(shlex.split(command)[2:], folder)
    if not any(row.strip() for row in shown) or done.returncode != 0 and not any("Error:" in row for row in shown):
        mistakes.append(f"{page}:{line}: {command}\n  shows nothing, or ends with {done.returncode}: {done.stderr.strip()}")
        return
    check_shown(f"{page}:{line}", command, "\n".join(shown).split("…"), plain(done.stdout + done.stderr))


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
                while (end < len(lines) and (not lines[end].strip() or lines[end].startswith(" " * indent))
                       and not lines[end].lstrip().startswith("$ rapport ")):
                    end += 1
                check_session(page, i + 1, textwrap.dedent("\n".join(lines[i:end])), folder)
                i = end - 1
            elif line.startswith("    ") and "───" in line:
                mistakes.append(f"{page}:{i + 1}: a table that no command above it prints, so that nothing checks it")
            i += 1


def figure(ratio):
    # As texts tell a ratio: `Wording.ratio`.
    if ratio > 20:
        return "more than 20"
    return "less than 0.05" if ratio < 0.05 else f"{ratio:.{1 if ratio >= 9.95 else 2}f}"


def finding(favouritism, manager, partner):
    return next(pair for pair in favouritism["pairs"] if (pair["manager"], pair["partner"]) == (manager, partner))


def told(page, pattern, *figures):
    """Compares what a pattern's groups hold in a page with figures."""
    text = plain((root / page).read_text())
    found = re.search(pattern, text)
    shown = list(found.groups()) if found else f"nothing like {pattern}"
    if shown != list(figures):
        mistakes.append(f"{page}: tells {shown}\n  but rapport: {list(figures)}")


check("FromExportToReport.md")
check("Fitting.md")

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

demo = re.search(r"^What `make demo` prints.*?^```\n(.*?)^```", (root / "README.md").read_text(), re.M | re.S)[1]
settings = ["--config", sample / "rapport.toml"]
printed = plain(run(["score", sample / "events.csv", *settings], root).stdout)
check_shown("README.md", "make demo", re.split(r"\n\n|\n(?=• )|…", demo), printed)

truth = json.loads((sample / "truth.json").read_text())


def true_ratio(manager, partner):
    return figure(next(p["choiceRatio"] for p in truth["pairs"] if (p["manager"], p["partner"]) == (manager, partner)))


signals = [pair for pair in found["favouritism"]["pairs"] if pair["verdict"] == "signal"]
told("Datasets/README.md", r"M17's requests are picked (\S+) times as readily by the estimate and (\S+) times in truth\. By queue "
     r"choices (\d+) pairs are signals", figure(finding(found["favouritism"], "M17", "P01")["ratio"]), true_ratio("M17", "P01"),
     str(len(signals)))

# What becomes of one answer in M17's scores.
scored = document(["score", sample / "events.csv", *settings])
answerer = next(manager for manager in scored["managers"] if manager["id"] == "M17")


def whole(value):
    return f"{value:.0f}"


def points(score):
    return f"{whole(score['value'])} ({whole(score['low'])}–{whole(score['high'])})"


target, wait, ratio = (answerer["indicators"][name] for name in ("answeredWithinTarget", "typicalWait", "adjustedResponseRatio"))
parts = {part["indicator"]: part["points"] for part in answerer["attribution"]["contributions"]}
told("docs/Rapport.docc/Architecture.md",
     r"\| answered within target \| (\d+) of (\d+) \| (\d+) % \| (\d+) \| "
     r"\| typical wait \| median (\S+) working hours of (\d+) requests \| (\S+) h \| (\d+) \| "
     r"\| adjusted response time \| (\d+) requests \| (\d+) % (\w+) \| (\d+) \|",
     whole(target["evidence"]["withinTarget"]), whole(target["evidence"]["targetsPassed"]), whole(100 * target["value"]),
     whole(target["points"]["value"]), f"{wait['evidence']['median'] / 3600:.1f}", whole(wait["evidence"]["requests"]),
     f"{wait['value'] / 3600:.1f}", whole(wait["points"]["value"]), whole(ratio["evidence"]["requests"]),
     whole(100 * abs(1 - ratio["value"])), "shorter" if ratio["value"] < 1 else "longer", whole(ratio["points"]["value"]))
told("docs/Rapport.docc/Architecture.md",
     r"\*responsiveness\*, (\d+ \S+), and health, (\d+ \S+)\. The three add (\S+), (\S+) and (\S+) points to it \S+, and M17 stands at "
     r"rank (\S+) of (\d+)", points(answerer["domains"]["responsiveness"]), points(answerer["health"]),
     *(f"{parts[name]:+.1f}" for name in ("answeredWithinTarget", "typicalWait", "adjustedResponseRatio")),
     f"{answerer['rank']['expected']:.1f}", str(len(scored["ranking"]["order"])))

# What README.md says of the validity study, whose tables are renewed by hand.
study = (pages / "Validity.md").read_text()


def study_rows(heading):
    part = re.search(rf"^### {heading}\n(.*?)(?=^### |\Z)", study, re.M | re.S)[1]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("| ")]


def hundredths(shares):
    return [whole(100 * float(share)) for share in shares]


usual = study_rows("What usual comparisons say of the same data")
means = ([row[3] for row in usual if row[1] == "difference of means (Welch)"]
         + [row[2].split()[0] for row in usual if row[0].isdigit()])
curve = {row[0]: re.findall(r"\((\S+)\)", " ".join(row)) for row in study_rows("How much data it takes") if row[0].isdigit()}
choices = [row[6] for row in study_rows("Somebody is favoured") if "×" in row[0]] + curve["100"]
told("README.md",
     r"wrong in (\d+) to (\d+) of 100 pairs that it flags; the queue choices in (\d+) to (\d+) of 100 \(at about 100 requests a pair; up "
     r"to (\d+) with 25 or 50\), and where nobody is favoured fewer than 1 of 100 organisations \((\S+) of (\S+)\) had any finding",
     *hundredths([min(means, key=float), max(means, key=float), min(choices, key=float), max(choices, key=float),
                  max(curve["25"] + curve["50"], key=float)]),
     *re.search(r"(\S+) of (\S+) in all, \S+ in 100", plain(study)).groups())

# What an export leaves out: the same requests once as its rows, once as an event log with its reassignments.
with tempfile.TemporaryDirectory() as folder:
    os.symlink(root / "Datasets", pathlib.Path(folder) / "Datasets")
    tutorial = (pages / "FromExportToReport.md").read_text()
    for language, code in re.findall(r"^```(python|toml)\n(.*?)^```", tutorial, re.M | re.S):
        if language == "toml":
            (pathlib.Path(folder) / "rapport.toml").write_text(code)
        else:
            subprocess.run([sys.executable, "-c", code], cwd=folder, check=True)
    log = pathlib.Path(folder) / "requests.csv"
    with open(sample / "events.csv") as source, open(log, "w", newline="") as file:
        rows = csv.DictReader(source)
        table = csv.DictWriter(file, rows.fieldnames)
        table.writeheader()
        table.writerows(row for row in rows if row["kind"] in ("request", "response", "resolution", "withdraw", "reassign"))
    export = document(["favouritism", pathlib.Path(folder) / "incidents.csv", "--config", pathlib.Path(folder) / "rapport.toml"])
    events = document(["favouritism", log, *settings])
for manager, partner in [("M08", "P04"), ("M02", "P03")]:
    def cell(document):
        pair = finding(document["favouritism"], manager, partner)
        low, high = figure(pair["low"]), figure(pair["high"])
        return f"{figure(pair['ratio'])}× ({low}{'–' if low[0].isdigit() and high[0].isdigit() else ' to '}{high})"

    told("docs/Rapport.docc/FromExportToReport.md",
         rf"\| {partner} picks {manager}'s requests [^|]*\| ([^,|]*), insufficient evidence \| ([^,|]*), insufficient evidence \| ([^|]*)× \|",
         cell(export), cell(events), true_ratio(manager, partner))

sections = (pages / "CaseSystems.md").read_text().split("\n### ")
for profile in document(["profiles"])["profiles"]:
    uses = re.compile(rf"(--profile|rapport profiles) {profile['name']}\b")
    section = next((part for part in sections[1:] if uses.search(part)), "")
    rows = [line.split("|") for line in section.splitlines() if line.startswith("| `")]
    for column, names in profile["columns"].items():
        shown = [name for row in rows if f"`{column}`" in row[1] for name in re.split(r"`?, ?`?|`| or ", row[2].strip())]
        # Categories are told by one name each.
        missing = [name for name in names if name not in shown] if column not in ("topic", "priority", "channel") else []
        if missing:
            mistakes.append(f"CaseSystems.md: the row for {column} of {profile['name']} doesn't name {', '.join(missing)}")

if mistakes:
    sys.exit("\n".join(mistakes) + "\nPages show what rapport no longer prints; renew them, and the sentences around.")
print(f"Pages checked against {tool.name}: FromExportToReport.md, Fitting.md, Architecture.md, CaseSystems.md, README.md, Datasets/README.md")
