"""newGOZ, key 0x35190501: MD5 of an index and the date, written in base 36."""

import hashlib
import struct

import measure

KEY = 0x35190501
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def base36(number):
    text = ""
    while True:
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
        if number == 0:
            return text


def names(day):
    index = 0
    while True:
        message = struct.pack("<IHIHIHI", index, day.year, KEY, day.month, KEY, day.day, KEY)
        words = struct.unpack("<4I", hashlib.md5(message).digest())
        if index % 4 == 0:
            tld = ".com"
        elif index % 3 == 0:
            tld = ".org"
        elif index % 2 == 0:
            tld = ".biz"
        else:
            tld = ".net"
        yield "".join(base36(word) for word in words) + tld
        index += 1


if __name__ == "__main__":
    measure.main(names)
