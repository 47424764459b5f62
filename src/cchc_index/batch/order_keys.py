"""Exact numbers as bytes that stand in the order of the numbers, so that any database or cluster can sort by them.

A number is its whole part and then the continued fraction of the rest, [a₀; a₁, a₂, …], which ends for every fraction
and is one and the same for equal ones (the last part is never 1). Two numbers that first differ at place i are in the
order of their parts there where i is even, and in the opposite order where it is odd; one that has ended counts as
infinite there. (Hardy and Wright, An Introduction to the Theory of Numbers, chapter X.) Each part is written as the
number of its bytes and then the bytes; at odd places every bit is turned over. Shorter is less, as bytes are compared.
No bound on the size of the numbers is needed.
"""

from fractions import Fraction

END = b"\xff"
TURN = bytes(255 - byte for byte in range(256))
ZERO = 0x80
"""The first byte of a whole part from zero up is this and the count of its bytes; below zero, it is under this."""


def order_key(value: Fraction) -> bytes:
    """The key of a number: keys compare, byte by byte, as the numbers do. Parts have at most 126 bytes.

    >>> order_key(Fraction(1, 3)) < order_key(Fraction(1, 2)) < order_key(Fraction(1)) < order_key(Fraction(10, 9))
    True
    >>> order_key(Fraction(-5, 2)) < order_key(Fraction(-2)) < order_key(Fraction(0))
    True
    """
    top, bottom = value.numerator, value.denominator
    whole, rest = divmod(top, bottom)
    parts = [_whole(whole)]
    while rest:
        part, bottom, rest = bottom // rest, rest, bottom % rest
        written = _bytes(part)
        parts.append(written.translate(TURN) if len(parts) % 2 else written)
    return b"".join(parts) + (END.translate(TURN) if len(parts) % 2 else END)


def _bytes(number: int) -> bytes:
    length = (number.bit_length() + 7) // 8
    return bytes((length,)) + number.to_bytes(length, "big")


def _whole(number: int) -> bytes:
    written = _bytes(abs(number))
    if number >= 0:
        return bytes((ZERO + written[0],)) + written[1:]
    return bytes((ZERO - written[0],)) + written[1:].translate(TURN)
