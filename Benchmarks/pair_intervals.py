#!/usr/bin/env python3
"""How often the intervals of pairs' ratios hold the truth in small organisations (docs: Validity.md, "Everybody differs").

    Benchmarks/pair_intervals.py [--tool .build/release/rapport] [--seeds 24] [--first 101]

Simulates organisations like Datasets/sample (30 managers, 6 partners, a year) in which nobody differs, everybody differs somewhat, and
everybody differs much; runs `rapport favouritism` on each, and compares intervals with the ratios planted in truth.json: those that
are shown, and the plain ones before shrinkage. Judged pairs have the 20 requests in queues with others' that a verdict needs.
"""
import argparse, json, pathlib, subprocess, tempfile

root = pathlib.Path(__file__).resolve().parent.parent
parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--tool", default=root / ".build/release/rapport", type=pathlib.Path)
parser.add_argument("--seeds", default=24, type=int)
parser.add_argument("--first", default=101, type=int)
arguments = parser.parse_args()


def run(*words):
    return subprocess.run([arguments.tool.resolve(), *words, "--quiet"], check=True, capture_output=True, text=True).stdout


def organisation(folder, seed, spread):
    """The findings of one organisation's pairs, each with its true ratio."""
    lines = (root / "Datasets/sample.toml").read_text().splitlines()
    settings = [line for line in lines if "=" in line and line.split(" =")[0] not in ("seed", "dirtyShare")]
    settings += [f"seed = {seed}", f"traitSpread = {spread}"]
    if spread == 0:
        settings = [line for line in settings if not line.startswith("favoured")] + ["favouredShare = 0.0"]
    (folder / "settings.toml").write_text("\n".join(settings) + "\n")
    made = folder / "made"
    run("simulate", "--settings", folder / "settings.toml", "--output", made)
    found = json.loads(run("favouritism", made / "events.csv", "--config", made / "rapport.toml", "--format", "json"))
    truth = {(pair["manager"], pair["partner"]): pair["choiceRatio"]
             for pair in json.loads((made / "truth.json").read_text())["pairs"]}
    pairs = [pair for pair in found["favouritism"]["pairs"] if pair["method"] == "choice" and "sValue" in pair]
    return [(pair, truth[pair["manager"], pair["partner"]]) for pair in pairs]


def share(pairs):
    """How many of these pairs' intervals hold the truth: shown, plain."""
    if not pairs:
        return "– | –"
    shown = sum(pair["low"] <= true <= pair["high"] for pair, true in pairs)
    plain = sum(pair["estimate"]["low"] <= true <= pair["estimate"]["high"] for pair, true in pairs)
    return f"{shown / len(pairs):.3f} | {plain / len(pairs):.3f}"


print("| trait spread | judged pairs | shown | plain | signals | shown | plain | wrong side |")
print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
for spread in (0.0, 0.5, 1.0):
    judged = []
    for seed in range(arguments.first, arguments.first + arguments.seeds):
        with tempfile.TemporaryDirectory() as folder:
            judged += organisation(pathlib.Path(folder), seed, spread)
    signals = [(pair, true) for pair, true in judged if pair["verdict"] == "signal"]
    wrong = sum((pair["ratio"] > 1) != (true > 1) for pair, true in signals)
    print(f"| {spread} | {len(judged)} | {share(judged)} | {len(signals)} | {share(signals)} | {wrong} |", flush=True)
