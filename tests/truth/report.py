"""What the campaign says in the end."""
from events import CLASSES


def share(part, whole):
    return f"{100 * part / whole:5.1f} %" if whole else "    –  "


def print_report(campaign):
    oracle, naive = campaign.oracle, campaign.naive
    print(f"\n{'class':<12} {'events':>6} {'share':>8} {'truths':>7} {'told':>6} {'recall':>8} {'precision':>10}   naive: right at")
    total = sum(campaign.counts[cls] for cls in CLASSES)
    for cls in [*CLASSES, "added"]:
        counts = oracle.by_class[cls]
        told_things = counts["right"] + counts["wrong"]
        part = share(campaign.counts[cls], total) if cls in CLASSES else ""
        print(f"{cls:<12} {campaign.counts[cls]:>6} {part:>8} {counts['truths']:>7} {counts['told']:>6}"
              f"  {share(counts['truths'] - counts['missed'], counts['truths'])}   {share(counts['right'], told_things)}"
              f"   {share(counts['naive_right'], counts['naive'])}")
    noise = ", ".join(f"{name} {count}" for name, count in campaign.events.noise_counts.items())
    print(f"noise: {noise}")
    truths = sum(counts["truths"] for counts in oracle.by_class.values())
    things = oracle.told_right + oracle.told_wrong
    print(f"\ndriftkeeper: recall {share(truths - oracle.missed, truths).strip()} ({truths - oracle.missed} of {truths}), "
          f"precision {share(oracle.told_right, things).strip()} ({oracle.told_right} of {things}), told twice {oracle.told_twice}, "
          f"never resolved {oracle.never_resolved}, {oracle.repeats} repeats after {campaign.daemon.kills} kills")
    alarms = naive.true_alarms + naive.false_alarms
    print(f"naive plan:  recall {share(naive.true_alarms, naive.true_alarms + naive.missed).strip()} "
          f"({naive.true_alarms} of {naive.true_alarms + naive.missed} looks at stacks with a divergence), "
          f"precision {share(naive.true_alarms, alarms).strip()} ({naive.true_alarms} of {alarms} alarms), told again {naive.again}")


def print_failures(campaign, repeat, kept):
    failures = campaign.oracle.failures
    if not failures:
        return
    print(f"\n{len(failures)} failures; the first ones:")
    for text in failures[:15]:
        print("  * " + text)
    print(f"\nTo repeat it: {repeat}")
    if kept:
        print(f"Kept: {kept} (driftkeeper.yaml, daemon.log, state/driftkeeper.db, git/, live/, states/, notices.jsonl)")
