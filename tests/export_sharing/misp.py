"""Reads events with MISP's library, checks each object against the template, and prints its name and family."""

import json
import sys
import uuid

from pymisp import MISPEvent, MISPObject

for path in sys.argv[1:]:
    event = MISPEvent()
    event.load_file(path)
    written = json.load(open(path, encoding="utf-8"))["Event"]
    assert written["uuid"] == event.uuid
    identifiers = [event.uuid]
    kinds = event.describe_types["category_type_mappings"]
    assert not event.published or int(written["publish_timestamp"]) > 0
    assert [tag.name for tag in event.tags][0].startswith("tlp:")
    for attribute in event.attributes:
        identifiers.append(attribute.uuid)
        assert attribute.type in kinds[attribute.category], attribute
    for item in event.objects:
        template = MISPObject("dga-domain", strict=True)
        assert (item.name, item.template_uuid) == ("dga-domain", template.template_uuid), item
        assert int(item.template_version) == int(template.template_version), item.template_version
        assert getattr(item, "meta-category") == getattr(template, "meta-category")
        assert item.description == template.description
        identifiers.append(item.uuid)
        for attribute in item.attributes:
            identifiers.append(attribute.uuid)
            # Refuses relations that the template does not have.
            made = template.add_attribute(attribute.object_relation, value=attribute.value)
            assert made.type == attribute.type, attribute
            assert attribute.type in kinds[attribute.category], attribute
            assert attribute.to_ids == (attribute.object_relation == "domain"), attribute
        # Refuses what is missing and what stands there twice.
        template.to_dict(strict=True)
        (domain,) = item.get_attributes_by_relation("domain")
        family = item.get_attributes_by_relation("malware-family")
        start = item.get_attributes_by_relation("validity-start")
        end = item.get_attributes_by_relation("validity-end")
        assert not start or not end or start[0].value < end[0].value, item
        print(domain.value, family[0].value if family else "-")
    assert len(set(identifiers)) == len(identifiers), "an identifier stands there twice"
    assert all(uuid.UUID(one).version == 5 for one in identifiers)
    # What the library itself would write for a feed says the same.
    made = json.loads(json.dumps(event.to_feed(), default=str))["Event"]
    for key in ["uuid", "info", "date", "threat_level_id", "analysis", "timestamp", "published"]:
        assert str(made[key]) == str(written[key]), (key, made[key], written[key])
    assert made["Orgc"] == written["Orgc"]
    for mine, other in zip(written.get("Object", []), made.get("Object", []), strict=True):
        for key in ["uuid", "name", "template_uuid", "template_version", "timestamp"]:
            assert str(mine[key]) == str(other[key]), key
        for one, another in zip(mine["Attribute"], other["Attribute"], strict=True):
            for key in ["uuid", "type", "object_relation", "category", "value", "to_ids", "disable_correlation"]:
                assert str(one[key]) == str(another[key]), (key, one[key], another[key])
