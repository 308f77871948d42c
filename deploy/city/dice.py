# SPDX-License-Identifier: Apache-2.0
"""Chance that is the same everywhere.

Python promises that random.random() of one seed never changes between versions, but not that choice(), shuffle() or
randrange() do not; so everything here is made of random.random() alone.
"""

import datetime
import hashlib
import random


class Dice:
    """A stream of chance of its own for each `label`: more data of one department does not change another's."""

    def __init__(self, seed, label):
        digest = hashlib.sha256(f"{seed}/{label}".encode()).digest()
        self.random = random.Random(int.from_bytes(digest[:16], "big")).random

    def below(self, count):
        """0 .. count-1"""
        return int(self.random() * count)

    def between(self, low, high):
        """low .. high, both possible"""
        return low + int(self.random() * (high - low + 1))

    def chance(self, probability):
        return self.random() < probability

    def pick(self, items):
        return items[int(self.random() * len(items))]

    def weighted(self, pairs):
        """One item of [(item, weight), ...]"""
        point = self.random() * sum(weight for _, weight in pairs)
        for item, weight in pairs:
            point -= weight
            if point < 0:
                return item
        return pairs[-1][0]

    def shuffled(self, items):
        keyed = [(self.random(), index, item) for index, item in enumerate(items)]
        return [item for _, _, item in sorted(keyed, key=lambda entry: entry[:2])]

    def day(self, first, last):
        """A day from `first` to `last`; `first` when the span is empty."""
        span = (last - first).days
        return first + datetime.timedelta(days=self.below(span + 1)) if span > 0 else first
