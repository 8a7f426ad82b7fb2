"""Counts what held and what did not."""

import sys


class Checks:
    """The outcome of one script: prints a line a check and exits with 1 when one failed."""

    def __init__(self, subject):
        self.subject = subject
        self.passed = 0
        self.failed = 0

    def __call__(self, sentence, holds, detail=""):
        if holds:
            self.passed += 1
            print(f"  ok    {sentence}", flush=True)
        else:
            self.failed += 1
            shown = str(detail)
            print(f"  FAIL  {sentence}: {shown[:1500]}", flush=True)
        return bool(holds)

    def equal(self, sentence, found, expected):
        return self(sentence, found == expected, f"found {found!r}, expected {expected!r}")

    def finish(self):
        print(f"{self.subject}: {self.passed} passed, {self.failed} failed", flush=True)
        sys.exit(1 if self.failed or not self.passed else 0)
