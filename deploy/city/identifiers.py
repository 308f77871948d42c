# SPDX-License-Identifier: Apache-2.0
"""Citizen numbers (GB 11643-1999) and unified social credit codes (GB 32100-2015, GB 11714-1997).

Written from the standards, independently of the C library: tests/scenarios/city checks one against the other. Synthetic
numbers are recognisable: citizen numbers have a sequence of 900-999, organisation codes start with MA9X, MB9X or MJE9.
"""

CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CITIZEN_CHECKS = "10X98765432"

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # 31 characters: no I, O, S, V, Z
CREDIT_VALUES = {letter: value for value, letter in enumerate(CREDIT_ALPHABET)}
CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)

ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def citizen_check(body):
    """ISO 7064 MOD 11-2 over 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(body, CITIZEN_WEIGHTS))
    return CITIZEN_CHECKS[total % 11]


def organisation_check(body):
    """GB 11714 over 8 characters, letters as 10..35."""
    total = sum(int(letter, 36) * weight for letter, weight in zip(body, ORGANISATION_WEIGHTS))
    return "0X987654321"[total % 11]


def credit_check(body):
    """GB 32100 over 17 characters."""
    total = sum(CREDIT_VALUES[letter] * weight for letter, weight in zip(body, CREDIT_WEIGHTS))
    return CREDIT_ALPHABET[(31 - total % 31) % 31]


class CitizenNumbers:
    """Hands out each number once."""

    def __init__(self):
        self.taken = {}

    def next(self, region, birth, female):
        """None when the 50 synthetic sequences of that region, day and sex are used up."""
        key = (region, birth, female)
        used = self.taken.get(key, 0)
        if used >= 50:
            return None
        self.taken[key] = used + 1
        # From 998/999 downwards: an even last digit is a woman's, an odd one a man's.
        sequence = (998 if female else 999) - 2 * used
        body = f"{region}{birth:%Y%m%d}{sequence:03d}"
        return body + citizen_check(body)


class CreditCodes:
    """Hands out each code once. `kind` is the first two characters: 91 enterprise, 92 individual business,
    12 public institution, 52 private non-enterprise unit."""

    PREFIX = {"91": "MA9X", "92": "MA9X", "12": "MB9X", "52": "MJE9"}
    FIRST = 31 ** 3  # serials below are left to the examples in the documentation

    def __init__(self):
        self.serial = self.FIRST

    def next(self, kind, region):
        serial, text = self.serial, ""
        self.serial += 1
        for _ in range(4):
            serial, digit = divmod(serial, 31)
            text = CREDIT_ALPHABET[digit] + text
        code = self.PREFIX[kind] + text
        inner = organisation_check(code)
        body = kind + region + code + inner
        return body + credit_check(body)
