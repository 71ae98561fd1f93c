"""Necurs, magic 9: every letter comes from a number that is mixed 21 to 148 times over."""

import measure

MAGIC = 9
MASK = 0xFFFFFFFFFFFFFFFF
TLDS = (
    "tj in jp tw ac cm la mn so sh sc nu nf mu ms mx ki im cx cc tv bz me eu de ru co su pw kz sx us ug ir to ga com "
    "net org biz xxx pro bit"
).split()


def mix(number):
    number &= MASK
    for turn in range((number & 127) + 21):
        number = number + ((7 * number & MASK) ^ (number << 15 & MASK)) + 8 * turn - (number >> 5) & MASK
    return number


def names(day):
    for sequence in range(2048):
        number = mix(day.year)
        number = mix(number + day.month + 43690)
        number = mix(number + day.day // 4)
        number = mix(number + sequence)
        number = mix(number + MAGIC)
        label = ""
        for place in range(number % 15 + 7):
            number = mix(number + place)
            label += chr(ord("a") + number % 25)
            number = mix(number + 0xABBEDF)
        yield label + "." + TLDS[number % 43]


if __name__ == "__main__":
    measure.main(names)
