"""The command line of every peer.

    PEER.py print DATE COUNT            the first COUNT names of that day's list, one a line
    PEER.py time DATE COUNT REPEATS     nanoseconds of the processor's time that making these names
                                        takes, so many times over
"""

import datetime
import itertools
import sys
import time


def main(names):
    day, count = datetime.date.fromisoformat(sys.argv[2]), int(sys.argv[3])
    if sys.argv[1] == "print":
        for name in itertools.islice(names(day), count):
            print(name)
        return
    begin = time.process_time_ns()
    for _ in range(int(sys.argv[4])):
        for _ in itertools.islice(names(day), count):
            pass
    print(time.process_time_ns() - begin)
