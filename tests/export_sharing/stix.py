"""Reads a bundle with OASIS' library and prints what it understood: one indicator a line."""

import sys

import stix2
from stix2patterns.v21.pattern import Pattern

bundle = stix2.parse(open(sys.argv[1], encoding="utf-8"), version="2.1")
by_id = {item.id: item for item in bundle.objects}
assert len(by_id) == len(bundle.objects), "an identifier stands there twice"
malware = {
    link.source_ref: by_id[link.target_ref]
    for link in bundle.objects
    if link.type == "relationship" and link.relationship_type == "indicates"
}
marking = next(item for item in bundle.objects if item.type == "marking-definition")
(extension,) = marking.extensions.values()
for item in bundle.objects:
    if item.type != "marking-definition":
        assert item.object_marking_refs == [marking.id], item.id
        assert by_id[item.created_by_ref].type == "identity", item.id
    if item.type == "malware":
        beacons = [link for link in bundle.objects if link.get("source_ref") == item.id]
        assert [by_id[link.target_ref].type for link in beacons] == ["infrastructure"], beacons
    if item.type != "indicator":
        continue
    comparisons = Pattern(item.pattern).inspect().comparisons
    ((path, operator, value),) = comparisons["domain-name"]
    assert (path, operator) == (["value"], "="), item.pattern
    until = item.get("valid_until")
    assert until is None or until > item.valid_from
    family = malware[item.id]
    print(value.strip("'"), family.name, until.isoformat() if until else "-", extension["tlp_2_0"], family.is_family)
