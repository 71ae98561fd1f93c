"""Banjori, seed earnestnessbiophysicalohax.com: each name is made from the one before. No date is used."""

import measure


def names(_day):
    domain = "earnestnessbiophysicalohax.com"
    while True:
        yield domain
        letters = [ord(letter) for letter in domain]
        letters[0] = ord("a") + (letters[0] + letters[3] - ord("a")) % 26
        letters[1] = ord("a") + (letters[0] + 2 * letters[1] - ord("a")) % 26
        letters[2] = ord("a") + (letters[0] + letters[2] - ord("b")) % 26
        letters[3] = ord("a") + (letters[1] + letters[2] + letters[3] - ord("a")) % 26
        domain = "".join(chr(letter) for letter in letters)


if __name__ == "__main__":
    measure.main(names)
