# SPDX-License-Identifier: Apache-2.0
"""Money is integer fen; only the files say yuan."""


def yuan(fen):
    """12345 -> "123.45" """
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def instalment(amount, basis_points, months):
    """The equal monthly instalment in fen of a loan at `basis_points` a year (等额本息)."""
    rate = basis_points / 10000 / 12
    return round(amount * rate / (1 - (1 + rate) ** -months))
