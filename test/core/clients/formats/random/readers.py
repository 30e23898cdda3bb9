"""Reads pairs of files with the readers of another language, and tells what differs outside the entries.

From stdin: a line of JSON each, {"format", "before", "after", "paths"}. To stdout, for each: {"problem": text or null,
"entries": [...]} with the entries as they are in "after". "problem" is null where the file before cannot be read here either.
"""

import json
import sys
import tomllib

try:
    import yaml
except ImportError:
    yaml = None


class Loader(getattr(yaml, "CSafeLoader", None) or getattr(yaml, "SafeLoader", object)):
    pass


def read(form, text):
    if form == "toml":
        return tomllib.loads(text.lstrip("\ufeff"))
    return yaml.load(text, Loader)


def take(form, data, paths):
    entries = []
    for top, name in paths:
        inside = data[top]
        if form == "yamlList":
            at = max(i for i, item in enumerate(inside) if item and item.get("name") == name)
            entries.append(inside[at])
            inside[at] = None
        else:
            entries.append(inside[name])
            inside[name] = None
    return entries


for line in sys.stdin:
    case = json.loads(line)
    form, paths = case["format"], case["paths"]
    answer = {"problem": None, "entries": []}
    if form != "toml" and yaml is None:
        answer = {"problem": None, "entries": None}
    else:
        try:
            before = read(form, case["before"])
            take(form, before, paths)
        except Exception as error:
            before = None
            answer["unread"] = f"{type(error).__name__}: {error}"
        if before is None:
            answer["entries"] = None
        else:
            try:
                after = read(form, case["after"])
                answer["entries"] = take(form, after, paths)
                if repr(before) != repr(after):
                    answer["problem"] = "something outside the entries has another meaning"
            except Exception as error:
                answer["problem"] = f"{type(error).__name__}: {error}"
    print(json.dumps(answer, default=str))
