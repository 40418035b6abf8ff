"""Validates against the official OSCAL schema, whose patterns need a regular expression engine that knows Unicode's categories."""
import functools
import json
import pathlib

import jsonschema
import regex

SCHEMA = pathlib.Path(__file__).parents[1] / "vectors/oscal/oscal_complete_schema.json"


def _pattern(validator, pattern, instance, schema):
    if isinstance(instance, str) and not regex.search(pattern, instance):
        yield jsonschema.ValidationError(f"{instance[:80]!r} does not match {pattern[:80]!r}")


@functools.cache
def validator():
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    # By the name of the draft the library would go back to its own validator, without our patterns.
    del schema["$schema"]
    return jsonschema.validators.extend(jsonschema.Draft7Validator, {"pattern": _pattern})(schema)


def check(document):
    """The whole document, by the model that it says it is; the first mistake with its place."""
    (model, content), = document.items()
    schema = next(s for s in validator().schema["oneOf"] if model in s["properties"])
    for error in validator().evolve(schema={**validator().schema, "oneOf": [schema]}).iter_errors(document):
        # What any of several branches asks for says little: the deepest mistake is the one to mend.
        deepest = max([error, *(error.context or [])], key=lambda e: len(e.absolute_path))
        raise AssertionError(f"/{'/'.join(map(str, deepest.absolute_path))}: {deepest.message[:300]}")
    return content
