"""Reads a feed with IntelMQ's own parser for Bambenek's feed, and as CSV; prints each name, malware and day."""

import csv
import sys
from importlib.resources import files

from intelmq.bots.parsers.bambenek.parser import BambenekParserBot
from intelmq.lib import message, utils

text = open(sys.argv[1], encoding="utf-8").read()
# Read once: without it every event reads the file.
harmonization = utils.load_configuration(str(files("intelmq") / "etc/harmonization.conf"))
report = message.Report(harmonization=harmonization)
report.add("feed.url", "https://osint.bambenekconsulting.com/feeds/dga-feed.txt")
report.add("raw", utils.base64_encode(text))


class Parser(BambenekParserBot):
    """The parser without a pipeline around it."""

    def __init__(self):
        self.tempdata = []

    def __del__(self):
        pass

    def new_event(self, report):
        return message.Event(report, harmonization=harmonization)


parser = Parser()
events = [event for line in text.splitlines() for event in parser.parse_line(line, report)]
rows = [row for row in csv.reader(text.splitlines()) if not row[0].startswith("#")]
assert len(rows) == len(events)
for event, row in zip(events, rows):
    assert len(row) == 4, row
    assert event["classification.type"] == "dga-domain"
    assert event["source.fqdn"] == row[0], row
    assert event["time.source"] == f"{row[2]}T00:00:00+00:00", row
    assert event["event_description.text"] == row[1]
    print(row[0], event.get("malware.name", "-"), row[2])
