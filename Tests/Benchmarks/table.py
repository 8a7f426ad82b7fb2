"""Plain tables, and what was to be reached."""


def number(value, unit=1):
    """A figure with three digits, or a dash where there is none."""
    if value is None:
        return "–"
    value /= unit
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}" if abs(value) >= 0.001 else "0"


def show(title, head, rows):
    """Prints rows below their head: the first column to the left, the others to the right."""
    widths = [max(len(str(row[column])) for row in [head, *rows]) for column in range(len(head))]
    print(f"\n{title}\n")
    for row in [head, ["-" * width for width in widths], *rows]:
        first, *others = [str(cell) for cell in row]
        print("  ".join([first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:]))]))
    print(flush=True)


class Targets:
    """Counts what was reached and what was not."""

    def __init__(self):
        self.met, self.missed = [], []

    def at_most(self, sentence, value, limit):
        return self.note(sentence, value is not None and value <= limit)

    def at_least(self, sentence, value, limit):
        return self.note(sentence, value is not None and value >= limit)

    def note(self, sentence, holds):
        """The word for a table."""
        (self.met if holds else self.missed).append(sentence)
        return "met" if holds else "NOT MET"

    def finish(self):
        """Prints the sum; true when nothing was missed."""
        if self.met or self.missed:
            print(f"Targets: {len(self.met)} met, {len(self.missed)} not met", flush=True)
        for sentence in self.missed:
            print(f"  not met: {sentence}", flush=True)
        return not self.missed
