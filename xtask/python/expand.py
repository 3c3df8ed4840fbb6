"""Expands the SAM template to CloudFormation, as a deployment does, and prints it as JSON.

A typo in a reference shows only there: linters accept it in the raw form.
"""

import json
import os
import sys

os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")

from samtranslator.parser.parser import Parser  # noqa: E402
from samtranslator.translator.translator import Translator  # noqa: E402
from samtranslator.yaml_helper import yaml_parse  # noqa: E402

with open(sys.argv[1], encoding="utf-8") as file:
    template = yaml_parse(file.read())
parameters = {
    name: parameter.get("Default", parameter.get("AllowedValues", [""])[0])
    for name, parameter in template["Parameters"].items()
}
# Where packaging would have put the code.
for resource in template["Resources"].values():
    if "CodeUri" in resource.get("Properties", {}):
        resource["Properties"]["CodeUri"] = "s3://bucket/key"
expanded = Translator({}, Parser()).translate(template, parameters)
json.dump(expanded, sys.stdout, indent=1)
