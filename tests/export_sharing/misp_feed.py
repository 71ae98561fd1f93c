"""Reads a feed as a MISP server does: the manifest, every event in it, and the hashes."""

import csv
import hashlib
import json
import os
import sys

from pymisp import MISPEvent

folder = sys.argv[1]
manifest = json.load(open(os.path.join(folder, "manifest.json"), encoding="utf-8"))
files = set(os.listdir(folder)) - {"manifest.json", "hashes.csv"}
assert files == {f"{identifier}.json" for identifier in manifest}, (files, manifest.keys())
hashes = {identifier: [] for identifier in manifest}
for line in csv.reader(open(os.path.join(folder, "hashes.csv"), encoding="utf-8")):
    digest, identifier = line
    hashes[identifier].append(digest)
for identifier, summary in manifest.items():
    path = os.path.join(folder, f"{identifier}.json")
    event = MISPEvent()
    event.load_file(path)
    written = json.load(open(path, encoding="utf-8"))["Event"]
    assert event.uuid == identifier
    (made,) = event.manifest.values()
    for key in ["info", "date", "analysis", "threat_level_id", "timestamp"]:
        assert str(made[key]) == str(summary[key]), (key, made[key], summary[key])
    assert made["Orgc"] == summary["Orgc"]
    assert [tag["name"] for tag in made["Tag"]] == [tag["name"] for tag in summary["Tag"]]
    attributes = written["Attribute"] + [one for item in written["Object"] for one in item["Attribute"]]
    expected = {hashlib.md5(one["value"].encode()).hexdigest() for one in attributes}
    assert len(set(hashes[identifier])) == len(hashes[identifier]), "a hash stands there twice"
    assert set(hashes[identifier]) == expected, identifier
    # The library hashes dates as Python prints them; for all else it must agree.
    values = [one for one in event.attributes] + [one for item in event.objects for one in item.attributes]
    made = {digest for one in values if one.type != "datetime" for digest in one.hash_values("md5")}
    assert made <= expected, identifier
    print(identifier, len(event.objects))
