"""Medians of whole jobs beside their peers: a line of JSON each, and the page that shows them.

    results.py page RESULTS.jsonl MACHINE.txt PAGE.md PLOT.svg

writes the tables between the page's marks and the plot beside it. A result has `job` (a letter), `work` (what was done), `tool`,
`wall` and `cpu` (seconds), `runs`, `difference` (between what both found), and `megabytes` (peak memory) where that was measured.
"""
import json
import sys

JOBS = {
    "a": "Reading a CSV into cells per manager, partner, topic and priority",
    "b": "The same from NDJSON and packed files",
    "c": "Timing model",
    "d": "Queue choices and Cox's model",
    "e": "Factor analysis",
}
BEGIN, END = "<!-- figures: written by make bench -->", "<!-- end of figures -->"


def append(path, **result):
    with open(path, "a") as file:
        file.write(json.dumps(result) + "\n")


def pairs(results):
    """Rapport's result and a peer's, for each work and peer, in the order of the jobs."""
    own = {(result["job"], result["work"]): result for result in results if result["tool"] == "Rapport"}
    for job in JOBS:
        for result in results:
            if result["job"] == job and result["tool"] != "Rapport":
                yield job, own[job, result["work"]], result


def seconds(value):
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def times(value):
    return f"{value:.1f}×" if value < 10 else f"{value:.0f}×"


def tables(results):
    lines = []
    latest = None
    for job, own, peer in pairs(results):
        if job != latest:
            latest = job
            lines += ["", f"### ({job}) {JOBS[job]}", ""]
            lines.append("| work | runs | Rapport, CPU s | wall s | MB | peer | CPU s | wall s | MB | CPU | wall | memory |")
            lines.append("| --- | ---: | ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
        memory = [f"{one['megabytes']:.0f}" if "megabytes" in one else "–" for one in (own, peer)]
        ratios = [times(peer[key] / own[key]) if key in own and key in peer else "–" for key in ("cpu", "wall", "megabytes")]
        lines.append(
            f"| {own['work']} | {peer['runs']} | {seconds(own['cpu'])} | {seconds(own['wall'])} | {memory[0]} | {peer['tool']} "
            f"| {seconds(peer['cpu'])} | {seconds(peer['wall'])} | {memory[1]} | {' | '.join(ratios)} |")
    return lines


def plot(results, path):
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    # The same bytes for the same figures, and text as text.
    plt.rcParams.update({"svg.hashsalt": "rapport", "svg.fonttype": "none", "font.family": "sans-serif"})
    rows = list(pairs(results))
    figure, axes = plt.subplots(figsize=(9, 0.34 * len(rows) + 1.2))
    labels = [f"({job}) {own['work']}: {peer['tool']}" for job, own, peer in rows]
    ratios = [peer["cpu"] / own["cpu"] for _, own, peer in rows]
    # From 1, where both take the same, so that lengths are to be compared.
    axes.barh(range(len(rows)), [ratio - 1 for ratio in ratios], left=1, color="#3b6ea5", height=0.6)
    for place, ratio in enumerate(ratios):
        axes.text(max(ratio, 1) * 1.05, place, times(ratio), va="center", fontsize=8)
    axes.set_yticks(range(len(rows)), labels, fontsize=8)
    axes.set_xscale("log")
    axes.set_xlim(0.5, max(ratios) * 3)
    axes.axvline(1, color="black", linewidth=0.8)
    axes.invert_yaxis()
    axes.set_xticks([1, 10, 100], ["1×", "10×", "100×"])
    axes.set_xlabel("CPU seconds of the peer, in those of Rapport")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.savefig(path, bbox_inches="tight", metadata={"Date": None})


def main():
    _, results_path, machine_path, page_path, plot_path = sys.argv[1:]
    with open(results_path) as file:
        results = [json.loads(line) for line in file]
    with open(machine_path) as file:
        machine = file.read().strip()
    with open(page_path) as file:
        page = file.read()
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    figures = "\n".join([machine, *tables(results)])
    with open(page_path, "w") as file:
        file.write(f"{before}{BEGIN}\n\n{figures}\n\n{END}{after}")
    plot(results, plot_path)


if __name__ == "__main__":
    if len(sys.argv) != 6 or sys.argv[1] != "page":
        sys.exit(__doc__)
    main()
