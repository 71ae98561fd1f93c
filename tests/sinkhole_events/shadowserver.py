"""Reads a folder of reports with IntelMQ's own parser for Shadowserver's, and prints the events that it makes as JSON."""

import csv
import json
import logging
import sys
from importlib.resources import files
from pathlib import Path

from intelmq.bots.parsers.shadowserver import _config
from intelmq.bots.parsers.shadowserver.parser import ShadowserverParserBot
from intelmq.lib import message, utils

# Read once: without it every event reads the file.
harmonization = utils.load_configuration(str(files("intelmq") / "etc/harmonization.conf"))
samples = files("intelmq") / "tests/bots/parsers/shadowserver/testdata"


class Warned(logging.Handler):
    """Any warning of the parser is a failure."""

    def emit(self, record):
        raise AssertionError(record.getMessage())


class Parser(ShadowserverParserBot):
    """The parser without a pipeline around it."""

    def __init__(self):
        self.logger = logging.Logger("parser", logging.WARNING)
        self.logger.addHandler(Warned())
        self._mode = "detect"

    def __del__(self):
        pass

    def new_event(self, report):
        return message.Event(report, harmonization=harmonization)


for path in sorted(Path(sys.argv[1]).iterdir()):
    if not _config.get_feed_by_filename(path.stem):
        print(json.dumps({"no report": path.stem}))
        continue
    sample = samples / path.name
    if sample.is_file():
        columns = {column for line in csv.reader([sample.read_text().splitlines()[0]]) for column in line}
        own = next(csv.reader([path.read_text().splitlines()[0]]))
        assert columns <= set(own), columns - set(own)
    report = message.Report(harmonization=harmonization)
    report.add("extra.file_name", f"2026-11-22-{path.name}")
    report.add("raw", path.read_bytes())
    parser = Parser()
    for row in parser.parse(report):
        assert None not in row and None not in row.values(), row
        for event in parser.parse_line(row, report):
            del event["raw"]
            print(event.to_json(hierarchical=False))
