"""Tinba, seed oGkS3w3sGGOGG7oc, domain ssrgwnrmgrxe.com: each label is made from the one before. No date is used."""

import measure

SEED = "oGkS3w3sGGOGG7oc"
DOMAIN = "ssrgwnrmgrxe.com"
TLDS = ["com"]
ROUNDS = 1000


def names(_day):
    domain = DOMAIN
    yield domain
    seed_sum = sum(ord(letter) for letter in SEED) & 0xFF
    for _ in range(ROUNDS):
        key, state = seed_sum, ord(SEED[15])
        label = ""
        for place in range(12):
            while True:
                state = (((state + ord(domain[place])) & 0xFF) ^ key) + ord(domain[place + 1]) & 0xFF
                if 0x61 < state < 0x7A:
                    label += chr(state)
                    break
                key = key + 1 & 0xFF
        for tld in TLDS:
            domain = label + "." + tld
            yield domain


if __name__ == "__main__":
    measure.main(names)
